package io.eniipamd.kube.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.domain.release.Retention;
import io.eniipamd.kube.release.ReleaseGate.Answer;
import io.eniipamd.kube.release.ReleasePath.Outcome;
import io.eniipamd.kube.release.ReleasePath.Request;
import io.eniipamd.kube.release.ReleasePath.StillDue;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.property.memory.InProcessHttp;
import io.eniipamd.testing.time.SteppedClock;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One claim begins to be released, and the gate lets one through in a window. */
class ReleasePathTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final String READ = "GET /api/v1/namespaces/prod/pods/web-0";
  private static final String DELETE =
      "DELETE /apis/" + claim().getApiVersion() + "/namespaces/prod/vpcipclaims/web-0";
  private static final StillDue DUE = read -> true;
  private static final StillDue NEVER_ASKED =
      read -> {
        throw new AssertionError("asked whether it is due");
      };

  private final List<String> calls = new ArrayList<>();
  private int podCode = 404;
  private String pod = "{}";
  private int deleteCode = 200;
  private boolean paused;

  private final KubernetesClient client =
      InProcessHttp.client(
          request -> {
            calls.add(request.method() + " " + request.uri().getPath());
            boolean read = request.method().equals("GET");
            return new InProcessHttp.Reply(
                read ? podCode : deleteCode, "Sat, 31 Jan 2026 12:00:00 GMT", read ? pod : "{}");
          });
  private final SteppedClock clock = SteppedClock.at(NOW);
  private final ReleaseGate gate =
      new ReleaseGate(
          this::settings,
          new SweepSettings(Duration.ofSeconds(30), 1),
          new NoStock(),
          QuietRelease.noAvalanche(),
          QuietRelease.unheard(),
          clock);
  private final Releases releases =
      new Releases(client, new OwnerResolver(client, Set.of()), clock);
  private final ReleasePath path = new ReleasePath(gate, new FreshReads(client, clock), releases);

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldAskForNothingWhenTheGateIsFull() {
    gate.ask(new ReleaseGate.Request("prod", "uid-other", NOW));

    var outcome = path.begin(claim(), expired(), NEVER_ASKED);

    assertThat(outcome).isInstanceOf(Outcome.Full.class);
    assertThat(calls).isEmpty();
  }

  @Test
  void shouldAskForNothingWhenTheGateIsPaused() {
    paused = true;

    var outcome = path.begin(claim(), expired(), NEVER_ASKED);

    assertThat(outcome).isInstanceOf(Outcome.Paused.class);
    assertThat(calls).isEmpty();
  }

  @Test
  void shouldKeepTheClaimWhenAnyPodOfItsNameIsThere() {
    podIs("pod-new", "Running");

    var outcome = path.begin(claim(), expired(), NEVER_ASKED);

    assertThat(outcome).isInstanceOf(Outcome.PodThere.class);
    assertThat(calls).containsExactly(READ);
    assertThat(anotherPasses()).isTrue();
  }

  @Test
  void shouldKeepTheClaimWhenItIsNotDueAnyMore() {
    var outcome = path.begin(claim(), expired(), read -> read.serverTime().isAfter(NOW));

    assertThat(outcome).isInstanceOf(Outcome.NotDue.class);
    assertThat(calls).containsExactly(READ);
    assertThat(anotherPasses()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void shouldDeleteTheClaimWhenThePodOfItsNameHasEnded(String phase) {
    podIs("pod-1", phase);

    var outcome = path.begin(claim(), expired(), DUE);

    assertThat(outcome).isEqualTo(new Outcome.Deleted());
    assertThat(calls).containsExactly(READ, DELETE);
  }

  @Test
  void shouldUseItsPlaceInTheWindowWhenItDeletes() {
    var outcome = path.begin(claim(), expired(), DUE);

    assertThat(outcome).isEqualTo(new Outcome.Deleted());
    assertThat(releases.reason(claim())).isEqualTo(ReleaseReason.EXPIRED);
    assertThat(anotherPasses()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 409})
  void shouldWithdrawFromTheGateWhenTheClaimHasChanged(int code) {
    deleteCode = code;

    var outcome = path.begin(claim(), expired(), DUE);

    assertThat(outcome).isEqualTo(new Outcome.Changed());
    assertThat(calls).containsExactly(READ, DELETE);
    assertThat(anotherPasses()).isTrue();
  }

  @Test
  void shouldWithdrawFromTheGateWhenThePodCannotBeRead() {
    podCode = 500;

    assertThatThrownBy(() -> path.begin(claim(), expired(), NEVER_ASKED))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(calls).containsExactly(READ);
    assertThat(anotherPasses()).isTrue();
  }

  @Test
  void shouldWithdrawFromTheGateWhenTheDeleteFails() {
    deleteCode = 500;

    assertThatThrownBy(() -> path.begin(claim(), expired(), DUE))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(anotherPasses()).isTrue();
  }

  @Test
  void shouldWithdrawFromTheGateWhenItCannotBeSaidWhetherItIsDue() {
    StillDue unknown =
        read -> {
          throw new KubernetesClientException("no answer");
        };

    assertThatThrownBy(() -> path.begin(claim(), expired(), unknown))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(calls).containsExactly(READ);
    assertThat(anotherPasses()).isTrue();
  }

  @Test
  void shouldBeDueSinceItWasAskedForFirstWhenNothingDatesIt() {
    var first = path.undated(claim(), ReleaseReason.SCALED_DOWN);
    clock.advance(Duration.ofSeconds(5));

    assertThat(path.undated(claim(), ReleaseReason.SCALED_DOWN))
        .isEqualTo(first)
        .isEqualTo(
            Request.gated(
                ReleaseReason.SCALED_DOWN, new ReleaseGate.Request("prod", "uid-0", NOW)));
  }

  @Test
  void shouldPassNoGateWhenThePodOfAnAddressThatIsNotKeptHasEnded() {
    paused = true;
    podIs("pod-new", "Running");

    var outcome = path.begin(claim(), Request.podEnded(Optional.of("pod-1")), DUE);

    assertThat(outcome).isEqualTo(new Outcome.Deleted());
    assertThat(releases.reason(claim())).isEqualTo(ReleaseReason.POD_ENDED);
    paused = false;
    assertThat(anotherPasses()).isTrue();
  }

  @Test
  void shouldKeepTheClaimWhenTheVeryPodThatHasTheAddressLives() {
    podIs("pod-1", "Running");

    var outcome = path.begin(claim(), Request.podEnded(Optional.of("pod-1")), NEVER_ASKED);

    assertThat(outcome).isInstanceOf(Outcome.PodThere.class);
    assertThat(calls).containsExactly(READ);
  }

  @Test
  void shouldKeepTheClaimWhenNoPodIsRecordedAndOneOfItsNameLives() {
    podIs("pod-new", "Running");

    var outcome = path.begin(claim(), Request.podEnded(Optional.empty()), NEVER_ASKED);

    assertThat(outcome).isInstanceOf(Outcome.PodThere.class);
    assertThat(calls).containsExactly(READ);
  }

  private boolean anotherPasses() {
    return gate.ask(new ReleaseGate.Request("prod", "uid-other", NOW)) instanceof Answer.Open;
  }

  private void podIs(String uid, String phase) {
    podCode = 200;
    pod =
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"prod","name":"web-0","uid":"%s"},\
        "status":{"phase":"%s"}}"""
            .formatted(uid, phase);
  }

  private static Request expired() {
    return Request.gated(
        ReleaseReason.EXPIRED,
        new ReleaseGate.Request("prod", "uid-0", NOW, Optional.of(NOW.minusSeconds(60))));
  }

  private static VpcIPClaim claim() {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("prod")
            .withName("web-0")
            .withUid("uid-0")
            .withResourceVersion("7")
            .build());
    return claim;
  }

  private ReleaseSettings settings() {
    return new ReleaseSettings(
        new ExpiryDuration.Never(),
        false,
        Retention.RETAIN,
        paused,
        Set.of(),
        1,
        new AvalancheRule(0, 0),
        Optional.empty(),
        false);
  }

  private static final class NoStock implements ReleaseGate.Stock {
    @Override
    public int retained() {
      return 0;
    }

    @Override
    public int fixed() {
      return 0;
    }
  }
}
