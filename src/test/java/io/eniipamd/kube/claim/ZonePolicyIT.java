package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.testing.AnnotatingWebhook;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.NewPods;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSchedulingGate;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The two policies of new Pods, installed as users install them, on an API server without the
 * operator: which Pods get the gate and the request, and that both take the same Pods for users of
 * VPC-CNI as the operator does.
 */
class ZonePolicyIT {
  private static final Path POLICIES = Path.of("src/main/kubernetes/zone-gate");
  private static final Path GATING = POLICIES.resolve("zone-gate.yml");
  private static final Path REQUEST = POLICIES.resolve("eni-ip-request.yml");
  private static final String GATE = "tke.cloud.tencent.com/fixed-ip-zone";
  private static final String UNTOUCHED = NewPods.UNTOUCHED;
  private static final String ANOTHERS_GATE = "example.org/wait";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private static ControlPlane plane;
  private static String namespace;

  @BeforeAll
  static void open() {
    plane =
        ControlPlane.start(
            Path.of("target", "stages", "zone-policy" + System.getProperty("stage.suffix", "")));
    namespace = plane.createNamespace("zone-policy");
    install();
  }

  @AfterAll
  static void close() {
    if (plane != null) {
      plane.close();
    }
  }

  static Stream<NewPods.Case> cases() {
    return NewPods.in(namespace).cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTakeThePodsForUsersOfVpcCniThatTheOperatorDoes(NewPods.Case of) {
    var request = read(of.pod());

    assertThat(request.requested().isPresent()).isEqualTo(of.usesVpcCni());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGateAndCountWhatAsksForIt(NewPods.Case of) {
    assertThat(created(of.namespace(), of.pod()).getSpec())
        .isEqualTo(expected(of, of.gated(), of.counted()));
  }

  @Test
  void shouldGateTheSamePodsWhenTheOtherPolicyIsLeftOut() {
    var pod = NewPods.fixedPod(p -> p);
    plane.runKubectl("delete", "-f", REQUEST.toString());
    try {
      await("the request is gone")
          .atMost(PATIENCE)
          .until(() -> !isCounted(created(namespace, pod)));

      assertThat(cases())
          .allSatisfy(
              of ->
                  assertThat(created(of.namespace(), of.pod()).getSpec())
                      .isEqualTo(expected(of, of.gated(), false)));
    } finally {
      install();
    }
  }

  @Test
  void shouldCountTheSamePodsWhenTheOtherPolicyIsLeftOut() {
    var pod = NewPods.fixedPod(p -> p);
    plane.runKubectl("delete", "-f", GATING.toString());
    try {
      await("the gate is gone")
          .atMost(PATIENCE)
          .until(() -> gates(created(namespace, pod)).isEmpty());

      assertThat(cases())
          .allSatisfy(
              of ->
                  assertThat(created(of.namespace(), of.pod()).getSpec())
                      .isEqualTo(expected(of, false, of.counted())));
    } finally {
      install();
    }
  }

  /** The Pod as the API server itself completes it, and what the policies are to add. */
  private static PodSpec expected(NewPods.Case of, boolean gated, boolean counted) {
    var untouched = created(UNTOUCHED, of.pod());
    assertThat(gates(untouched)).as("gates in " + UNTOUCHED).isEqualTo(gates(of.pod()));
    assertThat(limits(untouched)).as("limits in " + UNTOUCHED).isEqualTo(limits(of.pod()));
    return NewPods.changed(untouched.getSpec(), gated, counted);
  }

  @Test
  void shouldKeepTheGatesOfOthers() {
    var before =
        NewPods.fixedPod(pod -> pod.addToSchedulingGates(new PodSchedulingGate(ANOTHERS_GATE)));

    assertThat(gates(created(namespace, before))).containsExactlyInAnyOrder(ANOTHERS_GATE, GATE);
  }

  @Test
  void shouldGateAPodWhenOnlyAWebhookSaysThatItUsesVpcCni() throws IOException {
    var pod = NewPods.pod(Map.of(Names.DELETE_POLICY, "Never"), p -> p);
    assertThat(gates(created(namespace, pod))).as("without the webhook").isEmpty();
    var annotated = plane.createNamespace("zone-annotated");

    try (var webhook = AnnotatingWebhook.start(Names.NETWORKS, "tke-route-eni")) {
      var configuration = webhook.configuration("zone-annotated", annotated);
      plane.client().resource(configuration).create();
      try {
        await("the webhook is in force")
            .atMost(PATIENCE)
            .until(
                () ->
                    created(annotated, pod)
                        .getMetadata()
                        .getAnnotations()
                        .containsKey(Names.NETWORKS));

        assertThat(gates(created(annotated, pod))).containsExactly(GATE);
      } finally {
        plane.client().resource(configuration).delete();
      }
    }
  }

  @Test
  void shouldLeaveAPodAloneThatIsThereAlready() {
    var pods = plane.client().pods().inNamespace(namespace);
    pods.resource(
            new PodBuilder(NewPods.pod(Map.of(), pod -> pod))
                .editMetadata()
                .withName("plain")
                .endMetadata()
                .build())
        .create();

    var annotated =
        Edits.edit(
            pods.withName("plain"),
            p ->
                new PodBuilder(p)
                    .editMetadata()
                    .addToAnnotations(Names.NETWORKS, "tke-route-eni")
                    .addToAnnotations(Names.DELETE_POLICY, "Never")
                    .endMetadata()
                    .build());

    assertThat(gates(annotated)).isEmpty();
    assertThat(isCounted(annotated)).isFalse();
    pods.withName("plain").withGracePeriod(0).delete();
  }

  @Test
  void shouldKeepTheSchedulerFromThePodsOfAStatefulSetUntilTheGateIsGone() {
    var name = "gated";
    plane.client().resource(Workloads.statefulSet(name, namespace, 2, "zone-1")).create();
    var pods = plane.client().pods().inNamespace(namespace);
    for (var pod : List.of("gated-0", "gated-1")) {
      pods.withName(pod)
          .waitUntilCondition(
              p -> p != null && "SchedulingGated".equals(scheduled(p)),
              PATIENCE.toSeconds(),
              TimeUnit.SECONDS);
      assertThat(gates(pods.withName(pod).get())).containsExactly(GATE);
    }

    // As docs/zones.md has it, for a cluster that has lost its operator.
    plane.runKubectl(
        "patch",
        "pod",
        "gated-0",
        "-n",
        namespace,
        "-p",
        "{\"spec\": {\"schedulingGates\": [{\"$patch\": \"delete\", \"name\": \""
            + GATE
            + "\"}]}}");

    // There is no node to go to; but the scheduler has looked.
    pods.withName("gated-0")
        .waitUntilCondition(
            p -> "Unschedulable".equals(scheduled(p)), PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(gates(pods.withName("gated-0").get())).isEmpty();
    plane.client().apps().statefulSets().inNamespace(namespace).withName(name).delete();
  }

  /** Installs both and waits until they are in force, which takes the API server a moment. */
  private static void install() {
    plane.runKubectl(
        "--warnings-as-errors", "apply", "-f", GATING.toString(), "-f", REQUEST.toString());
    var probe = NewPods.fixedPod(pod -> pod);
    await("the policies are in force")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              var pod = created(namespace, probe);
              return gates(pod).equals(List.of(GATE)) && isCounted(pod);
            });
  }

  /** The Pod as the API server would store it. */
  private static Pod created(String namespace, Pod pod) {
    return plane
        .client()
        .pods()
        .inNamespace(namespace)
        .resource(new PodBuilder(pod).editMetadata().withNamespace(namespace).endMetadata().build())
        .dryRun(true)
        .create();
  }

  private static PodRequest read(Pod pod) {
    return PodRequests.of(JSON.unmarshal(JSON.asJson(pod), SlimPod.class));
  }

  private static List<String> gates(Pod pod) {
    return pod.getSpec().getSchedulingGates().stream().map(PodSchedulingGate::getName).toList();
  }

  private static boolean isCounted(Pod pod) {
    var resources = pod.getSpec().getContainers().getFirst().getResources();
    return resources != null && resources.getRequests().containsKey(Names.ENI_IP);
  }

  private static Map<String, Quantity> limits(Pod pod) {
    var resources = pod.getSpec().getContainers().getFirst().getResources();
    return resources == null ? Map.of() : resources.getLimits();
  }

  /** Why the Pod is on no node, or nothing. */
  private static String scheduled(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals("PodScheduled"))
        .map(PodCondition::getReason)
        .findFirst()
        .orElse("");
  }
}
