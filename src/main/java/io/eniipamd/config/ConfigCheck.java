package io.eniipamd.config;

import static io.eniipamd.config.ConfigKey.CLOUD_CALL_TIMEOUT;
import static io.eniipamd.config.ConfigKey.CLOUD_CREDENTIALS;
import static io.eniipamd.config.ConfigKey.CLOUD_CREDENTIALS_FILE;
import static io.eniipamd.config.ConfigKey.CLOUD_METADATA_ENDPOINT;
import static io.eniipamd.config.ConfigKey.CLOUD_ROLE;
import static io.eniipamd.config.ConfigKey.CLOUD_STS_ENDPOINT;
import static io.eniipamd.config.ConfigKey.ENABLE_SECURITY_GROUPS;
import static io.eniipamd.config.ConfigKey.IP_MAX_WARM_TARGET;
import static io.eniipamd.config.ConfigKey.IP_MIN_WARM_TARGET;
import static io.eniipamd.config.ConfigKey.LEADER_ELECTION_LEASE_DURATION;
import static io.eniipamd.config.ConfigKey.LEADER_ELECTION_RENEW_DEADLINE;
import static io.eniipamd.config.ConfigKey.LEADER_ELECTION_RETRY_PERIOD;
import static io.eniipamd.config.ConfigKey.QUARANTINE;
import static io.eniipamd.config.ConfigKey.REPLICAS;
import static io.eniipamd.config.ConfigKey.SECURITY_GROUPS;
import static io.eniipamd.config.ConfigKey.WEBHOOK;
import static io.eniipamd.config.ConfigKey.WEBHOOK_CERTIFICATE_DIRECTORY;
import static io.eniipamd.config.ConfigKey.WEBHOOK_LISTEN;

import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.node.WarmTargets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks all settings before anything starts, each value by itself and then those that must fit
 * together. Every problem is one line with the flag, the value and what is accepted; no line holds
 * a secret.
 */
public final class ConfigCheck {

  /** The environment variable with the id of the cloud's key. */
  public static final String SECRET_ID_VARIABLE = "TENCENTCLOUD_SECRET_ID";

  /** The environment variable with the cloud's key. */
  public static final String SECRET_KEY_VARIABLE = "TENCENTCLOUD_SECRET_KEY";

  /** What the cluster's identity webhook sets in a Pod whose ServiceAccount has a CAM role. */
  public static final List<String> WEB_IDENTITY_VARIABLES =
      List.of("TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN");

  // The keys of an account have 32 characters and more, and end up in the wrong flag at times.
  private static final int LONGEST_CREDENTIALS_SHOWN = 12;

  private final Map<ConfigKey, ConfiguredValue> given;
  private final Environment environment;
  private final List<String> problems = new ArrayList<>();

  private ConfigCheck(Map<ConfigKey, ConfiguredValue> given, Environment environment) {
    this.given = given;
    this.environment = environment;
  }

  /**
   * Checks everything.
   *
   * @param given what was set, the effective value of each key only
   * @return one line for each problem, in the order of the keys; empty where all is well
   */
  public static List<String> problems(
      Map<ConfigKey, ConfiguredValue> given, Environment environment) {
    var check = new ConfigCheck(new EnumMap<>(given), environment);
    for (var key : ConfigKey.values()) {
      check.alone(key);
    }
    if (check.problems.isEmpty()) {
      check.together();
    }
    return List.copyOf(check.problems);
  }

  /**
   * The value as the configuration library should read it: without the spaces that users leave
   * around commas.
   */
  public static String normalized(String text) {
    return text.strip().replaceAll("\\s*,\\s*", ",");
  }

  private void alone(ConfigKey key) {
    var value = Optional.ofNullable(given.get(key));
    if (value.isEmpty()) {
      if (key.required()) {
        problems.add(
            "%s is missing: it must be %s (or set %s)"
                .formatted(key.flag(), key.bound(), key.environmentVariable()));
      }
      return;
    }
    var blankIsUnset = !key.required() && key.defaultValue().isEmpty();
    if (value.get().isBlank() && blankIsUnset) {
      return;
    }
    if (value.get().text().contains("${")) {
      // As a system property it would be taken for an expression once more, after the check.
      problems.add(
          "%s: names a variable in ${} that is not set; set it, or write the value itself"
              .formatted(shown(key)));
    } else if (!key.accepts(value.get().text())) {
      problems.add("%s: must be %s".formatted(shown(key), key.bound()));
    } else if (!key.supported() && !asksForNothing(key)) {
      problems.add(
          "%s: not supported yet; leave it out, or set it to %s"
              .formatted(shown(key), key.defaultText()));
    }
  }

