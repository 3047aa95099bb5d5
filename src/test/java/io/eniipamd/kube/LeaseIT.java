package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A lease is lost, an API server hangs, a start fails: whatever happens, a process that leads works
 * and one that does not work ends. The test plays the kubelet, which starts a process again.
 */
class LeaseIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LEASE_LOST = 3;
  private static final int START_FAILED = 4;
  private static final int NOT_ALLOWED = 5;

  private static Stage stage;
  private static CountingProxy proxy;
  private static Scene scene;
  private static int pods;

  private final List<OperatorProcess> operators = new ArrayList<>();

  @BeforeAll
  static void open() {
    stage = Stage.set("lease", VpcLayout.standard());
    proxy = CountingProxy.start(stage.plane().url());
    stage.throughApiServerAt(proxy.url());
    var first = stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "lease");
    first.kill();
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
      proxy.close();
    }
  }

  @AfterEach
  void end() {
    proxy.goOn();
    operators.forEach(OperatorProcess::kill);
    assertThat(scene.violations()).isEmpty();
  }

  @Test
  void shouldServeWhenItWasFrozenForLongerThanItsLease() {
    servesWhenTheLeaseWasOver(OperatorProcess::freeze, OperatorProcess::thaw);
  }

  @Test
  void shouldServeWhenTheApiServerHungForLongerThanTheLease() {
    servesWhenTheLeaseWasOver(leader -> proxy.hang(), leader -> proxy.goOn());
  }

  /** More than once in a row: what ended or went on has to be as good as new. */
  private void servesWhenTheLeaseWasOver(
      Consumer<OperatorProcess> hindrance, Consumer<OperatorProcess> end) {
    var operator = start();
    for (int i = 0; i < 2; i++) {
      awaitLeader(operator);
      hindrance.accept(operator);
      awaitLeaseIsOver();
      end.accept(operator);

      operator = leadingOrStartedAgain(operator);
      servesAPod();
    }
  }

  /**
   * A lease that was over and that no other process took may be renewed by a request that was under
   * way; otherwise the process ends, and is started again.
   */
  private OperatorProcess leadingOrStartedAgain(OperatorProcess operator) {
    await("it leads again, or has ended")
        .atMost(PATIENCE)
        .until(() -> !operator.isAlive() || isRenewed());
    if (operator.isAlive()) {
      return operator;
    }
    assertThat(operator.awaitEnd(PATIENCE)).isEqualTo(LEASE_LOST);
    assertThat(operator.log()).content().contains("the lease kube-system/tke-eni-ipamd was lost");
    return start();
  }

  @Test
  void shouldHandTheLeaseToAndFroWhenOneOfTwoReplicasIsFrozen() {
    var one = start();
    awaitLeader(one);
    var other = start();
    for (int i = 0; i < 2; i++) {
      one.freeze();
      awaitLeader(other);
      servesAPod();
      one.thaw();

      assertThat(one.awaitEnd(PATIENCE)).isEqualTo(LEASE_LOST);
      servesAPod();

      one = other;
      other = start();
    }
  }

  @Test
  void shouldEndWhenItsStartFailsAndServeWhenTheCauseIsGone() {
    var role =
        stage.client().rbac().roles().inNamespace(Stage.NAMESPACE).withName(Stage.ACCOUNT).get();
    stage.client().resource(withoutConfigMaps(role)).update();
    try {
      assertThat(start().awaitEnd(PATIENCE)).isEqualTo(START_FAILED);
    } finally {
      Edits.edit(
          stage.client().rbac().roles().inNamespace(Stage.NAMESPACE).withName(Stage.ACCOUNT),
          current -> {
            current.setRules(role.getRules());
            return current;
          });
    }

    awaitLeader(start());

    servesAPod();
  }

  @Test
  void shouldEndAndNameTheRightWhenTheRoleDoesNotFitTheLease() {
    var named = start("--leader-election-lease-name=another");

    assertThat(named.awaitEnd(PATIENCE)).isEqualTo(NOT_ALLOWED);
    assertThat(named.log())
        .content()
        .contains(
            "may not get, list, watch, update, patch the lease kube-system/another"
                + " (--leader-election-namespace, --leader-election-lease-name)")
        .contains("Role tke-eni-ipamd in namespace kube-system")
        .contains("resourceNames: [another]");

    var placed = start("--leader-election-namespace=default");

    assertThat(placed.awaitEnd(PATIENCE)).isEqualTo(NOT_ALLOWED);
    assertThat(placed.log())
        .content()
        .contains("may not create, get, list, watch, update, patch the lease default/tke-eni-ipamd")
        .contains("namespace default");
  }

  private static Role withoutConfigMaps(Role role) {
    return role.edit()
        .withRules(
            role.getRules().stream()
                .filter(rule -> !rule.getResources().contains("configmaps"))
                .toList())
        .build();
  }

  private OperatorProcess start(String... more) {
    var flags = Stream.concat(Stream.of(StandingStage.QUICK), Stream.of(more));
    var operator = stage.startOperator(flags.toArray(String[]::new));
    operators.add(operator);
    return operator;
  }

  private static void servesAPod() {
    var name = "served-" + pods++;
    scene.run(PodSketch.immediate(name, "node-" + (pods % 5 + 1)));
    scene.end(name);
  }

  private static void awaitLeader(OperatorProcess operator) {
    await("it leads").atMost(PATIENCE).until(() -> leads(operator));
  }

  private static boolean leads(OperatorProcess operator) {
    try {
      return operator.get("/q/metrics").contains("ipamd_leading 1.0");
    } catch (UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  private static void awaitLeaseIsOver() {
    await("the lease is over").atMost(PATIENCE).until(() -> !leaseEnd().isAfter(Instant.now()));
  }

  private static boolean isRenewed() {
    return leaseEnd().isAfter(Instant.now());
  }

  private static Instant leaseEnd() {
    Lease lease =
        stage.client().leases().inNamespace(Stage.NAMESPACE).withName(Stage.ACCOUNT).get();
    return lease
        .getSpec()
        .getRenewTime()
        .toInstant()
        .plusSeconds(lease.getSpec().getLeaseDurationSeconds());
  }
}
