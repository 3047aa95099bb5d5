package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.NewPods;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.ServedWebhook;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSchedulingGate;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The webhook for new Pods, served by the operator with a certificate that it makes itself, in a
 * cluster of two zones and without admission policies.
 */
class WebhookIT {
  private static final String ZONE_LABEL = "topology.kubernetes.io/zone";

  private static Stage stage;
  private static ServedWebhook webhook;
  private static OperatorProcess operator;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("webhook", VpcLayout.standard());
    webhook = ServedWebhook.install(stage);
    operator = stage.startOperator(webhook.flags(StandingStage.QUICK));
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "webhook");
    awaitInForce();
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
  void shouldGetTheZoneOfItsAddressAtOnceWhenTheSchedulerPrefersAnotherOne() {
    create(requiring("node-1", fixed("web-0")));
    var address = scene.awaitRunning("web-0").getStatus().address();
    scene.retire("web-0");

    for (int i = 0; i < 3; i++) {
      var created = create(preferring("node-4", fixed("web-0")));

      assertThat(gates(created)).as("no gate is needed").isEmpty();
      assertThat(created.getSpec().getNodeSelector())
          .isEqualTo(Map.of(ZONE_LABEL, label("node-1")));
      assertThat(scene.awaitRunning("web-0").getStatus().address()).isEqualTo(address);
      scene.retire("web-0");
    }
  }

  @Test
  void shouldGetTheGateWhenItHasNoAddressYetAndRun() {
    var created = create(fixed("new-0").build(scene.namespace()));

    assertThat(gates(created)).containsExactly(Names.ZONE_GATE);
    assertThat(created.getSpec().getNodeSelector()).isNullOrEmpty();
    scene.awaitRunning("new-0");
    assertThat(gates(scene.pod("new-0").orElseThrow())).isEmpty();
    scene.retire("new-0");
  }

  @Test
  void shouldGetTheRequestWhenItAsksByTheAnnotationOnlyAndRun() {
    var created = create(PodSketch.immediate("asks", null).build(scene.namespace()));

    assertThat(created.getSpec())
        .isEqualTo(NewPods.changed(created.getSpec(), false, true))
        .satisfies(spec -> assertThat(spec.getSchedulingGates()).isEmpty());
    scene.awaitRunning("asks");
    scene.end("asks");
  }

  @Test
  void shouldTreatNewPodsAsThePoliciesDo() {
    assertThat(NewPods.in(scene.namespace()).cases())
        .hasSizeGreaterThan(45)
        .allSatisfy(
            of ->
                assertThat(dryRun(of.namespace(), of.pod()).getSpec())
                    .isEqualTo(
                        NewPods.changed(
                            dryRun(NewPods.UNTOUCHED, of.pod()).getSpec(),
                            of.gated(),
                            of.counted())));
  }

  @Test
  void shouldTellTheZoneOnAStandbyTooWhenAnAddressIsRetained() {
    create(requiring("node-1", fixed("both-0")));
    scene.awaitRunning("both-0");
    scene.retire("both-0");
    int port = ServedWebhook.freePort();
    var flags =
        Stream.concat(
                Stream.of(StandingStage.QUICK), Stream.of("--webhook", "--webhook-listen=" + port))
            .toArray(String[]::new);
    var pod = preferring("node-4", fixed("both-0"));

    try (var standby = stage.startOperator(flags)) {
      scene.until(
          "the standby tells the zone",
          () ->
              patch(ServedWebhook.ask(port, webhook.trusted(stage), pod).body())
                  .contains("{\"%s\":\"%s\"}".formatted(ZONE_LABEL, label("node-1"))));
      assertThat(standby.get("/q/health/ready")).contains("standby");
    }
  }

  @Test
  void shouldCreatePodsAsTheyAreWhenTheOperatorIsDown() {
    operator.kill();

    var created = create(fixed("down-0").build(scene.namespace()));

    assertThat(gates(created)).isEmpty();
    operator = stage.startOperator(webhook.flags(StandingStage.QUICK));
    awaitInForce();
    scene.awaitRunning("down-0");
    scene.retire("down-0");
  }

  /** Waits until the API server calls the operator, and it answers. */
  private static void awaitInForce() {
    scene.until(
        "the webhook is in force",
        () ->
            gates(dryRun(scene.namespace(), NewPods.fixedPod(pod -> pod)))
                .equals(List.of(Names.ZONE_GATE)));
  }

  private static String patch(String answer) {
    var review = new KubernetesSerialization().unmarshal(answer, AdmissionReview.class);
    return new String(
        Base64.getDecoder().decode(review.getResponse().getPatch()), StandardCharsets.UTF_8);
  }

  private static PodSketch fixed(String name) {
    return PodSketch.fixed(name, null).requesting(Names.ENI_IP);
  }

  private static Pod create(Pod pod) {
    return stage.client().resource(pod).create();
  }

  private static Pod dryRun(String namespace, Pod pod) {
    return stage
        .client()
        .pods()
        .inNamespace(namespace)
        .resource(new PodBuilder(pod).editMetadata().withNamespace(namespace).endMetadata().build())
        .dryRun(true)
        .create();
  }

  private static List<String> gates(Pod pod) {
    return pod.getSpec().getSchedulingGates().stream().map(PodSchedulingGate::getName).toList();
  }

  private static Pod preferring(String node, PodSketch sketch) {
    return new PodBuilder(sketch.build(scene.namespace()))
        .editSpec()
        .withNewAffinity()
        .withNewNodeAffinity()
        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
        .withWeight(100)
        .withNewPreference()
        .addNewMatchExpression()
        .withKey(ZONE_LABEL)
        .withOperator("In")
        .withValues(label(node))
        .endMatchExpression()
        .endPreference()
        .endPreferredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .endSpec()
        .build();
  }

  private static Pod requiring(String node, PodSketch sketch) {
    return new PodBuilder(sketch.build(scene.namespace()))
        .editSpec()
        .addToNodeSelector(ZONE_LABEL, label(node))
        .endSpec()
        .build();
  }

  /** What the nodes of the zone of a node carry: a number, as on TKE. */
  private static String label(String node) {
    return stage.client().nodes().withName(node).get().getMetadata().getLabels().get(ZONE_LABEL);
  }
}
