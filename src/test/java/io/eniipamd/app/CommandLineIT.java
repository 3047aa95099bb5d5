package io.eniipamd.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who starts the packaged program with arguments that cannot be followed. */
class CommandLineIT {

  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final List<String> REQUIRED =
      List.of(
          "--cluster-id=cls-1",
          "--vpc-id=vpc-1",
          "--eni-subnets=subnet-1",
          "--cloud-region=ap-guangzhou");
  private static final Map<String, String> KEYS =
      Map.of("TENCENTCLOUD_SECRET_ID", "test-id", "TENCENTCLOUD_SECRET_KEY", "test-key");

  private record Ended(int exitCode, String out, String err) {}

  @TempDir private Path directory;

  @Test
  void shouldEndWithTheFlagTheValueAndWhatWouldDoWhenAFlagIsBad() throws Exception {
    var ended = run(KEYS, "--claim-expired-duration=1m");

    assertThat(ended)
        .isEqualTo(
            new Ended(
                2,
                "",
                "tke-eni-ipamd: --claim-expired-duration=1m: must be a duration of at least 5m,"
                    + " such as 1h, 90m or 1h30m, or 0 for never\n"));
  }

  @Test
  void shouldNameTheVariableWhenTheEnvironmentIsBad() throws Exception {
    var environment = Map.of("ENI_IPAMD_QUARANTINE", "soon", "ENI_IPAMD_REPLICAS", "0");

    var ended = run(environment, "--replicas=1");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .as("the argument goes before the environment")
        .doesNotContain("replicas")
        .contains("--quarantine=soon (set by ENI_IPAMD_QUARANTINE): must be 0, or a duration");
  }

  @Test
  void shouldNameTheNearestVariableWhenOneIsNotKnown() throws Exception {
    var ended = run(with("ENI_IPAMD_CLAIM_EXPIRE_DURATION", "1h"));

    assertThat(ended)
        .isEqualTo(
            new Ended(
                2,
                "",
                "tke-eni-ipamd: the environment variable ENI_IPAMD_CLAIM_EXPIRE_DURATION is not known:"
                    + " did you mean ENI_IPAMD_CLAIM_EXPIRED_DURATION? Rename it, or remove it\n"));
  }

  @Test
  void shouldNameTheNearestPropertyWhenOneIsNotKnown() throws Exception {
    var ended = run(with("JDK_JAVA_OPTIONS", "-Deni-ipamd.quarantin=1s"));

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .endsWith(
            "tke-eni-ipamd: the property eni-ipamd.quarantin is not known: did you mean"
                + " eni-ipamd.quarantine? Rename it, or remove it\n");
  }

  @Test
  void shouldSayWhichVariableIsNotSetWhenAValueNamesOne() throws Exception {
    var ended =
        run(
            with("ENI_IPAMD_CLOUD_PROXY", "http://${NOWHERE}:3128"),
            "--claim-expired-duration=${NOWHERE}");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err().lines())
        .hasSize(2)
        .allMatch(line -> line.contains(": names a variable in ${} that is not set; set it"))
        .anyMatch(
            line ->
                line.contains(
                    "--cloud-proxy=http://${NOWHERE}:3128 (set by ENI_IPAMD_CLOUD_PROXY)"))
        .anyMatch(line -> line.contains("--claim-expired-duration=${NOWHERE}"));
  }

  @Test
  void shouldNameTheNearestFlagWhenOneIsNotKnown() throws Exception {
    var ended = run(KEYS, "--claim-expire-duration=1h");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .contains("--claim-expire-duration is not known: did you mean --claim-expired-duration?");
  }

  @Test
  void shouldNameTheVariablesWhenTheKeysOfTheCloudAreMissing() throws Exception {
    var ended = run(Map.of());

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY");
  }

  @Test
  void shouldNameTheFilesWhenTheCertificateOfTheWebhookIsNotMounted() throws Exception {
    var ended = run(KEYS, "--webhook", "--webhook-certificate-directory=" + directory);

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("--webhook-certificate-directory=" + directory))
        .anyMatch(line -> line.contains("must have a file tls.crt that this process can read"))
        .anyMatch(line -> line.contains("must have a file tls.key that this process can read"));
  }

  @Test
  void shouldPrintTheFlagsAndTheVersionWhenAskedFor() throws Exception {
    var help = run(Map.of(), "--help");
    var version = run(Map.of(), "--version");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("--claim-expired-duration=<duration>", "--enable-ownerref");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).matches("tke-eni-ipamd \\d+\\.\\d+\\.\\d+.*\\n");
  }

  @Test
  void shouldPrintWhatIsInForceAndWhereItComesFromWhenAskedFor() throws Exception {
    var printed =
        run(with("ENI_IPAMD_QUARANTINE", "5m"), "--claim-expired-duration=1h", "--print-config");

    assertThat(printed.exitCode()).isZero();
    assertThat(printed.err()).isEmpty();
    assertThat(printed.out().lines())
        .anyMatch(line -> line.matches("--claim-expired-duration=1h +argument;.*"))
        .anyMatch(
            line -> line.matches("--quarantine=5m +environment variable ENI_IPAMD_QUARANTINE.*"))
        .anyMatch(line -> line.matches("--leader-election-lease-duration=15s +default"))
        .contains("TENCENTCLOUD_SECRET_KEY=***");
  }

  @Test
  void shouldSayWhatIsWrongBesideWhatIsInForceWhenItIsPrinted() throws Exception {
    var printed = run(KEYS, "--quarantine=soon", "--print-config");

    assertThat(printed.exitCode()).isEqualTo(2);
    assertThat(printed.err()).contains("--quarantine=soon: must be");
    assertThat(printed.out()).contains("--quarantine=soon ");
  }

  private static Map<String, String> with(String name, String value) {
    var environment = new HashMap<>(KEYS);
    environment.put(name, value);
    return environment;
  }

  private Ended run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "-jar", JAR.toString()));
    command.addAll(REQUIRED);
    command.addAll(List.of(arguments));
    var out = directory.resolve("out");
    var err = directory.resolve("err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TENCENTCLOUD_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("ENI_IPAMD_"));
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended by itself").isTrue();
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }
}