  private boolean asksForNothing(ConfigKey key) {
    return text(key).equalsIgnoreCase(key.defaultText());
  }

  private void together() {
    securityGroups();
    webhook();
    warmTargets();
    credentials();
    leadership();
    quarantine();
  }

  private void securityGroups() {
    if (isSet(SECURITY_GROUPS) && !isOn(ENABLE_SECURITY_GROUPS)) {
      problems.add(
          "%s: does nothing by itself; add %s, or leave it out"
              .formatted(shown(SECURITY_GROUPS), ENABLE_SECURITY_GROUPS.flag()));
    }
  }

  private void webhook() {
    for (var key : List.of(WEBHOOK_LISTEN, WEBHOOK_CERTIFICATE_DIRECTORY)) {
      if (isSet(key) && !isOn(WEBHOOK)) {
        problems.add(
            "%s: does nothing by itself; add %s, or leave it out"
                .formatted(shown(key), WEBHOOK.flag()));
      }
    }
    if (isSet(WEBHOOK_CERTIFICATE_DIRECTORY)) {
      for (var file : List.of("tls.crt", "tls.key")) {
        if (!environment.canRead(Path.of(text(WEBHOOK_CERTIFICATE_DIRECTORY), file))) {
          problems.add(
              "%s: must have a file %s that this process can read; mount the Secret with it there"
                  .formatted(shown(WEBHOOK_CERTIFICATE_DIRECTORY), file));
        }
      }
    }
  }

  private void warmTargets() {
    WarmTargets.read(
            IP_MIN_WARM_TARGET.flag(),
            isSet(IP_MIN_WARM_TARGET) ? text(IP_MIN_WARM_TARGET) : null,
            IP_MAX_WARM_TARGET.flag(),
            isSet(IP_MAX_WARM_TARGET) ? text(IP_MAX_WARM_TARGET) : null)
        .problem()
        .ifPresent(problems::add);
  }

  private void credentials() {
    switch (text(CLOUD_CREDENTIALS)) {
      case "env" -> variables(List.of(SECRET_ID_VARIABLE, SECRET_KEY_VARIABLE), "from a Secret");
      case "file" -> credentialsFile();
      case "oidc" -> variables(WEB_IDENTITY_VARIABLES, "by giving the ServiceAccount a CAM role");
      default -> {
        // What the instance has shows when it is asked.
      }
    }
    onlyWith("file", CLOUD_CREDENTIALS_FILE);
    onlyWith("cvm-role", CLOUD_ROLE);
    onlyWith("cvm-role", CLOUD_METADATA_ENDPOINT);
    onlyWith("oidc", CLOUD_STS_ENDPOINT);
  }

  private void variables(List<String> names, String example) {
    if (names.stream().allMatch(environment::hasVariable)) {
      return;
    }
    var others = new ArrayList<>(List.of("env", "file", "cvm-role", "oidc"));
    others.remove(text(CLOUD_CREDENTIALS));
    problems.add(
        "%s: needs the environment variables %s and %s, for example %s; or take %s=%s"
            .formatted(
                shown(CLOUD_CREDENTIALS),
                String.join(", ", names.subList(0, names.size() - 1)),
                names.getLast(),
                example,
                CLOUD_CREDENTIALS.flag(),
                String.join("|", others)));
  }

  private void onlyWith(String credentials, ConfigKey key) {
    if (isSet(key) && !text(CLOUD_CREDENTIALS).equals(credentials)) {
      problems.add(
          "%s: is not read with %s; add %s=%s, or leave it out"
              .formatted(
                  shown(key), shown(CLOUD_CREDENTIALS), CLOUD_CREDENTIALS.flag(), credentials));
    }
  }

