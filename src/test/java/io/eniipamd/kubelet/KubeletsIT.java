package io.eniipamd.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.controlplane.SharedControlPlane;
import io.eniipamd.testing.Edits;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeletsIT {

  private static final String KIND = "networking.tke.cloud.tencent.com/v1";
  private static final String NODE = "kubelets-it-a";
  private static final String OTHER_NODE = "kubelets-it-b";
  private static final String NETWORKS = "tke.cloud.tencent.com/networks";

  private ControlPlane plane;
  private KubernetesClient client;
  private Kubelets kubelets;
  private String namespace;

  @BeforeAll
  void startNodes() {
    plane = SharedControlPlane.get();
    client = plane.client();
    kubelets = Kubelets.start(plane.kubeconfigForUser("kubelets-it", "system:masters"));
    for (String node : List.of(NODE, OTHER_NODE)) {
      kubelets.addNode(new NodeSpec(node, "ap-test-1", "ins-" + node, "S5.LARGE8"));
    }
  }

  @AfterAll
  void stopNodes() {
    kubelets.close();
  }

  @BeforeEach
  void makeNamespace() {
    namespace = plane.createNamespace("kubelets-it");
  }

  @AfterEach
  void dropNamespace() {
    client.namespaces().withName(namespace).delete();
  }

  @Test
  void shouldOfferANodeAsTheCloudMakesItWhenItJoins() {
    var node = client.nodes().withName(NODE).get();

    assertThat(node.getSpec().getProviderID()).matches("qcloud:///16[0-9]{4}/ins-" + NODE);
    assertThat(node.getSpec().getTaints()).isEmpty();
    assertThat(node.getMetadata().getLabels())
        .hasEntrySatisfying("topology.kubernetes.io/zone", z -> assertThat(z).matches("16[0-9]{4}"))
        .containsEntry("topology.com.tencent.cloud.csi.cbs/zone", "ap-test-1")
        .containsEntry("node.kubernetes.io/instance-type", "S5.LARGE8");
    assertThat(node.getStatus().getAllocatable())
        .containsKeys("cpu", "memory", "pods")
        .doesNotContainKey("tke.cloud.tencent.com/eni-ip");
  }

  @Test
  void shouldRunAnOrdinaryPodAtOnceWhenItIsBound() {
    create(pod("plain", NODE));

    Pod running = awaitPod("plain", KubeletsIT::isReady);

    assertThat(running.getStatus().getPodIP()).startsWith("172.30.");
  }

  @Test
  void shouldUseTheNodesAddressWhenThePodIsOnTheHostNetwork() {
    create(
        new PodBuilder(pod("host", NODE))
            .editMetadata()
            .addToAnnotations(NETWORKS, "tke-route-eni")
            .endMetadata()
            .editSpec()
            .withHostNetwork()
            .endSpec()
            .build());

    Pod running = awaitPod("host", KubeletsIT::isReady);

    assertThat(running.getStatus().getPodIP()).isEqualTo(running.getStatus().getHostIP());
  }

  @Test
  void shouldRunAVpcCniPodOnlyWhenItsClaimIsBoundToItsUidOnItsNode() {
    Pod pod = create(annotated("web-0", NODE));
    createClaim("web-0");

    bindClaim("web-0", "10.0.0.5", "another-uid", NODE);
    assertStaysPending("web-0");
    bindClaim("web-0", "10.0.0.5", pod.getMetadata().getUid(), OTHER_NODE);
    assertStaysPending("web-0");
    bindClaim("web-0", "10.0.0.5", pod.getMetadata().getUid(), NODE);

    Pod running = awaitPod("web-0", KubeletsIT::isReady);
    assertThat(running.getStatus().getPodIP()).isEqualTo("10.0.0.5");
    assertThat(kubelets.addressesInUse()).containsEntry(namespace + "/web-0", "10.0.0.5");
    assertThat(violations()).isEmpty();
  }

  @Test
  void shouldWaitForAClaimWhenOnlyTheExtendedResourceAsksForIt() {
    Edits.editStatus(
        client.nodes().withName(NODE),
        node -> {
          Quantity ten = new Quantity("10");
          node.getStatus().getCapacity().put("tke.cloud.tencent.com/eni-ip", ten);
          node.getStatus().getAllocatable().put("tke.cloud.tencent.com/eni-ip", ten);
          return node;
        });
    Map<String, Quantity> one = Map.of("tke.cloud.tencent.com/eni-ip", new Quantity("1"));
    Pod pod =
        create(
            new PodBuilder(pod("res-0", NODE))
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .withLimits(one)
                .withRequests(one)
                .endResources()
                .endContainer()
                .endSpec()
                .build());
    assertStaysPending("res-0");

    createClaim("res-0");
    bindClaim("res-0", "10.0.0.6", pod.getMetadata().getUid(), NODE);

    awaitPod("res-0", KubeletsIT::isReady);
  }

  @Test
  void shouldTakeAPodAwayAfterItsGracePeriodWhenItIsDeleted() {
    create(pod("short", NODE));
    awaitPod("short", KubeletsIT::isReady);
    Instant deleted = Instant.now();

    client.pods().inNamespace(namespace).withName("short").withGracePeriod(30_000).delete();

    awaitGone("short");
    assertThat(Duration.between(deleted, Instant.now()))
        .isBetween(Kubelets.DEFAULT_GRACE_CAP.minusMillis(200), Duration.ofSeconds(15));
  }

  @Test
  void shouldTakeAPodAwayAtOnceWhenItNeverRan() {
    create(annotated("waiting", NODE));
    assertStaysPending("waiting");

    client.pods().inNamespace(namespace).withName("waiting").withGracePeriod(30_000).delete();

    awaitGone("waiting");
  }

  @Test
  void shouldKeepATerminatingPodWhileItsNodeIsLost() {
    kubelets.addNode(new NodeSpec("kubelets-it-lost", "ap-test-1", "ins-lost", "S5.LARGE8"));
    create(pod("stuck", "kubelets-it-lost"));
    awaitPod("stuck", KubeletsIT::isReady);

    kubelets.loseNode("kubelets-it-lost");
    client.pods().inNamespace(namespace).withName("stuck").withGracePeriod(1_000).delete();

    during(Duration.ofSeconds(3)).until(() -> get("stuck") != null);
    kubelets.recoverNode("kubelets-it-lost");
    awaitGone("stuck");
    kubelets.removeNode("kubelets-it-lost");
    assertThat(client.nodes().withName("kubelets-it-lost").get()).isNull();
  }

  @Test
  void shouldStartAPodLateWhenItsKubeletIsSlow() {
    kubelets.delay(OTHER_NODE, Duration.ofSeconds(2));
    try {
      create(pod("late", OTHER_NODE));

      during(Duration.ofMillis(1500)).until(() -> !isReady(get("late")));
      awaitPod("late", KubeletsIT::isReady);
    } finally {
      kubelets.delay(OTHER_NODE, Duration.ZERO);
    }
  }

  @Test
  void shouldEndAPodWhenItsContainersFinish() {
    create(
        new PodBuilder(pod("job", NODE)).editSpec().withRestartPolicy("Never").endSpec().build());
    awaitPod("job", KubeletsIT::isReady);

    kubelets.finish(namespace, "job", PodOutcome.FAILED);

    awaitPod("job", pod -> pod.getStatus().getPhase().equals("Failed"));
  }

  @Test
  void shouldReportWhatBreaksTheContractWhenItSeesIt() {
    for (String name : List.of("one", "two")) {
      Pod pod = create(annotated(name, NODE));
      createClaim(name);
      bindClaim(name, "10.0.0.9", pod.getMetadata().getUid(), NODE);
      awaitPod(name, KubeletsIT::isReady);
    }
    bindClaim("one", "10.0.0.10", get("one").getMetadata().getUid(), NODE);
    claims().withName("two").delete();

    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(violations())
                    .extracting(Violation::kind, Violation::pod)
                    .containsExactlyInAnyOrder(
                        tuple(Violation.Kind.DUPLICATE_ADDRESS, "one"),
                        tuple(Violation.Kind.ADDRESS_CHANGED, "one"),
                        tuple(Violation.Kind.ADDRESS_TAKEN_AWAY, "two")));
  }

  @Test
  void shouldBlameNobodyWhenAPodTakenAwayByForceFreesItsAddress() {
    Pod first = create(annotated("forced", NODE));
    createClaim("forced");
    bindClaim("forced", "10.0.0.20", first.getMetadata().getUid(), NODE);
    awaitPod("forced", KubeletsIT::isReady);

    client.pods().inNamespace(namespace).withName("forced").withGracePeriod(0).delete();
    Pod second = create(annotated("next", OTHER_NODE));
    createClaim("next");
    bindClaim("next", "10.0.0.20", second.getMetadata().getUid(), OTHER_NODE);

    awaitPod("next", KubeletsIT::isReady);
    assertThat(violations()).isEmpty();
  }

  @Test
  void shouldReplaceEveryPodOfAStatefulSetUnderItsNameWhenItIsRestarted() {
    plane.runKubectl(
        "--namespace=" + namespace,
        "apply",
        "--server-side",
        "--filename=src/test/resources/kubelet/statefulset.yaml");
    awaitPod("db-1", KubeletsIT::isReady);
    String before = get("db-0").getMetadata().getUid();

    plane.runKubectl("--namespace=" + namespace, "rollout", "restart", "statefulset/db");

    awaitPod("db-0", pod -> !pod.getMetadata().getUid().equals(before) && isReady(pod));
    plane.runKubectl("--namespace=" + namespace, "rollout", "status", "statefulset/db");
  }

  @Test
  void shouldRunTwoHundredPodsOfADeploymentWhenTheyComeAtOnce() {
    plane.runKubectl(
        "--namespace=" + namespace,
        "create",
        "deployment",
        "many",
        "--image=none",
        "--replicas=200");

    await()
        .atMost(90, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                Integer.valueOf(200)
                    .equals(
                        client
                            .apps()
                            .deployments()
                            .inNamespace(namespace)
                            .withName("many")
                            .get()
                            .getStatus()
                            .getReadyReplicas()));
    List<String> addresses =
        new ArrayList<>(
            client.pods().inNamespace(namespace).list().getItems().stream()
                .map(pod -> pod.getStatus().getPodIP())
                .toList());
    assertThat(addresses).hasSize(200).doesNotHaveDuplicates();
  }

  private List<Violation> violations() {
    return kubelets.violations().stream().filter(it -> it.namespace().equals(namespace)).toList();
  }

  private Pod pod(String name, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .addToNodeSelector("kubernetes.io/hostname", node)
        .addNewContainer()
        .withName("main")
        .withImage("none")
        .endContainer()
        .endSpec()
        .build();
  }

  private Pod annotated(String name, String node) {
    return new PodBuilder(pod(name, node))
        .editMetadata()
        .addToAnnotations(NETWORKS, "tke-route-eni")
        .endMetadata()
        .build();
  }

  private Pod create(Pod pod) {
    return client.pods().inNamespace(namespace).resource(pod).create();
  }

  private Pod get(String name) {
    return client.pods().inNamespace(namespace).withName(name).get();
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      claims() {
    return client.genericKubernetesResources(KIND, "VpcIPClaim").inNamespace(namespace);
  }

  private void createClaim(String name) {
    claims()
        .resource(
            new GenericKubernetesResourceBuilder()
                .withApiVersion(KIND)
                .withKind("VpcIPClaim")
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties("spec", Map.of("networkMode", "tke-route-eni"))
                .build())
        .create();
  }

  private void bindClaim(String name, String address, String podUid, String node) {
    Edits.editStatus(
        claims().withName(name),
        claim -> {
          claim.setAdditionalProperty(
              "status",
              Map.of(
                  "phase", "Bound",
                  "podUID", podUid,
                  "nodeName", node,
                  "address", address,
                  "subnetCIDR", "10.0.0.0/24",
                  "gateway", "10.0.0.1",
                  "eniId", "eni-1",
                  "eniMac", "20:90:6f:00:00:01"));
          return claim;
        });
  }

  private Pod awaitPod(String name, Predicate<Pod> condition) {
    return client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(pod -> pod != null && condition.test(pod), 30, TimeUnit.SECONDS);
  }

  private void awaitGone(String name) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(pod -> pod == null, 30, TimeUnit.SECONDS);
  }

  private void assertStaysPending(String name) {
    awaitPod(name, pod -> pod.getSpec().getNodeName() != null);
    during(Duration.ofMillis(700)).until(() -> get(name).getStatus().getPhase().equals("Pending"));
  }

  private static ConditionFactory during(Duration duration) {
    return await().during(duration).atMost(duration.plusSeconds(10));
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }
}
