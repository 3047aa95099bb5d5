package io.eniipamd.testing;

import io.eniipamd.api.v1.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSchedulingGate;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The table of new Pods, and what is to become of each: whatever sets the scheduling gate and the
 * request, a policy or the webhook, is held against it.
 */
public final class NewPods {
  /** The namespace whose Pods are left alone. */
  public static final String UNTOUCHED = "kube-system";

  private static final String GATE = Names.ZONE_GATE;

  private final String namespace;

  private NewPods(String namespace) {
    this.namespace = namespace;
  }

  /** Those of a namespace; a few are in others. */
  public static NewPods in(String namespace) {
    return new NewPods(namespace);
  }

  /**
   * A Pod, and what is to become of it.
   *
   * @param name what is particular about it
   * @param usesVpcCni whether the operator serves it
   * @param gated whether it gets the gate
   * @param counted whether its first container gets the request for an address
   */
  public record Case(
      String name, String namespace, Pod pod, boolean usesVpcCni, boolean gated, boolean counted) {
    @Override
    public String toString() {
      return name;
    }

    private Case in(String other) {
      return new Case(name, other, pod, usesVpcCni, gated, counted);
    }
  }

  /** All of them. */
  public Stream<Case> cases() {
    return Stream.of(
            ofNetworks(),
            ofResources(),
            ofWhatMakesTheAddressFixed(),
            ofPodsThatAreLeftAlone(),
            ofPodsThatAreHardToChange())
        .flatMap(s -> s);
  }

  private Stream<Case> ofNetworks() {
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

  private Stream<Case> ofResources() {
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

  private Stream<Case> ofWhatMakesTheAddressFixed() {
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

  private Stream<Case> ofPodsThatAreLeftAlone() {
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
  private Stream<Case> ofPodsThatAreHardToChange() {
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

  private Case fixed(String name, String networks, boolean uses, boolean gated, boolean counted) {
    return new Case(name, namespace, fixedPod(networks, pod -> pod), uses, gated, counted);
  }

  /** With policy Never and without the annotation of networks. */
  private Case asking(String name, boolean uses, UnaryOperator<PodSpecBuilder> with) {
    var pod = pod(Map.of(Names.DELETE_POLICY, "Never"), with);
    return new Case("by " + name, namespace, pod, uses, uses, false);
  }

  /** With an address on a shared ENI. */
  private Case shared(String name, Map<String, String> annotations, boolean gated) {
    var all = new TreeMap<>(annotations);
    all.put(Names.NETWORKS, "tke-route-eni");
    return new Case(name, namespace, pod(all, pod -> pod), true, gated, true);
  }

  /** A Pod with a fixed IP, on a shared ENI. */
  public static Pod fixedPod(UnaryOperator<PodSpecBuilder> with) {
    return fixedPod("tke-route-eni", with);
  }

  private static Pod fixedPod(String networks, UnaryOperator<PodSpecBuilder> with) {
    return pod(Map.of(Names.NETWORKS, networks, Names.DELETE_POLICY, "Never"), with);
  }

  /** A Pod with these annotations. */
  public static Pod pod(Map<String, String> annotations, UnaryOperator<PodSpecBuilder> with) {
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

  /** One of a resource. */
  public static Map<String, Quantity> one(String resource) {
    return Map.of(resource, new Quantity("1"));
  }

  private static Container[] numbered(String name, int count, Map<String, Quantity> requests) {
    return IntStream.range(0, count)
        .mapToObj(i -> container(name + "-" + i, requests, Map.of()))
        .toArray(Container[]::new);
  }

  /** A Pod with the gate or the request beside what it has. */
  public static PodSpec changed(PodSpec untouched, boolean gated, boolean counted) {
    var changed = new PodSpecBuilder(untouched);
    if (gated) {
      changed.withSchedulingGates(new PodSchedulingGate(GATE));
    }
    if (counted) {
      changed
          .editFirstContainer()
          .editOrNewResources()
          .addToRequests(one(Names.ENI_IP))
          .addToLimits(one(Names.ENI_IP))
          .endResources()
          .endContainer();
    }
    return changed.build();
  }
}
