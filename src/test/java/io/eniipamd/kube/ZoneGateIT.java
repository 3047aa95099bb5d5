package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fixed IPs in a cluster of two zones, whose scheduler would choose the wrong one every time: each
 * Pod prefers the other zone.
 */
class ZoneGateIT {
  private static final String ZONE_LABEL = "topology.kubernetes.io/zone";
  private static final String ZONE_3 = "ap-guangzhou-3";
  private static final String ZONE_4 = "ap-guangzhou-4";
  private static final String OPERATOR =
      "system:serviceaccount:" + Stage.NAMESPACE + ":" + Stage.ACCOUNT;
  private static final Set<String> NODES_OF_3 = Set.of("node-1", "node-2", "node-3");

  private static Stage stage;
  private static OperatorProcess operator;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("zone-gate", VpcLayout.standard());
    operator = stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "zones");
  }

  @AfterAll
  static void soundAtTheEnd() {
    if (stage == null) {
      return;
    }
    try {
      Scene.awaitSound(stage);
      assertThat(stage.kubelets().violations()).isEmpty();
      assertThat(stage.plane().audit().events())
          .as("refused to the operator")
          .filteredOn(event -> event.user().endsWith(":" + Stage.ACCOUNT))
          .noneMatch(event -> event.code() == 403);
    } finally {
      stage.close();
    }
  }

  @Test
  void shouldRunInTheZoneOfItsAddressWhenTheSchedulerPrefersAnotherOne() {
    var address = firstIn("web-0", ZONE_3);
    scene.retire("web-0");

    for (int i = 0; i < 3; i++) {
      var mark = stage.plane().audit().mark();
      create(gated(preferring(ZONE_4, fixed("web-0"))));

      assertThat(scene.awaitRunning("web-0").getStatus().address()).isEqualTo(address);
      var pod = scene.pod("web-0").orElseThrow();
      assertThat(NODES_OF_3).contains(pod.getSpec().getNodeName());
      assertThat(pod.getSpec().getNodeSelector()).isEqualTo(Map.of(ZONE_LABEL, label(ZONE_3)));
      assertThat(patches(mark, "web-0")).as("one patch opens the gate").isEqualTo(1);
      scene.retire("web-0");
    }

    // Without the gate the scheduler follows the preference, and the Pod is told.
    create(preferring(ZONE_4, fixed("web-0")));
    scene.awaitCondition("web-0", "Ready", "ZoneMismatch");
    scene.retire("web-0");
  }

  @Test
  void shouldLeaveTheZoneOpenWhenThePodHasNoAddressYet() {
    create(gated(preferring(ZONE_4, fixed("new-0"))));

    scene.awaitRunning("new-0");

    var pod = scene.pod("new-0").orElseThrow();
    assertThat(NODES_OF_3).doesNotContain(pod.getSpec().getNodeName());
    assertThat(pod.getSpec().getNodeSelector()).isNullOrEmpty();
    scene.retire("new-0");
  }

  @Test
  void shouldRunInTheZoneOfTheSubnetThatItNominates() {
    create(
        gated(
            preferring(ZONE_3, fixed("named-0").with(Names.NOMINATED_SUBNETS, "subnet-gz4pods1"))));

    assertThat(scene.awaitRunning("named-0").getStatus().subnetId()).isEqualTo("subnet-gz4pods1");
    scene.retire("named-0");
  }

  @Test
  void shouldWaitForTheOperatorWhenItIsDownAndRunInTheZoneWhenItIsBack() {
    var address = firstIn("down-0", ZONE_3);
    scene.retire("down-0");
    operator.kill();

    create(gated(preferring(ZONE_4, fixed("down-0"))));
    scene.until(
        "the scheduler sees the gate",
        () ->
            scene.pod("down-0").orElseThrow().getStatus().getConditions().stream()
                .anyMatch(c -> "SchedulingGated".equals(c.getReason())));
    operator = stage.startOperator(StandingStage.QUICK);

    assertThat(scene.awaitRunning("down-0").getStatus().address()).isEqualTo(address);
    scene.retire("down-0");
  }

  @Test
  void shouldTellTheConflictWhenThePodExcludesTheZoneOfItsAddress() {
    var address = firstIn("torn-0", ZONE_3);
    scene.retire("torn-0");

    create(gated(requiring(fixed("torn-0").build(scene.namespace()), "no-such-zone")));

    var condition = scene.awaitCondition("torn-0", "Ready", "ZoneConflict");
    assertThat(condition.message()).contains(ZONE_3, address, ZONE_LABEL + ": " + label(ZONE_3));
    scene.until(
        "an event on the Pod",
        () ->
            scene.events("Pod", "torn-0").stream()
                .anyMatch(e -> e.getReason().equals("ZoneConflict")));
    scene.until("it is not gated any more", () -> gates("torn-0") == 0);
    assertThat(scene.pod("torn-0").orElseThrow().getSpec().getNodeSelector()).isNullOrEmpty();

    // The way out: a Pod that allows the zone.
    scene.end("torn-0");
    create(gated(preferring(ZONE_4, fixed("torn-0"))));
    assertThat(scene.awaitRunning("torn-0").getStatus().address()).isEqualTo(address);
    scene.retire("torn-0");
  }

  @Test
  void shouldOpenTheGateOfAPodThatAsksForNoAddressAndLeaveOtherGatesAlone() {
    create(gated(PodSketch.plain("plain", null).build(scene.namespace())));
    scene.until(
        "it is scheduled", () -> scene.pod("plain").orElseThrow().getSpec().getNodeName() != null);

    var both = gated(fixed("both-0").build(scene.namespace()));
    create(
        new PodBuilder(both)
            .editSpec()
            .addNewSchedulingGate()
            .withName("example.org/quota")
            .endSchedulingGate()
            .endSpec()
            .build());
    scene.until("our gate is gone", () -> gates("both-0") == 1);
    assertThat(scene.pod("both-0").orElseThrow().getSpec().getSchedulingGates())
        .extracting(g -> g.getName())
        .containsExactly("example.org/quota");
    scene.end("both-0");
  }

  /** A Pod that gets its address in this zone. */
  private static String firstIn(String name, String zone) {
    create(gated(requiring(fixed(name).build(scene.namespace()), label(zone))));
    return scene.awaitRunning(name).getStatus().address();
  }

  private static PodSketch fixed(String name) {
    return PodSketch.fixed(name, null).requesting(Names.ENI_IP);
  }

  private static void create(Pod pod) {
    stage.client().resource(pod).create();
  }

  private static Pod gated(Pod pod) {
    return new PodBuilder(pod)
        .editSpec()
        .addNewSchedulingGate()
        .withName(Names.ZONE_GATE)
        .endSchedulingGate()
        .endSpec()
        .build();
  }

  private static Pod preferring(String zone, PodSketch sketch) {
    return new PodBuilder(sketch.build(scene.namespace()))
        .editSpec()
        .withNewAffinity()
        .withNewNodeAffinity()
        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
        .withWeight(100)
        .withNewPreference()
        .withMatchExpressions(isIn(label(zone)))
        .endPreference()
        .endPreferredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .endSpec()
        .build();
  }

  private static Pod requiring(Pod pod, String value) {
    return new PodBuilder(pod)
        .editSpec()
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .addNewNodeSelectorTerm()
        .withMatchExpressions(isIn(value))
        .endNodeSelectorTerm()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .endSpec()
        .build();
  }

  private static NodeSelectorRequirement isIn(String value) {
    return new NodeSelectorRequirementBuilder()
        .withKey(ZONE_LABEL)
        .withOperator("In")
        .withValues(value)
        .build();
  }

  /** What the nodes of a zone carry: a number, as on TKE. */
  private static String label(String zone) {
    var node = zone.equals(ZONE_3) ? "node-1" : "node-4";
    return stage.client().nodes().withName(node).get().getMetadata().getLabels().get(ZONE_LABEL);
  }

  private static int gates(String pod) {
    return scene.pod(pod).orElseThrow().getSpec().getSchedulingGates().size();
  }

  private static long patches(AuditLog.Mark mark, String pod) {
    return stage.plane().audit().writesSince(mark, OPERATOR).stream()
        .filter(event -> event.resource().equals("pods") && event.verb().equals("patch"))
        .filter(event -> event.name().equals(pod))
        .filter(AuditEvent::succeeded)
        .count();
  }
}
