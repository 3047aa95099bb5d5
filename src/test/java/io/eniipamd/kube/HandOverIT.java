package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A leader is told to stop, as in a roll-out, while another process stands by. */
class HandOverIT {

  /** As the kubelet allows by the manifest. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** Much longer than a hand-over takes on a busy machine, so that the two cannot be confused. */
  private static final Duration LEASE = Duration.ofSeconds(90);

  private static final String[] LONG = {
    "--leader-election-lease-duration=90s",
    "--leader-election-renew-deadline=80s",
    "--leader-election-retry-period=500ms",
    "--quarantine=2m",
  };

  /** Over in reasonable time, and not lost by a leader on a busy machine. */
  private static final String[] SHORT = {
    "--leader-election-lease-duration=30s",
    "--leader-election-renew-deadline=25s",
    "--quarantine=40s",
  };

  private static final String OLD = "the-old";
  private static final String NEW = "the-new";
  private static final int PODS = 30;

  private static Stage stage;
  private static Scene scene;
  private static CountingProxy ofOld;
  private static CountingProxy ofNew;

  private final List<OperatorProcess> operators = new ArrayList<>();

  @BeforeAll
  static void open() {
    stage = Stage.set("hand-over", VpcLayout.standard());
    ofOld = CountingProxy.start(stage.plane().url(), OLD);
    ofNew = CountingProxy.start(stage.plane().url(), NEW);
    var first = stage.startOperator(SHORT);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "hand-over");
    first.kill();
    forgetTheLease();
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
      ofOld.close();
      ofNew.close();
    }
  }

  @AfterEach
  void end() {
    ofOld.goOn();
    try {
      // Before the operators end: who leads now brings to an end what the other has begun.
      Scene.awaitSound(stage);
      assertThat(scene.violations()).isEmpty();
    } finally {
      operators.forEach(OperatorProcess::kill);
      forgetTheLease();
    }
  }

  @Test
  void shouldGiveTheLeaseBackAfterItsLastChangeWhenItIsToldToStopUnderLoad() {
    var old = leader(LONG);
    var successor = standby(LONG);
    var passing = names("passing-");
    createAll(passing);
    passing.forEach(scene::awaitRunning);
    var mark = stage.plane().audit().mark();
    var coming = names("coming-");
    passing.forEach(HandOverIT::delete);
    createAll(coming);
    scene.until("it is at work", () -> changesOf(mark).count("vpcips/status") > 3);

    assertThat(old.terminate(GRACE)).isTrue();

    var before = addressesOf(coming);
    awaitLeader(successor);
    coming.forEach(scene::awaitRunning);
    passing.forEach(scene::awaitNoClaim);
    var addresses = addressesOf(coming);
    assertThat(addresses).hasSize(PODS).containsAllEntriesOf(before);
    assertThat(addresses.values()).doesNotHaveDuplicates();
    var writes = changesOf(mark);
    var release = writes.releaseOf(OLD);
    assertThat(writes.after(release, OLD)).as("changes after the release").isEmpty();
    assertThat(writes.before(release, NEW)).allMatch(e -> e.target().equals("leases"));
    var taken = writes.after(release, NEW).getFirst();
    assertThat(taken.target()).isEqualTo("leases");
    var renewal = writes.before(release, OLD).reversed().stream().filter(Changes::isRenewal);
    renewal
        .findFirst()
        .ifPresent(
            last -> assertThat(taken.time()).as("in its time").isBefore(last.time().plus(LEASE)));
  }

  @Test
  void shouldEndAndLetTheLeaseRunOutWhenTheApiServerDoesNotAnswer() {
    var old = leader(SHORT);
    var successor = standby(SHORT);
    scene.run(PodSketch.immediate("before-the-silence", "node-1"));
    var mark = stage.plane().audit().mark();

    ofOld.hang();
    assertThat(old.terminate(GRACE)).isTrue();

    awaitLeader(successor);
    scene.run(PodSketch.immediate("after-the-silence", "node-1"));
    assertThat(changesOf(mark).events)
        .noneMatch(e -> e.verb().equals("update") && e.target().equals("leases"));
    scene.end("before-the-silence");
    scene.end("after-the-silence");
  }

  private static List<String> names(String prefix) {
    return IntStream.range(0, PODS).mapToObj(i -> prefix + i).toList();
  }

  private static void createAll(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      scene.create(PodSketch.immediate(names.get(i), "node-" + (i % 5 + 1)));
    }
  }

  private static void delete(String pod) {
    stage.client().pods().inNamespace(scene.namespace()).withName(pod).delete();
  }

  /** Of those that have one. */
  private static Map<String, String> addressesOf(List<String> claims) {
    var found = new HashMap<String, String>();
    claims.forEach(name -> scene.address(name).ifPresent(ip -> found.put(name, ip)));
    return found;
  }

  private OperatorProcess leader(String... flags) {
    stage.throughApiServerAt(ofOld.url());
    var operator = stage.startOperator(flags);
    operators.add(operator);
    awaitLeader(operator);
    return operator;
  }

  /** One that has tried to get the lease. */
  private OperatorProcess standby(String... flags) {
    stage.throughApiServerAt(ofNew.url());
    var mark = stage.plane().audit().mark();
    var operator = stage.startOperator(flags);
    operators.add(operator);
    scene.until(
        "it stands by",
        () ->
            stage.plane().audit().since(mark).stream()
                .anyMatch(
                    e -> isOf(e, NEW) && e.verb().equals("get") && e.target().equals("leases")));
    return operator;
  }

  private static void awaitLeader(OperatorProcess operator) {
    scene.until("it leads", () -> leads(operator));
  }

  private static boolean leads(OperatorProcess operator) {
    try {
      return operator.get("/q/metrics").contains("ipamd_leading 1.0");
    } catch (UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  /** So that the next leader does not wait for the one of the last case. */
  private static void forgetTheLease() {
    stage.client().leases().inNamespace(Stage.NAMESPACE).withName(Stage.ACCOUNT).delete();
  }

  private static boolean isOf(AuditEvent event, String process) {
    return event.userAgent().equals(process);
  }

  private static Changes changesOf(AuditLog.Mark mark) {
    return new Changes(stage.plane().audit().writesSince(mark, ":" + Stage.ACCOUNT));
  }

  /** What both processes have changed, in the order of the answers. */
  private record Changes(List<AuditEvent> events) {
    long count(String target) {
      return events.stream().filter(e -> e.target().equals(target)).count();
    }

    static boolean isRenewal(AuditEvent event) {
      return event.target().equals("leases") && event.verb().equals("patch");
    }

    /** The elector patches the lease; the one that replaces it gives it back. */
    AuditEvent releaseOf(String process) {
      var found =
          events.stream()
              .filter(e -> isOf(e, process))
              .filter(e -> e.verb().equals("update") && e.target().equals("leases"))
              .toList();
      assertThat(found).hasSize(1).allMatch(AuditEvent::succeeded);
      return found.getFirst();
    }

    List<AuditEvent> after(AuditEvent one, String process) {
      return events.subList(events.indexOf(one) + 1, events.size()).stream()
          .filter(e -> isOf(e, process))
          .toList();
    }

    List<AuditEvent> before(AuditEvent one, String process) {
      return events.subList(0, events.indexOf(one)).stream().filter(e -> isOf(e, process)).toList();
    }
  }
}
