package io.eniipamd.config;

import static io.eniipamd.config.ConfigKey.CLAIM_EXPIRED_DURATION;
import static io.eniipamd.config.ConfigKey.PAUSE_RELEASES;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
