package io.eniipamd.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class ChecksTest {

  private record State(
      boolean started,
      List<String> stoppedCaches,
      List<String> laggingCaches,
      boolean leading,
      Optional<Duration> starting,
      Optional<Duration> sinceRenewal)
      implements OperatorState {

    State(boolean started, List<String> stopped, List<String> lagging, boolean leading) {
      this(started, stopped, lagging, leading, Optional.empty(), Optional.empty());
    }

    /** One that has held the lease for so long and has not started. */
    static State electedFor(Duration since) {
      return new State(true, List.of(), List.of(), false, Optional.of(since), Optional.empty());
    }

    /** A leader that renewed its lease so long ago, and whose caches of these kinds lag. */
    static State renewedBefore(Duration since, String... lagging) {
      return new State(
          true, List.of(), List.of(lagging), true, Optional.empty(), Optional.of(since));
    }
  }

  private static final State STARTING = new State(false, List.of(), List.of(), false);
  private static final State LEADER = new State(true, List.of(), List.of(), true);
  private static final State STANDBY = new State(true, List.of(), List.of(), false);
  private static final State CUT_OFF = new State(true, List.of(), List.of("VpcIP"), true);
  private static final State BROKEN = new State(true, List.of("VpcIP"), List.of("VpcIP"), true);

  @Test
  void shouldBeAliveAndNeitherStartedNorReadyWhenCachesAreNotComplete() {
    assertThat(started(STARTING)).isEqualTo(Status.DOWN);
    assertThat(ready(STARTING)).isEqualTo(Status.DOWN);
    assertThat(alive(STARTING)).isEqualTo(Status.UP);
  }

  @Test
  void shouldBeReadyWhenLeading() {
    assertThat(started(LEADER)).isEqualTo(Status.UP);
    assertThat(ready(LEADER)).isEqualTo(Status.UP);
    assertThat(alive(LEADER)).isEqualTo(Status.UP);
    assertThat(data(new ReadyCheck(LEADER).call(), "role")).isEqualTo("leader");
  }

  @Test
  void shouldBeReadyWhenAStandby() {
    assertThat(ready(STANDBY)).isEqualTo(Status.UP);
    assertThat(data(new ReadyCheck(STANDBY).call(), "role")).isEqualTo("standby");
  }

  @Test
  void shouldStayAliveWhenTheApiServerIsAway() {
    assertThat(ready(CUT_OFF)).isEqualTo(Status.DOWN);
    assertThat(alive(CUT_OFF)).isEqualTo(Status.UP);
  }

  @Test
  void shouldAskForANewStartWhenACacheHasStopped() {
    HealthCheckResponse alive = new AliveCheck(BROKEN).call();

    assertThat(alive.getStatus()).isEqualTo(Status.DOWN);
    assertThat(data(alive, "stopped")).isEqualTo("VpcIP");
  }

  @Test
  void shouldAskForANewStartWhenThreadsAreDeadlocked() {
    HealthCheckResponse alive = new AliveCheck(LEADER, () -> "worker-1, worker-2").call();

    assertThat(alive.getStatus()).isEqualTo(Status.DOWN);
    assertThat(data(alive, "deadlocked")).isEqualTo("worker-1, worker-2");
  }

  @Test
  void shouldBeAliveWhenTheStartOfALeaderTakesItsTime() {
    assertThat(alive(State.electedFor(Duration.ofMinutes(2)))).isEqualTo(Status.UP);
  }

  @Test
  void shouldAskForANewStartWhenTheLeaseIsHeldAndNothingIsProcessed() {
    HealthCheckResponse alive =
        new AliveCheck(State.electedFor(Duration.ofSeconds(181)), () -> "").call();

    assertThat(alive.getStatus()).isEqualTo(Status.DOWN);
    assertThat(data(alive, "startingForSeconds")).isEqualTo(181L);
  }

  @Test
  void shouldAskForANewStartWhenTheLeaseIsNotRenewedAlthoughTheApiServerAnswers() {
    HealthCheckResponse alive =
        new AliveCheck(State.renewedBefore(Duration.ofSeconds(700)), () -> "").call();

    assertThat(alive.getStatus()).isEqualTo(Status.DOWN);
    assertThat(data(alive, "notRenewedForSeconds")).isEqualTo(700L);
  }

  @Test
  void shouldBeAliveWhenTheLeaseCannotBeRenewedBecauseTheApiServerIsAway() {
    assertThat(alive(State.renewedBefore(Duration.ofHours(1), "VpcIP"))).isEqualTo(Status.UP);
  }

  private static Status started(OperatorState state) {
    return new StartedCheck(state).call().getStatus();
  }

  private static Status ready(OperatorState state) {
    return new ReadyCheck(state).call().getStatus();
  }

  private static Status alive(OperatorState state) {
    return new AliveCheck(state).call().getStatus();
  }

  private static Object data(HealthCheckResponse response, String key) {
    return response.getData().orElseThrow().get(key);
  }
}
