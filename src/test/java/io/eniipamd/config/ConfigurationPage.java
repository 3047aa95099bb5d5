package io.eniipamd.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes {@code docs/configuration.md} from the list of keys. */
final class ConfigurationPage {

  private static final String HEAD =
      """
      # Configuration

      <!-- Written from the list in src/main/java/io/eniipamd/config/ConfigKey.java by ./mvnw -Pgenerate; a test fails when this page is stale. -->

      You can set every setting in three ways, and those marked *live* in a fourth. An earlier way overrides a later one:

      1. a live setting as a key of the ConfigMap `tke-eni-ipamd` in the operator's namespace, with the name of the flag
         without its dashes (`claim-expired-duration: 1h`). It takes effect at once, also for existing objects. The operator
         reports a bad value in an event on the ConfigMap and keeps the last good one; it also reports a value that overrides
         an argument;
      2. as an argument of the container: `--claim-expired-duration=1h`, `--claim-expired-duration 1h`, and for
         switches the flag alone (`--enable-ownerref`) or with a value (`--enable-ownerref=false`);
      3. as an environment variable: `ENI_IPAMD_CLAIM_EXPIRED_DURATION=1h`;
      4. in `application.properties`: `eni-ipamd.claim-expired-duration=1h`.

      Join the items of a list by commas. Write durations as in Go (`30s`, `90m`, `1h30m`), with days (`7d`), or as in
      ISO-8601 (`PT1H30M`). The operator refuses a number without a unit, except `0`.

      The operator checks all values before it starts anything. If one is bad, the process exits with code 2 and prints a
      line for each problem to standard error, with the flag, the value and what is accepted:

      ```
      tke-eni-ipamd: --claim-expired-duration=1m: must be a duration of at least 5m, such as 1h, 90m or 1h30m, or 0 for never
      ```

      It does the same for an environment variable that begins with `ENI_IPAMD_` and is not one of these settings (it ignores
      the variables that Kubernetes sets for a Service of such a name), for a value that names a variable in `${}` which is
      not set, and for a setting that is not supported yet, unless it has its default value.

      `--help` prints the tables below, `--version` the version, and `--print-config` every setting with its value and its
      source, without secrets; it exits with code 2 where a start would.

      The keys of the cloud account are never an argument. With `--cloud-credentials=env` the operator takes them from the
      environment variables `TENCENTCLOUD_SECRET_ID` and `TENCENTCLOUD_SECRET_KEY`, which the Deployment takes from a Secret.
      [cloud.md](cloud.md) describes the other ways, and the rights that the operator needs.
      """;

  private ConfigurationPage() {}

  static String text() {
    return HEAD
        + Arrays.stream(ConfigGroup.values())
            .map(ConfigurationPage::group)
            .collect(Collectors.joining());
  }

  private static String group(ConfigGroup group) {
    return Arrays.stream(ConfigKey.values())
        .filter(key -> key.group() == group)
        .map(ConfigurationPage::row)
        .collect(
            Collectors.joining(
                "",
                "\n## %s\n\n| flag | default | must be | meaning |\n|---|---|---|---|\n"
                    .formatted(group.title()),
                ""));
  }

  private static String row(ConfigKey key) {
    return "| `%s`%s | %s | %s | %s |%n"
        .formatted(
            key.flag(),
            key.live() ? " *live*" : "",
            key.defaultValue().map("`%s`"::formatted).orElse(key.defaultText()),
            key.bound(),
            key.description())
        .replace(System.lineSeparator(), "\n");
  }
}
