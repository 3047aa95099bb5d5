package io.eniipamd.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudPageTest {

  private static final Path PAGE = Path.of("docs", "cloud.md");

  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Z]\\w+)` \\| (vpc|cvm) \\| (\\d*) ?\\| .+ \\|");

  @Test
  void shouldNameEveryCallWithItsLimitWhenARightIsAskedFor() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .map(ROW::matcher)
            .filter(row -> row.matches())
            .map(row -> String.join(" ", row.group(1), row.group(2), row.group(3)).strip())
            .toList();

    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(CloudAction.values()).map(CloudPageTest::row).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "io.eniipamd.cloud.EniOperations, create, CreateNetworkInterface",
    "io.eniipamd.cloud.EniOperations, attach, AttachNetworkInterface",
    "io.eniipamd.cloud.EniOperations, remove, DetachNetworkInterface",
    "io.eniipamd.cloud.EniOperations, remove, DeleteNetworkInterface",
    "io.eniipamd.cloud.EniOperations, setSecurityGroups, ModifyNetworkInterfaceAttribute",
    "io.eniipamd.cloud.EniOperations, assign, AssignPrivateIpAddresses",
    "io.eniipamd.cloud.EniOperations, unassign, UnassignPrivateIpAddresses",
    "io.eniipamd.cloud.EniOperations, migrate, MigratePrivateIpAddress",
    "io.eniipamd.cloud.VpcCloud, subnets, DescribeSubnets",
    "io.eniipamd.cloud.VpcCloud, networkInterfaces, DescribeNetworkInterfaces",
    "io.eniipamd.cloud.VpcCloud, usedAddresses, DescribeVpcPrivateIpAddresses",
    "io.eniipamd.cloud.VpcCloud, usedAddressesIn, DescribeUsedIpAddress",
    "io.eniipamd.cloud.VpcCloud, eniLimits, DescribeNetworkInterfaceLimit",
    "io.eniipamd.cloud.VpcCloud, instances, DescribeInstances",
    "io.eniipamd.cloud.VpcCloud, vpcLimits, DescribeVpcLimits"
  })
  void shouldAskForARightWhenSomebodyMakesTheCall(String port, String method, String call)
      throws IOException {
    // The rooms that decide; those of the cloud carry out what they are asked for.
    boolean made =
        new ClassFileImporter()
            .importPackages("io.eniipamd.kube", "io.eniipamd.app").stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .anyMatch(
                    access ->
                        access.getTargetOwner().getName().equals(port)
                            && access.getName().equals(method));

    assertThat(Files.readAllLines(PAGE))
        .filteredOn(line -> line.startsWith("| `" + call + "`"))
        .singleElement()
        .asString()
        .matches(line -> made != line.contains("not called yet"), "called: " + made);
  }

  private static String row(CloudAction action) {
    var limit = action.documentedPerSecond();
    return String.join(
            " ",
            action.apiName(),
            action.family().name().toLowerCase(Locale.ROOT),
            limit.isPresent() ? Integer.toString(limit.getAsInt()) : "")
        .strip();
  }
}
