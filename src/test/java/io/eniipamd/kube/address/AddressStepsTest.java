package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.FOREIGN;
import static io.eniipamd.kube.address.OneAddress.IP;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.config.LiveConfig;
import io.eniipamd.domain.release.ReleaseSettingsBuilder;
import io.eniipamd.kube.release.QuietRelease;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.SweepSettings;
import io.eniipamd.kube.support.ReleaseHold;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressStepsTest {
  private final OneAddress one = new OneAddress();
  private boolean paused;

  @Test
  void shouldReleaseAnAddressWhoseClaimIsGone() {
    one.record(spec -> spec, status -> status);

    settle(ReleaseHold.NONE);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
    assertThat(one.status().releaseReason()).isEqualTo(ReleaseReason.MANUAL);
    assertThat(one.asked).isEmpty();
  }

  @Test
  void shouldReleaseNothingWhileReleasesArePaused() {
    one.record(spec -> spec, status -> status);

    var delay = settle(new Held(Duration.ofMinutes(1)));

    assertThat(delay).contains(60_001L);
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
  }

  @Test
  void shouldForgetWhatTheGateLetThroughWhenTheAddressOfAClaimThatIsGoneIsReleased() {
    // given
    one.record(spec -> spec, status -> status);
    var gate = gate();

    // when
    settle(gate);

    // then
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
    paused = true;
    assertThat(gate.holds(CLAIM.namespace(), CLAIM.uid())).isPresent();
  }

  @Test
  void shouldLookAgainWhileAPodRunsWithTheAddressOfAClaimThatIsGone() {
    one.record(spec -> spec, status -> status);
    one.pod("Running", IP.toString());

    var delay = settle(ReleaseHold.NONE);

    assertThat(delay).isPresent();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
    assertThat(one.asked).isEmpty();
  }

  @Test
  void shouldKeepAStrayThatAPodUses() {
    one.record(spec -> spec.claimRef(null), status -> status);
    one.pod("Running", IP.toString());

    settle(ReleaseHold.NONE);

    assertThat(one.told).containsExactly("StrayAddressInUse of VpcIP");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
  }

  @Test
  void shouldReleaseAStrayThatNoPodUses() {
    one.record(spec -> spec.claimRef(null), status -> status);

    settle(ReleaseHold.NONE);

    assertThat(one.status().releaseReason()).isEqualTo(ReleaseReason.STRAY);
  }

  @Test
  void shouldReleaseAWarmAddressThatAUserDeletes() {
    var vip = one.record(spec -> spec.claimRef(null).warm(true), status -> status);
    vip.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

    settle(ReleaseHold.NONE);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
    assertThat(one.status().releaseReason()).isEqualTo(ReleaseReason.SURPLUS);
  }

  @Test
  void shouldPutNoWarmAddressOnAnEniOfAnotherCluster() {
    one.record(spec -> spec.claimRef(null).warm(true).eniId(FOREIGN), status -> status);
    one.checks.look(FOREIGN).toCompletableFuture().join();

    settle(ReleaseHold.NONE);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
    assertThat(one.asked).isEmpty();
  }

  @Test
  void shouldKeepAWarmAddressFromPodsWhenAPodTurnsOutToUseIt() {
    one.record(spec -> spec.claimRef(null).warm(true), status -> status);
    one.pod("Running", IP.toString());

    settle(ReleaseHold.NONE);
    settle(ReleaseHold.NONE);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
    assertThat(one.status().error()).contains("uses it, but no claim of that Pod holds it");
    assertThat(one.told).containsExactly("StrayAddressInUse of VpcIP");
  }

  @Test
  void shouldPutNothingOnAnEniForARecordThatIsGone() {
    held();
    var vip = one.record(spec -> spec, status -> status);
    vip.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    vip.getMetadata().setUid("uid-of-the-one-before");

    settle(ReleaseHold.NONE);

    assertThat(one.asked).isEmpty();
  }

  @Test
  void shouldSayWhatBlocksTheDeletionOfARecordThatAClaimHolds() {
    held();
    var vip = one.record(spec -> spec, status -> status);
    vip.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

    settle(ReleaseHold.NONE);

    assertThat(one.told).containsExactly("DeletionBlocked of VpcIP");
    assertThat(one.asked).hasSize(1);
  }

  @Test
  void shouldReleaseARecordThatIsDeletedAndThatNoClaimHolds() {
    var vip = one.record(spec -> spec.claimRef(null).eniId(null), status -> status.eniId(one.eni));
    vip.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

    settle(ReleaseHold.NONE);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
    assertThat(one.status().releaseReason()).isEqualTo(ReleaseReason.STRAY);
  }

  @Test
  void shouldKeepARecordThatIsDeletedWhileAPodUsesItsAddress() {
    var vip = one.record(spec -> spec.claimRef(null).eniId(null), status -> status.eniId(one.eni));
    vip.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    one.pod("Running", IP.toString());

    settle(ReleaseHold.NONE);

    assertThat(one.told).containsExactly("StrayAddressInUse of VpcIP");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
  }

  private void held() {
    one.cached(one.claim(CLAIM.uid(), VpcIPClaimStatusBuilder.builder().build()));
  }

  /** The gate itself; what it has let through once it does not hold up. */
  private ReleaseGate gate() {
    return new ReleaseGate(
        () -> ReleaseSettingsBuilder.builder(LiveConfig.DEFAULTS.releases()).paused(paused).build(),
        new SweepSettings(Duration.ofSeconds(30), 1),
        new ReleaseGate.Stock() {
          @Override
          public int retained() {
            return 0;
          }

          @Override
          public int fixed() {
            return 0;
          }
        },
        QuietRelease.noAvalanche(),
        QuietRelease.unheard(),
        one.clock);
  }

  /** Holds up every release. */
  private record Held(Duration again) implements ReleaseHold {
    @Override
    public boolean open() {
      return false;
    }

    @Override
    public Optional<Duration> holds(String namespace, String uid) {
      return Optional.of(again);
    }

    @Override
    public void done(String uid) {}
  }

  private Optional<Long> settle(ReleaseHold hold) {
    var steps =
        new AddressSteps(
            one.book,
            one.records,
            one.checks,
            one.assigning,
            one.parking,
            one.unassigning,
            one.directs,
            one.events,
            hold);
    return steps.settle(one.now()).getScheduleDelay();
  }
}
