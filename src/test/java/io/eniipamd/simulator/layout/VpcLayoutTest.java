package io.eniipamd.simulator.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.eniipamd.simulator.layout.VpcLayout.InstanceLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VpcLayoutTest {
  @TempDir Path directory;

  @Test
  void shouldFillInWhatIsLeftOutWhenAFileIsRead() throws IOException {
    // given
    Path file =
        Files.writeString(
            directory.resolve("vpc.yaml"),
            """
            region: ap-guangzhou
            vpcId: vpc-mine
            vpcName: mine
            cidr: 10.1.0.0/16
            subnets:
              - {id: subnet-a, name: pods-a, cidr: 10.1.0.0/24, zone: ap-guangzhou-3}
            """);

    // when
    VpcLayout layout = VpcLayout.read(file);

    // then
    assertThat(layout.subnets()).hasSize(1);
    assertThat(layout.instances()).isEmpty();
    assertThat(layout.enisPerVpc()).isEqualTo(1_000);
    assertThat(layout.latencies().attachMillis()).isPositive();
  }

  @Test
  void shouldBeRefusedWhenAFileHasAnUnknownKey() throws IOException {
    Path file = Files.writeString(directory.resolve("vpc.json"), "{\"colour\": \"green\"}");

    assertThatThrownBy(() -> VpcLayout.read(file))
        .isInstanceOf(UnrecognizedPropertyException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 6",
    "2, 4, 10",
    "4, 4, 10",
    "6, 4, 10",
    "8, 6, 20",
    "10, 6, 20",
    "12, 8, 30",
    "64, 8, 30"
  })
  void shouldFollowThePlatformsTableWhenAMachineHasSoManyCores(
      int cores, int enis, int addressesPerEni) {
    assertThat(InstanceLimit.ofCores(cores).enis()).isEqualTo(enis);
    assertThat(InstanceLimit.ofCores(cores).addressesPerEni()).isEqualTo(addressesPerEni);
  }
}
