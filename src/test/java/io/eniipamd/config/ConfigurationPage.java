package io.eniipamd.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes {@code docs/configuration.md} from the list of keys. */
final class ConfigurationPage {

  private static final String HEAD =
      """
      # Configuration

      <!-- Written from the list in src/main/java/io/eniipamd/config/ConfigKey.java by ./mvnw -Pgenerate; a test fails when this page is stale. -->

      Every setting can be given in three ways, those marked *live* in a fourth; an earlier one goes before a later one:

      1. live ones as a key of the ConfigMap `tke-eni-ipamd` in the operator's namespace, named like the flag without its
         dashes (`claim-expired-duration: 1h`). They take effect at once, on what is there as well. A value that is bad is an
         event on the ConfigMap and leaves the last good one in force; one that goes before an argument is an event too;
      2. as an argument of the container: `--claim-expired-duration=1h`, `--claim-expired-duration 1h`, and for
         switches the flag alone (`--enable-ownerref`) or with a value (`--enable-ownerref=false`);
      3. as an environment variable: `ENI_IPAMD_CLAIM_EXPIRED_DURATION=1h`;
      4. in `application.properties`: `eni-ipamd.claim-expired-duration=1h`.

      Lists are joined by commas. Durations are written as in Go (`30s`, `90m`, `1h30m`), with days (`7d`), or as
      in ISO-8601 (`PT1H30M`); a number without a unit is refused, except `0`.

      All values are checked before anything is started. One that is bad ends the process with exit code 2 and
      a line on the standard error for each problem, which names the flag, the value and what is accepted:

      ```
      tke-eni-ipamd: --claim-expired-duration=1m: must be a duration of at least 5m, such as 1h, 90m or 1h30m, or 0 for never
      ```

      The same goes for an environment variable that begins with `ENI_IPAMD_` and is none of these settings (what Kubernetes
      sets for a Service of such a name is passed over), for a value that names a variable in `${}` which is not set, and
      for a setting that is not supported yet, unless it is set to its default.

      `--help` prints what follows, `--version` the version.

      The keys of the cloud account are never an argument. With `--cloud-credentials=env` they are the environment
      variables `TENCENTCLOUD_SECRET_ID` and `TENCENTCLOUD_SECRET_KEY`, which the Deployment takes from a Secret.
      [cloud.md](cloud.md) has the other ways, and the rights that the operator needs.
      """;

  private ConfigurationPage() {}

  static String text() {
    return HEAD
        + Arrays.stream(ConfigKey.Group.values())
            .map(ConfigurationPage::group)
            .collect(Collectors.joining());
  }

  private static String group(ConfigKey.Group group) {
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
