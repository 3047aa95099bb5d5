package io.eniipamd.config;

import static io.eniipamd.config.ConfigKey.CLAIM_EXPIRED_DURATION;
import static io.eniipamd.config.ConfigKey.PAUSE_RELEASES;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.domain.node.SubnetQuotas;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveConfigTest {
  private static final Map<ConfigKey, String> STARTED = Map.of(CLAIM_EXPIRED_DURATION, "1h");

  @Test
  void shouldBeWhatTheProcessWasStartedWithWhenTheConfigMapIsEmpty() {
    var read = LiveConfig.read(STARTED, Map.of(), STARTED);

    assertThat(read.remarks()).isEmpty();
    var releases = read.releases();
    assertThat(releases.expiry()).isEqualTo(new ExpiryDuration.After(Duration.ofHours(1)));
    assertThat(releases.cascade()).isFalse();
    assertThat(releases.whenScaled()).isEqualTo(Retention.RETAIN);
    assertThat(releases.paused()).isFalse();
    assertThat(releases.pausedNamespaces()).isEmpty();
    assertThat(releases.perWindow()).isEqualTo(1000);
    assertThat(releases.avalanche()).isEqualTo(new AvalancheRule(2000, 50));
    assertThat(releases.resumedUntil()).isEmpty();
    assertThat(releases.reserve()).isFalse();
  }

  @Test
  void shouldReadEveryKeyWhenTheConfigMapSetsThemAll() {
    var map = new HashMap<String, String>();
    map.put("claim-expired-duration", "2h");
    map.put("enable-ownerref", "true");
    map.put("when-scaled", "Delete");
    map.put("pause-releases", "true");
    map.put("pause-releases-namespaces", "prod, dev");
    map.put("releases-per-sweep", "7");
    map.put("avalanche-count", "0");
    map.put("avalanche-percent", "10");
    map.put("resume-releases", "2026-01-31T13:00:00+01:00");
    map.put("reserve-retained-ips", "true");

    var releases = LiveConfig.read(Map.of(), map, Map.of()).releases();

    assertThat(releases.expiry()).isEqualTo(new ExpiryDuration.After(Duration.ofHours(2)));
    assertThat(releases.cascade()).isTrue();
    assertThat(releases.whenScaled()).isEqualTo(Retention.DELETE);
    assertThat(releases.paused()).isTrue();
    assertThat(releases.pausedNamespaces()).containsExactlyInAnyOrder("prod", "dev");
    assertThat(releases.perWindow()).isEqualTo(7);
    assertThat(releases.avalanche()).isEqualTo(new AvalancheRule(0, 10));
    assertThat(releases.resumedUntil()).contains(Instant.parse("2026-01-31T12:00:00Z"));
    assertThat(releases.reserve()).isTrue();
  }

  @Test
  void shouldReadTheSecurityGroupsInTheirOrder() {
    var map = Map.of("enable-security-groups", "true", "security-groups", "sg-2, sg-1");

    var read = LiveConfig.read(Map.of(), map, Map.of());

    assertThat(read.remarks()).isEmpty();
    assertThat(read.securityGroups())
        .isEqualTo(new SecurityGroupSettings(true, List.of("sg-2", "sg-1")));
    assertThat(LiveConfig.DEFAULTS.securityGroups())
        .isEqualTo(new SecurityGroupSettings(false, List.of()));
  }

  @Test
  void shouldSayThatSecurityGroupsDoNothingWhenTheyAreNotEnabled() {
    var read = LiveConfig.read(Map.of(), Map.of("security-groups", "sg-1"), Map.of());

    assertThat(read.securityGroups().groupsFor(List.of("sg-2"))).isEmpty();
    assertThat(read.remarks())
        .containsExactly(
            new LiveConfig.Remark.Bad(
                "security-groups: sg-1: does nothing by itself; set enable-security-groups to true, or leave it out"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sg-1,sg-1",
        "subnet-1",
        "sg-",
        "sg-0,sg-1,sg-2,sg-3,sg-4,sg-5,sg-6,sg-7,sg-8,sg-9,sg-a"
      })
  void shouldKeepTheLastGoodGroupsWhenTheNewOnesAreBad(String bad) {
    var on = Map.of("enable-security-groups", "true", "security-groups", "sg-7");
    var before = LiveConfig.read(Map.of(), on, Map.of()).texts();

    var read =
        LiveConfig.read(
            Map.of(), Map.of("enable-security-groups", "true", "security-groups", bad), before);

    assertThat(read.securityGroups().groups()).containsExactly("sg-7");
    assertThat(read.remarks())
        .singleElement()
        .satisfies(
            remark ->
                assertThat(remark.message())
                    .contains("security-groups: " + bad, "at most 10", "sg-7 stays in force"));
  }

  @Test
  void shouldKeepTheLastGoodQuotasWhenTheNewOnesAreBad() {
    var good = Map.of("subnet-quotas", "subnet-a=200, subnet-b=50%");
    var before = LiveConfig.read(Map.of(), good, Map.of());

    var read = LiveConfig.read(Map.of(), Map.of("subnet-quotas", "subnet-a=all"), before.texts());

    assertThat(read.subnetQuotas()).isEqualTo(before.subnetQuotas());
    assertThat(read.subnetQuotas().of("subnet-b", 100)).contains(50L);
    assertThat(read.remarks())
        .singleElement()
        .satisfies(
            remark ->
                assertThat(remark.message())
                    .startsWith("subnet-quotas: subnet-a=all: must be")
                    .endsWith("subnet-a=200,subnet-b=50% stays in force"));
    assertThat(LiveConfig.DEFAULTS.subnetQuotas()).isEqualTo(SubnetQuotas.NONE);
  }

  @Test
  void shouldGoBeforeTheArgumentAndSayThatWhenBothSetAKey() {
    var read = LiveConfig.read(STARTED, Map.of("claim-expired-duration", "2h"), STARTED);

    assertThat(read.texts()).containsEntry(CLAIM_EXPIRED_DURATION, "2h");
    assertThat(read.remarks())
        .containsExactly(
            new LiveConfig.Remark.Overrides(
                "claim-expired-duration: 2h overrides --claim-expired-duration=1h, with which the operator was started"));
  }

  @Test
  void shouldKeepTheLastGoodValueAndSayWhatWouldDoWhenOneIsBad() {
    var before = LiveConfig.read(STARTED, Map.of("pause-releases", "true"), STARTED).texts();

    var read = LiveConfig.read(STARTED, Map.of("pause-releases", "yes"), before);

    assertThat(read.releases().paused()).isTrue();
    assertThat(read.texts()).containsEntry(PAUSE_RELEASES, "true");
    assertThat(read.remarks())
        .containsExactly(
            new LiveConfig.Remark.Bad(
                "pause-releases: yes: must be true or false; true stays in force"));
  }

  @Test
  void shouldForgetAValueWhenItsKeyIsTakenAway() {
    var before = LiveConfig.read(STARTED, Map.of("pause-releases", "true"), STARTED).texts();

    assertThat(LiveConfig.read(STARTED, Map.of(), before).releases().paused()).isFalse();
  }

  @Test
  void shouldSayThatThereIsNoSuchSettingWhenAKeyIsUnknown() {
    assertThat(LiveConfig.read(STARTED, Map.of("pause-relases", "true"), STARTED).remarks())
        .containsExactly(
            new LiveConfig.Remark.Bad("pause-relases: true: there is no such setting"));
  }

  @ParameterizedTest
  @EnumSource(ConfigKey.class)
  void shouldSayThatARestartIsNeededWhenAKeyIsNotLive(ConfigKey key) {
    var read = LiveConfig.read(STARTED, Map.of(key.key(), "something"), STARTED);

    if (!key.live()) {
      assertThat(read.remarks())
          .singleElement()
          .extracting(LiveConfig.Remark::message)
          .asString()
          .contains(key.flag(), "restart")
          .doesNotContain("something");
    }
  }
}