  private void credentialsFile() {
    if (!isSet(CLOUD_CREDENTIALS_FILE)) {
      problems.add(
          "%s: needs %s=<path>".formatted(shown(CLOUD_CREDENTIALS), CLOUD_CREDENTIALS_FILE.flag()));
    } else if (!environment.canRead(Path.of(text(CLOUD_CREDENTIALS_FILE)))) {
      problems.add(
          "%s: must be a file or directory that this process can read; mount the Secret there"
              .formatted(shown(CLOUD_CREDENTIALS_FILE)));
    }
  }

  private void leadership() {
    var lease = duration(LEADER_ELECTION_LEASE_DURATION);
    var renew = duration(LEADER_ELECTION_RENEW_DEADLINE);
    var retry = duration(LEADER_ELECTION_RETRY_PERIOD);
    if (renew.compareTo(lease) >= 0) {
      problems.add(
          "%s: must be below %s"
              .formatted(
                  shown(LEADER_ELECTION_RENEW_DEADLINE), shown(LEADER_ELECTION_LEASE_DURATION)));
    }
    if (retry.compareTo(renew) >= 0) {
      problems.add(
          "%s: must be below %s"
              .formatted(
                  shown(LEADER_ELECTION_RETRY_PERIOD), shown(LEADER_ELECTION_RENEW_DEADLINE)));
    }
    var least = duration(CLOUD_CALL_TIMEOUT).plus(retry);
    if (lease.compareTo(least) < 0) {
      problems.add(
          "%s: must be at least %s, which is %s and %s together, or no call to the cloud could be made"
              .formatted(
                  shown(LEADER_ELECTION_LEASE_DURATION),
                  DurationText.format(least),
                  shown(CLOUD_CALL_TIMEOUT),
                  shown(LEADER_ELECTION_RETRY_PERIOD)));
    }
  }

  private void quarantine() {
    var quarantine = duration(QUARANTINE);
    if (quarantine.isZero()) {
      if (number(REPLICAS) > 1) {
        problems.add("%s: works with %s=1 only".formatted(shown(QUARANTINE), REPLICAS.flag()));
      }
      return;
    }
    var least = duration(LEADER_ELECTION_LEASE_DURATION).plus(duration(CLOUD_CALL_TIMEOUT));
    if (quarantine.compareTo(least) < 0) {
      problems.add(
          "%s: must be at least %s, which is %s and %s together, or 0 with one replica"
              .formatted(
                  shown(QUARANTINE),
                  DurationText.format(least),
                  shown(LEADER_ELECTION_LEASE_DURATION),
                  shown(CLOUD_CALL_TIMEOUT)));
    }
  }

  private boolean isSet(ConfigKey key) {
    return given.containsKey(key) && !given.get(key).isBlank();
  }

  private String text(ConfigKey key) {
    return isSet(key) ? given.get(key).text().strip() : key.defaultValue().orElseThrow();
  }

  private int number(ConfigKey key) {
    return Integer.parseInt(text(key));
  }

  private boolean isOn(ConfigKey key) {
    return Boolean.parseBoolean(text(key));
  }

  private Duration duration(ConfigKey key) {
    return DurationText.parse(text(key)).orElseThrow();
  }

  private String shown(ConfigKey key) {
    var value = given.get(key);
    if (value == null) {
      return "%s=%s (the default)".formatted(key.flag(), key.defaultText());
    }
    var text = showable(key, value.text());
    return switch (value.origin()) {
      case ARGUMENT -> "%s=%s".formatted(key.flag(), text);
      case ENVIRONMENT ->
          "%s=%s (set by %s)".formatted(key.flag(), text, key.environmentVariable());
      case FILE -> "%s=%s (set by %s)".formatted(key.flag(), text, key.property());
    };
  }

  /**
   * The text of a setting as it may be printed: what may be a secret in the wrong place is left
   * out.
   */
  public static String showable(ConfigKey key, String text) {
    var hidden =
        switch (key) {
          case CLOUD_CREDENTIALS, CLOUD_CREDENTIALS_FILE, CLOUD_ROLE ->
              !key.accepts(text) && text.length() > LONGEST_CREDENTIALS_SHOWN;
          // A user, and a token in a query. No accepted URL has either.
          case CLOUD_ENDPOINT, CLOUD_METADATA_ENDPOINT, CLOUD_STS_ENDPOINT, CLOUD_PROXY ->
              text.contains("@") || text.contains("?");
          default -> false;
        };
    return hidden ? "<not shown>" : text;
  }
}
