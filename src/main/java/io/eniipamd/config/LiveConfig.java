package io.eniipamd.config;

import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.domain.node.SubnetQuotas;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.domain.release.ReleaseSettingsBuilder;
import io.eniipamd.domain.release.Retention;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What users change while the operator runs: the keys of the ConfigMap, checked, over what the
 * process was started with. A value that is bad leaves the last good one in force.
 *
 * @param texts the values in force of all live keys that are set
 * @param remarks remarks about the ConfigMap, for users
 */
public record LiveConfig(Map<ConfigKey, String> texts, List<Remark> remarks) {

  /** The settings in force where none is set. */
  public static final LiveConfig DEFAULTS = new LiveConfig(Map.of(), List.of());

  /** A remark for users, in a sentence that names the key and the value. */
  public sealed interface Remark {
    String message();

    /** A value that is not followed. */
    record Bad(String message) implements Remark {}

    /** A value that overrides one that the process was started with. */
    record Overrides(String message) implements Remark {}
  }

  public LiveConfig {
    texts = Map.copyOf(texts);
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads the ConfigMap.
   *
   * @param started what the process was started with, live keys only
   * @param map the ConfigMap's data
   * @param before what was in force until now
   */
  public static LiveConfig read(
      Map<ConfigKey, String> started, Map<String, String> map, Map<ConfigKey, String> before) {
    var texts = new EnumMap<ConfigKey, String>(ConfigKey.class);
    texts.putAll(started);
    var remarks = new ArrayList<Remark>();
    for (var entry : new TreeMap<>(map).entrySet()) {
      var key = ConfigKey.named(entry.getKey());
      var text = ConfigCheck.normalized(entry.getValue());
      if (key.isEmpty()) {
        remarks.add(bad(entry.getKey(), text, "there is no such setting"));
      } else if (!key.get().live()) {
        remarks.add(
            bad(
                entry.getKey(),
                "…",
                "cannot be changed while the operator runs; set %s and restart it"
                    .formatted(key.get().flag())));
      } else if (!text.isEmpty()) {
        take(key.get(), text, started, before, texts, remarks);
      }
    }
    var config = new LiveConfig(texts, remarks);
    config.unusedGroups(map).ifPresent(remarks::add);
    return new LiveConfig(texts, remarks);
  }

  private Optional<Remark> unusedGroups(Map<String, String> map) {
    var groups = map.get(ConfigKey.SECURITY_GROUPS.key());
    return groups == null || groups.isBlank() || isOn(ConfigKey.ENABLE_SECURITY_GROUPS)
        ? Optional.empty()
        : Optional.of(
            bad(
                ConfigKey.SECURITY_GROUPS.key(),
                ConfigCheck.normalized(groups),
                "does nothing by itself; set %s to true, or leave it out"
                    .formatted(ConfigKey.ENABLE_SECURITY_GROUPS.key())));
  }

  private static void take(
      ConfigKey key,
      String text,
      Map<ConfigKey, String> started,
      Map<ConfigKey, String> before,
      Map<ConfigKey, String> texts,
      List<Remark> remarks) {
    if (!key.accepts(text)) {
      if (before.containsKey(key)) {
        texts.put(key, before.get(key));
      }
      var inForce = texts.getOrDefault(key, key.defaultText());
      remarks.add(
          bad(key.key(), text, "must be %s; %s stays in force".formatted(key.bound(), inForce)));
      return;
    }
    texts.put(key, text);
    if (started.containsKey(key) && !started.get(key).equals(text)) {
      remarks.add(
          new Remark.Overrides(
              "%s: %s overrides %s=%s, with which the operator was started"
                  .formatted(key.key(), text, key.flag(), started.get(key))));
    }
  }

  private static Remark bad(String key, String text, String why) {
    return new Remark.Bad("%s: %s: %s".formatted(key, text, why));
  }

  /** The same as the program uses it. */
  public ReleaseSettings releases() {
    return ReleaseSettingsBuilder.builder()
        .expiry(ExpiryDuration.parse(text(ConfigKey.CLAIM_EXPIRED_DURATION).orElseThrow()))
        .cascade(isOn(ConfigKey.ENABLE_OWNERREF))
        .whenScaled(text(ConfigKey.WHEN_SCALED).flatMap(Retention::parse).orElse(Retention.RETAIN))
        .paused(isOn(ConfigKey.PAUSE_RELEASES))
        .pausedNamespaces(
            text(ConfigKey.PAUSE_RELEASES_NAMESPACES)
                .map(names -> Arrays.stream(names.split(",")).collect(Collectors.toSet()))
                .orElse(Set.of()))
        .perWindow(number(ConfigKey.RELEASES_PER_SWEEP))
        .avalanche(
            new AvalancheRule(
                number(ConfigKey.AVALANCHE_COUNT), number(ConfigKey.AVALANCHE_PERCENT)))
        .resumedUntil(text(ConfigKey.RESUME_RELEASES).map(LiveConfig::instant))
        .reserve(isOn(ConfigKey.RESERVE_RETAINED_IPS))
        .build();
  }

  /** Which security groups ENIs have. */
  public SecurityGroupSettings securityGroups() {
    return new SecurityGroupSettings(
        isOn(ConfigKey.ENABLE_SECURITY_GROUPS),
        text(ConfigKey.SECURITY_GROUPS).map(ids -> List.of(ids.split(","))).orElse(List.of()));
  }

  /** How many addresses of subnets this cluster may take. */
  public SubnetQuotas subnetQuotas() {
    return text(ConfigKey.SUBNET_QUOTAS).flatMap(SubnetQuotas::parse).orElse(SubnetQuotas.NONE);
  }

  /** The least level of the lines that are written, by the name of a package. */
  public Map<String, String> logLevels() {
    return text(ConfigKey.LOG_LEVELS)
        .map(
            levels ->
                Arrays.stream(levels.split(","))
                    .map(level -> level.strip().split("="))
                    .collect(Collectors.toMap(level -> level[0], level -> level[1])))
        .orElse(Map.of());
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  private boolean isOn(ConfigKey key) {
    return Boolean.parseBoolean(text(key).orElseThrow());
  }

  private int number(ConfigKey key) {
    return Integer.parseInt(text(key).orElseThrow());
  }

  private Optional<String> text(ConfigKey key) {
    return Optional.ofNullable(texts.get(key)).or(key::defaultValue);
  }
}
