package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.testing.AnnotatingWebhook;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSchedulingGate;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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
  private static final String UNTOUCHED = "kube-system";
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

  /**
   * A Pod, and what is to become of it.
   *
   * @param name what is particular about it
   * @param usesVpcCni whether the operator serves it
   * @param gated whether it gets the gate
   * @param counted whether its first container gets the request for an address
   */
  record Case(
      String name, String namespace, Pod pod, boolean usesVpcCni, boolean gated, boolean counted) {
    @Override
    public String toString() {
      return name;
    }

    Case in(String other) {
      return new Case(name, other, pod, usesVpcCni, gated, counted);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
            ofNetworks(),
            ofResources(),
            ofWhatMakesTheAddressFixed(),
            ofPodsThatAreLeftAlone(),
            ofPodsThatAreHardToChange())
        .flatMap(s -> s);
  }

  private static Stream<Case> ofNetworks() {
    return Stream.of(
        fixed("a shared ENI", "tke-route-eni", true, true, true),
        fixed("an ENI of its own", "tke-direct-eni", true, true, false),
        fixed("an interface behind it", "tke-route-eni@eth0", true, true, true),
        fixed("an empty interface behind it", "tke-route-eni@", true, true, true),
        fixed("spaces around it", "  tke-route-eni ", true, true, true),
        fixed("a space before the interface", "tke-route-eni @eth0", true, true, true),
        fixed("a line's end behind it", "tke-route-eni\n", true, true, true),
        fixed("first of a list", "tke-route-eni@eth0,tke-rdma@eth1", true, true, true),
        fixed("last of a list", "tke-rdma@eth1 , tke-route-eni", true, true, true),
        fixed("twice in a list", "tke-route-eni,tke-route-eni@eth1", true, true, true),
        fixed("an own ENI in a list", "tke-rdma@eth1,\ttke-direct-eni@eth0", true, true, false),
        fixed("both of ours", "tke-route-eni, tke-direct-eni", true, true, false),
        fixed("empty entries in a list", ",,tke-route-eni,", true, true, true),
        fixed("none of ours", "tke-bridge,tke-rdma@eth1", false, false, false),
        fixed("ours as an interface", "tke-rdma@tke-route-eni", false, false, false),
        fixed("ours within a longer name", "my-tke-route-eni", false, false, false),
        fixed("a longer name than ours", "tke-route-eni-2@eth0", false, false, false),
        fixed("other letters", "TKE-ROUTE-ENI", false, false, false),
        fixed("an empty list", "", false, false, false));
  }

  private static Stream<Case> ofResources() {
    return Stream.of(
        asking("a container", true, pod -> pod.withContainers(both(Names.ENI_IP))),
        asking(
            "the second container",
            true,
            pod -> pod.withContainers(container("first"), both(Names.ENI_IP))),
        asking("an init container", true, pod -> pod.withInitContainers(both(Names.DIRECT_ENI))),
        asking(
            "a sidecar",
            true,
            pod ->
                pod.withInitContainers(
                    new ContainerBuilder(both(Names.ENI_IP)).withRestartPolicy("Always").build())),
        asking(
            "limits only",
            true,
            pod -> pod.withContainers(container("main", Map.of(), one(Names.ENI_IP)))),
        asking("an ENI of its own", true, pod -> pod.withContainers(both(Names.DIRECT_ENI))),
        asking(
            "an amount of none",
            true,
            pod ->
                pod.withContainers(
                    container(
                        "main",
                        Map.of(Names.ENI_IP, new Quantity("0")),
                        Map.of(Names.ENI_IP, new Quantity("0"))))),
        asking("another resource", false, pod -> pod.withContainers(both("example.org/eni-ip"))),
        asking(
            "cpu only",
            false,
            pod ->
                pod.withContainers(container("main", Map.of("cpu", new Quantity("1")), Map.of()))),
        new Case(
            "the annotation and a sidecar's request",
            namespace,
            pod(
                Map.of(Names.NETWORKS, "tke-route-eni", Names.DELETE_POLICY, "Never"),
                pod -> pod.withInitContainers(both(Names.ENI_IP))),
            true,
            true,
            false),
        new Case(
            "the annotation and the other's request",
            namespace,
            pod(
                Map.of(Names.NETWORKS, "tke-route-eni", Names.DELETE_POLICY, "Never"),
                pod -> pod.withContainers(both(Names.DIRECT_ENI))),
            true,
            true,
            false));
  }

  private static Stream<Case> ofWhatMakesTheAddressFixed() {
    return Stream.of(
        shared("no policy", Map.of(), false),
        shared("policy Immediate", Map.of(Names.DELETE_POLICY, "Immediate"), false),
        shared("an unknown policy", Map.of(Names.DELETE_POLICY, "never"), false),
        shared("spaces around the policy", Map.of(Names.DELETE_POLICY, " Never "), true),
        shared("a nominated address", Map.of(Names.NOMINATED_IP, "10.0.1.20"), true),
        shared(
            "a nominated address, policy Immediate",
            Map.of(Names.NOMINATED_IP, "10.0.1.20", Names.DELETE_POLICY, "Immediate"),
            true),
        shared("nominated subnets", Map.of(Names.NOMINATED_SUBNETS, "subnet-a,subnet-b"), true),
        shared("an expiry only", Map.of(Names.CLAIM_EXPIRED_DURATION, "1h"), false),
        new Case(
            "a nominated address without VPC-CNI",
            namespace,
            pod(Map.of(Names.NOMINATED_IP, "10.0.1.20"), pod -> pod),
            false,
            false,
            false),
        new Case(
            "no annotation at all", namespace, pod(Map.of(), pod -> pod), false, false, false));
  }

  private static Stream<Case> ofPodsThatAreLeftAlone() {
    return Stream.of(
        new Case(
            "in its node's network",
            namespace,
            fixedPod(pod -> pod.withHostNetwork(true)),
            false,
            false,
            false),
        new Case(
            "with hostNetwork written as false",
            namespace,
            fixedPod(pod -> pod.withHostNetwork(false)),
            true,
            true,
            true),
        new Case(
            "on a node already",
            namespace,
            fixedPod(pod -> pod.withNodeName("node-1")),
            true,
            false,
            false),
        new Case("in kube-system", UNTOUCHED, fixedPod(pod -> pod), true, false, false),
        fixed("in default", "tke-route-eni", true, true, true).in("default"));
  }

  /** With what the API server accepts and a merge may stumble over. */
  private static Stream<Case> ofPodsThatAreHardToChange() {
    return Stream.of(
        new Case(
            "with the gate already",
            namespace,
            fixedPod(pod -> pod.addToSchedulingGates(new PodSchedulingGate(GATE))),
            true,
            true,
            true),
        new Case(
            "with the same variable twice",
            namespace,
            fixedPod(
                pod ->
                    pod.withContainers(
                        new ContainerBuilder(container("main"))
                            .addNewEnv()
                            .withName("A")
                            .withValue("1")
                            .endEnv()
                            .addNewEnv()
                            .withName("A")
                            .withValue("2")
                            .endEnv()
                            .build())),
            true,
            true,
            true),
        new Case(
            "with the same port twice",
            namespace,
            fixedPod(
                pod ->
                    pod.withContainers(
                        new ContainerBuilder(container("main"))
                            .addNewPort()
                            .withContainerPort(53)
                            .withProtocol("UDP")
                            .withName("a")
                            .endPort()
                            .addNewPort()
                            .withContainerPort(53)
                            .withProtocol("UDP")
                            .withName("b")
                            .endPort()
                            .build())),
            true,
            true,
            true),
        new Case(
            "with many containers, annotations and networks",
            namespace,
            new PodBuilder(
                    pod(
                        Map.of(
                            Names.NETWORKS,
                            "tke-rdma@eth1,".repeat(500) + "tke-route-eni",
                            Names.DELETE_POLICY,
                            "Never"),
                        pod ->
                            pod.withContainers(
                                    numbered("main", 100, Map.of("cpu", new Quantity("10m"))))
                                .withInitContainers(
                                    numbered("init", 100, Map.of("memory", new Quantity("10Mi"))))))
                .editMetadata()
                .addToAnnotations("example.org/long", "x".repeat(100_000))
                .endMetadata()
                .build(),
            true,
            true,
            true));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTakeThePodsForUsersOfVpcCniThatTheOperatorDoes(Case of) {
    var request = read(of.pod());

    assertThat(request.requested().isPresent()).isEqualTo(of.usesVpcCni());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGateAndCountWhatAsksForIt(Case of) {
    assertThat(created(of.namespace(), of.pod()).getSpec())
        .isEqualTo(expected(of, of.gated(), of.counted()));
  }

  @Test
  void shouldGateTheSamePodsWhenTheOtherPolicyIsLeftOut() {
    var pod = fixedPod(p -> p);
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
    var pod = fixedPod(p -> p);
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
  private static PodSpec expected(Case of, boolean gated, boolean counted) {
    var untouched = created(UNTOUCHED, of.pod());
    assertThat(gates(untouched)).as("gates in " + UNTOUCHED).isEqualTo(gates(of.pod()));
    assertThat(limits(untouched)).as("limits in " + UNTOUCHED).isEqualTo(limits(of.pod()));
    var expected = new PodBuilder(untouched).editSpec();
    if (gated) {
      expected.withSchedulingGates(new PodSchedulingGate(GATE));
    }
    if (counted) {
      expected
          .editFirstContainer()
          .editOrNewResources()
          .addToRequests(one(Names.ENI_IP))
          .addToLimits(one(Names.ENI_IP))
          .endResources()
          .endContainer();
    }
    return expected.endSpec().build().getSpec();
  }

  @Test
  void shouldKeepTheGatesOfOthers() {
    var before = fixedPod(pod -> pod.addToSchedulingGates(new PodSchedulingGate(ANOTHERS_GATE)));

    assertThat(gates(created(namespace, before))).containsExactlyInAnyOrder(ANOTHERS_GATE, GATE);
  }

  @Test
  void shouldGateAPodWhenOnlyAWebhookSaysThatItUsesVpcCni() throws IOException {
    var pod = pod(Map.of(Names.DELETE_POLICY, "Never"), p -> p);
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
            new PodBuilder(pod(Map.of(), pod -> pod))
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
    plane.runKubectl("--warnings-as-errors", "apply", "-f", POLICIES.toString());
    var probe = fixedPod(pod -> pod);
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

  // --------------------------------------------------------------------------------------- Pods

  private static Case fixed(
      String name, String networks, boolean uses, boolean gated, boolean counted) {
    return new Case(name, namespace, fixedPod(networks, pod -> pod), uses, gated, counted);
  }

  /** With policy Never and without the annotation of networks. */
  private static Case asking(String name, boolean uses, UnaryOperator<PodSpecBuilder> with) {
    var pod = pod(Map.of(Names.DELETE_POLICY, "Never"), with);
    return new Case("by " + name, namespace, pod, uses, uses, false);
  }

  /** With an address on a shared ENI. */
  private static Case shared(String name, Map<String, String> annotations, boolean gated) {
    var all = new TreeMap<>(annotations);
    all.put(Names.NETWORKS, "tke-route-eni");
    return new Case(name, namespace, pod(all, pod -> pod), true, gated, true);
  }

  private static Pod fixedPod(UnaryOperator<PodSpecBuilder> with) {
    return fixedPod("tke-route-eni", with);
  }

  private static Pod fixedPod(String networks, UnaryOperator<PodSpecBuilder> with) {
    return pod(Map.of(Names.NETWORKS, networks, Names.DELETE_POLICY, "Never"), with);
  }

  private static Pod pod(Map<String, String> annotations, UnaryOperator<PodSpecBuilder> with) {
    var spec =
        new PodSpecBuilder()
            // The name of the token's volume would be a random one.
            .withAutomountServiceAccountToken(false)
            .withContainers(container("main"));
    return new PodBuilder()
        .withNewMetadata()
        .withName("case")
        .withAnnotations(annotations)
        .endMetadata()
        .withSpec(with.apply(spec).build())
        .build();
  }

  private static Container container(String name) {
    return new ContainerBuilder().withName(name).withImage("registry.example/main:1").build();
  }

  private static Container container(
      String name, Map<String, Quantity> requests, Map<String, Quantity> limits) {
    return new ContainerBuilder(container(name))
        .withNewResources()
        .withRequests(requests)
        .withLimits(limits)
        .endResources()
        .build();
  }

  /** Requests one of a resource, and is limited to it. */
  private static Container both(String resource) {
    return container("asks", one(resource), one(resource));
  }

  private static Map<String, Quantity> one(String resource) {
    return Map.of(resource, new Quantity("1"));
  }

  private static Container[] numbered(String name, int count, Map<String, Quantity> requests) {
    return IntStream.range(0, count)
        .mapToObj(i -> container(name + "-" + i, requests, Map.of()))
        .toArray(Container[]::new);
  }
}
