package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two operators that each believe to lead, by a lease of their own. */
class TwoOperatorsIT {
  private static final int PODS = 30;
  private static final String OTHER_LEASE = "tke-eni-ipamd-by-mistake";

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("two-operators", VpcLayout.standard());
    stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "two");
    allowTheOtherLease();
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldHoldNoAddressTwiceWhenASecondOperatorIsStartedByMistake() {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--leader-election-lease-name=" + OTHER_LEASE);
    try (var second = stage.startOperator(flags.toArray(String[]::new))) {
      scene.until(
          "the second leads too",
          () ->
              stage
                      .client()
                      .leases()
                      .inNamespace(Stage.NAMESPACE)
                      .withName(OTHER_LEASE)
                      .get()
                      .getSpec()
                      .getHolderIdentity()
                  != null);

      var pods = new ArrayList<PodSketch>();
      for (int i = 0; i < PODS; i++) {
        var node = "node-" + (i % 5 + 1);
        pods.add(
            i % 2 == 0
                ? PodSketch.fixed("fixed-" + i, node)
                : PodSketch.immediate("brief-" + i, node));
      }
      pods.parallelStream().forEach(scene::create);
      pods.forEach(p -> scene.awaitRunning(p.name()));
      assertNothingIsHeldTwice(PODS);

      pods.parallelStream().forEach(p -> scene.end(p.name()));
      pods.parallelStream().forEach(scene::create);
      pods.forEach(p -> scene.awaitRunning(p.name()));
      assertNothingIsHeldTwice(PODS);
      assertThat(second.isAlive()).isTrue();

      pods.parallelStream().forEach(p -> scene.end(p.name()));
      pods.stream()
          .filter(p -> p.name().startsWith("fixed"))
          .forEach(p -> scene.deleteClaim(p.name()));
      pods.forEach(p -> scene.awaitNoClaim(p.name()));
    }
  }

  /** The shipped role names the one lease; two leaders take a second mistake. */
  private static void allowTheOtherLease() {
    stage
        .client()
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withNamespace(Stage.NAMESPACE)
                .withName(OTHER_LEASE)
                .endMetadata()
                .addNewRule()
                .withApiGroups("coordination.k8s.io")
                .withResources("leases")
                .withResourceNames(OTHER_LEASE)
                .withVerbs("get", "list", "watch", "update", "patch")
                .endRule()
                .build())
        .create();
    stage
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(Stage.NAMESPACE)
                .withName(OTHER_LEASE)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", OTHER_LEASE)
                .addNewSubject(null, "ServiceAccount", Stage.ACCOUNT, Stage.NAMESPACE)
                .build())
        .create();
  }

  private static void assertNothingIsHeldTwice(int pods) {
    var used = new HashSet<String>();
    stage
        .kubelets()
        .addressesInUse()
        .forEach(
            (pod, address) -> {
              if (pod.startsWith(scene.namespace() + "/")) {
                assertThat(used.add(address)).as("%s of %s is in use once", address, pod).isTrue();
              }
            });
    assertThat(used).hasSize(pods);
    assertThat(scene.violations()).isEmpty();
    // Throws where the cloud's own rules are broken.
    assertThat(stage.vpc().snapshot().secondaryAddresses()).doesNotHaveDuplicates();
  }
}
