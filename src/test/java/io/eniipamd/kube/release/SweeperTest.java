package io.eniipamd.kube.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.domain.release.Retention;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.LeaseSettings;
import io.eniipamd.testing.ListedObjects;
import io.eniipamd.testing.time.SteppedClock;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps while releases are paused: nothing is deleted, so that no API server is there. */
class SweeperTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final int CLAIMS = 200;
  private static final SweepSettings SWEEPS = new SweepSettings(Duration.ofSeconds(30), 1);

  private final SteppedClock clock = SteppedClock.at(NOW);
  private final List<String> enqueued = new ArrayList<>();
  private final Set<String> wanted = new HashSet<>();
  private final RetainedClaims retained =
      new RetainedClaims(claim -> Optional.of(NOW), (_, name) -> wanted.contains(name));
  private boolean all;
  private Set<String> namespaces = Set.of();
  private Sweeper sweeper;

  @BeforeEach
  void retain() {
    var objects = IntStream.range(0, CLAIMS).mapToObj(SweeperTest::claim).toList();
    var claims = ListedObjects.watched(VpcIPClaim.class, objects);
    claims.setEventHandler(event -> enqueued.add(event.getRelatedCustomResourceID().getName()));
    claims.start();
    var leadership =
        new Leadership(new LeaseSettings(Duration.ofSeconds(10), Duration.ZERO), () -> 0);
    leadership.started();
    leadership.renewed(Duration.ZERO);
    var gate =
        new ReleaseGate(
            this::settings,
            SWEEPS,
            retained,
            QuietRelease.noAvalanche(),
            QuietRelease.unheard(),
            clock);
    sweeper =
        new Sweeper(
            claims,
            retained,
            claim -> Optional.of(NOW),
            gate,
            new ReleasePath(gate, null, null),
            null,
            leadership,
            null,
            skew -> {},
            SWEEPS,
            clock);
    objects.forEach(retained::changed);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldEnqueueAClaimOnceForTheSamePause(boolean everywhere) {
    // given
    all = everywhere;
    namespaces = everywhere ? Set.of() : Set.of("prod");

    // when
    for (int i = 0; i < 10; i++) {
      sweeper.sweep();
      clock.advance(Duration.ofSeconds(30));
    }

    // then
    assertThat(enqueued).doesNotHaveDuplicates().hasSize(CLAIMS);
  }

  @Test
  void shouldEnqueueItAgainForAnotherPauseAndWhenItIsDueAgain() {
    // given
    all = true;
    sweeper.sweep();
    wanted.add("web-0");
    sweeper.sweep();
    enqueued.clear();

    // when
    wanted.clear();
    sweeper.sweep();
    var again = List.copyOf(enqueued);
    enqueued.clear();
    all = false;
    namespaces = Set.of("prod");
    sweeper.sweep();

    // then
    assertThat(again).containsExactly("web-0");
    assertThat(enqueued).hasSize(CLAIMS);
  }

  private ReleaseSettings settings() {
    return new ReleaseSettings(
        new ExpiryDuration.Never(),
        false,
        Retention.RETAIN,
        all,
        namespaces,
        5,
        new AvalancheRule(0, 0),
        Optional.empty(),
        false);
  }

  private static VpcIPClaim claim(int number) {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("prod")
            .withName("web-" + number)
            .withUid("uid-" + number)
            .build());
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder()
            .phase(ClaimPhase.RETAINED)
            .deletePolicy(DeletePolicy.NEVER)
            .retainedSince(NOW.minusSeconds(60).toString())
            .build());
    return claim;
  }
}
