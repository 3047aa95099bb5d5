package io.eniipamd.property.memory;

import static io.eniipamd.property.memory.ApiServer.isDeleting;
import static io.eniipamd.property.memory.ApiServer.name;
import static io.eniipamd.property.memory.ApiServer.namespace;
import static io.eniipamd.property.memory.ApiServer.uid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.property.Action.Policy;
import io.eniipamd.property.memory.ApiServer.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The other parts of the cluster, each as small as it can be: the scheduler, kubelets that keep to
 * {@code docs/node-contract.md}, the controller of StatefulSets and the garbage collector. Each has
 * at most one thing to do on one object at a time, and the world says when.
 */
final class Cluster {
  static final String NAMESPACE = "shop";
  static final String WORKLOAD = "web";

  /** A node's name may be longer than a label's value. */
  static final List<String> NODES = List.of("node-a", "node-b." + "z".repeat(60) + ".example");

  /** The names that Pods have. */
  static final List<String> NAMES = List.of("web-0", "web-1", "web-2", "solo-0", "solo-1");

  private static final String OURS = "tke.cloud.tencent.com/";

  /** What a Pod's spec says that no node will do for. */
  static final String UNSCHEDULABLE = "fitsOnNoNode";

  /** What the room of the nodes is about to write down. */
  private final List<Deed> records = new ArrayList<>();

  /** Something that an actor is about to do. */
  record Deed(String what, Runnable doing) {}

  private final ApiServer server;
  private final Random random;

  Cluster(ApiServer server, Random random) {
    this.server = server;
    this.random = random;
  }

  /** All that the parts of the cluster have to do by what is there now. */
  List<Deed> deeds() {
    var deeds = new ArrayList<Deed>();
    for (var pod : server.all(Kind.POD)) {
      podsDeed(pod).ifPresent(deeds::add);
    }
    workloadsDeed().ifPresent(deeds::add);
    garbage(deeds);
    records.stream().findFirst().ifPresent(deeds::add);
    return deeds;
  }

  /** The room of the nodes sees something, and writes it down in its time. */
  void recordLater(String what, Runnable doing) {
    records.add(
        new Deed(
            what,
            () -> {
              records.removeFirst();
              doing.run();
            }));
  }

  /** A machine is gone, and with it whatever ran there. */
  void loseMachine(String node) {
    server.all(Kind.POD).stream()
        .filter(pod -> node(pod).equals(node))
        .forEach(pod -> server.remove(Kind.POD, NAMESPACE, name(pod)));
  }

  // -------------------------------------------------------------------------- scheduler and
  // kubelet

  private Optional<Deed> podsDeed(ObjectNode pod) {
    var name = name(pod);
    if (isDeleting(pod)) {
      return Optional.of(
          new Deed(
              "kubelet: " + name + " is gone", () -> server.remove(Kind.POD, NAMESPACE, name)));
    }
    if (ended(pod)) {
      return Optional.empty();
    }
    if (node(pod).isEmpty() && pod.path("spec").has(UNSCHEDULABLE)) {
      return Optional.empty();
    }
    if (node(pod).isEmpty()) {
      return Optional.of(
          new Deed(
              "scheduler: " + name,
              () -> {
                var node = NODES.get(random.nextInt(NODES.size()));
                server.edit(
                    Kind.POD, NAMESPACE, name, p -> p.withObject("/spec").put("nodeName", node));
              }));
    }
    if (running(pod) || !mayStart(pod)) {
      return Optional.empty();
    }
    return Optional.of(
        new Deed(
            "kubelet: " + name + " runs",
            () -> {
              var claim = server.get(Kind.CLAIM, NAMESPACE, name);
              server.edit(
                  Kind.POD,
                  NAMESPACE,
                  name,
                  p ->
                      p.withObject("/status")
                          .put("phase", "Running")
                          .put("podIP", claim.path("status").path("address").asText()));
            }));
  }

  private boolean mayStart(ObjectNode pod) {
    return server
        .find(Kind.CLAIM, NAMESPACE, name(pod))
        .map(c -> c.path("status"))
        .filter(s -> s.path("phase").asText().equals("Bound"))
        .filter(s -> s.path("podUID").asText().equals(uid(pod)))
        .filter(s -> s.path("nodeName").asText().equals(node(pod)))
        .isPresent();
  }

  static boolean ended(JsonNode pod) {
    var phase = pod.path("status").path("phase").asText();
    return phase.equals("Failed") || phase.equals("Succeeded");
  }

  static boolean running(JsonNode pod) {
    return pod.path("status").path("phase").asText().equals("Running");
  }

  static String node(JsonNode pod) {
    return pod.path("spec").path("nodeName").asText("");
  }

  void end(String name, String phase) {
    server
        .find(Kind.POD, NAMESPACE, name)
        .filter(p -> !ended(p))
        .ifPresent(
            p ->
                server.edit(
                    Kind.POD, NAMESPACE, name, o -> o.withObject("/status").put("phase", phase)));
  }

  // -------------------------------------------------------------------------------------------
  // Pods

  void createPod(String name, Policy policy, Optional<ObjectNode> owner) {
    if (server.find(Kind.POD, NAMESPACE, name).isPresent()) {
      return;
    }
    var pod = ApiServer.JSON.createObjectNode();
    var meta = pod.withObject("/metadata").put("namespace", NAMESPACE).put("name", name);
    meta.set("annotations", annotations(policy));
    pod.withObject("/spec").putArray("containers").addObject().put("name", "main");
    pod.withObject("/status").put("phase", "Pending");
    owner.ifPresent(
        o ->
            meta.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "StatefulSet")
                .put("name", name(o))
                .put("uid", uid(o))
                .put("controller", true));
    server.create(Kind.POD, pod);
  }

  private static ObjectNode annotations(Policy policy) {
    var annotations = ApiServer.JSON.createObjectNode().put(OURS + "networks", "tke-route-eni");
    switch (policy) {
      case IMMEDIATE -> {}
      case FIXED -> annotations.put(OURS + "vpc-ip-claim-delete-policy", "Never");
      case FIXED_SHORTLY ->
          annotations
              .put(OURS + "vpc-ip-claim-delete-policy", "Never")
              .put(OURS + "claim-expired-duration", "10m");
      case FIXED_LONGER ->
          annotations
              .put(OURS + "vpc-ip-claim-delete-policy", "Never")
              .put(OURS + "claim-expired-duration", "2h");
      case FIXED_UNREADABLE ->
          annotations
              .put(OURS + "vpc-ip-claim-delete-policy", "Never")
              .put(OURS + "claim-expired-duration", "soon");
    }
    return annotations;
  }

  // --------------------------------------------------------------------------------------
  // workloads

  Optional<ObjectNode> workload() {
    return server.find(Kind.STATEFUL_SET, NAMESPACE, WORKLOAD);
  }

  void deploy(int replicas, Policy policy) {
    if (workload().isEmpty()) {
      var set = ApiServer.JSON.createObjectNode();
      set.withObject("/metadata").put("namespace", NAMESPACE).put("name", WORKLOAD);
      set.withObject("/spec").put("replicas", replicas).put("policy", policy.name());
      server.create(Kind.STATEFUL_SET, set);
    }
  }

  void scale(int replicas) {
    server.edit(
        Kind.STATEFUL_SET,
        NAMESPACE,
        WORKLOAD,
        s -> s.withObject("/spec").put("replicas", replicas));
  }

  void roll(Policy policy) {
    server.edit(
        Kind.STATEFUL_SET,
        NAMESPACE,
        WORKLOAD,
        s -> {
          var spec = s.withObject("/spec").put("policy", policy.name());
          var stale = spec.putArray("stale");
          server.all(Kind.POD).stream().filter(p -> ownedBy(p, s)).forEach(p -> stale.add(uid(p)));
        });
  }

  /** Deletes the StatefulSet; where it is orphaned, the references to it go in the same moment. */
  void deleteWorkload(boolean orphan) {
    workload()
        .ifPresent(
            set -> {
              if (orphan) {
                strip(Kind.POD, set);
                strip(Kind.CLAIM, set);
              }
              server.remove(Kind.STATEFUL_SET, NAMESPACE, WORKLOAD);
            });
  }

  private void strip(Kind kind, ObjectNode owner) {
    for (var object : server.all(kind)) {
      if (ownedBy(object, owner)) {
        server.edit(
            kind,
            namespace(object),
            name(object),
            o -> o.withObject("/metadata").remove("ownerReferences"));
      }
    }
  }

  private Optional<Deed> workloadsDeed() {
    if (workload().isEmpty()) {
      return Optional.empty();
    }
    var set = workload().get();
    int replicas = set.path("spec").path("replicas").asInt();
    for (int i = 0; i < 3; i++) {
      var name = WORKLOAD + "-" + i;
      var pod = server.find(Kind.POD, NAMESPACE, name);
      if (pod.isEmpty() && i < replicas) {
        var policy = Policy.valueOf(set.path("spec").path("policy").asText());
        return Optional.of(
            new Deed(
                "statefulset: makes " + name, () -> createPod(name, policy, Optional.of(set))));
      }
      if (pod.isPresent() && ownedBy(pod.get(), set) && !isDeleting(pod.get())) {
        boolean tooMany = i >= replicas;
        boolean stale =
            IntStream.range(0, set.path("spec").path("stale").size())
                .anyMatch(
                    s -> set.path("spec").path("stale").path(s).asText().equals(uid(pod.get())));
        if (tooMany || stale || ended(pod.get())) {
          return Optional.of(
              new Deed(
                  "statefulset: deletes " + name,
                  () -> server.deleteGracefully(Kind.POD, NAMESPACE, name)));
        }
      }
    }
    return Optional.empty();
  }

  // ------------------------------------------------------------------------------ garbage
  // collector

  private void garbage(List<Deed> deeds) {
    for (var kind : List.of(Kind.POD, Kind.CLAIM)) {
      for (var object : server.all(kind)) {
        var references = object.path("metadata").path("ownerReferences");
        if (references.size() == 0 || isDeleting(object)) {
          continue;
        }
        boolean orphaned = true;
        for (var reference : references) {
          orphaned &=
              workload().filter(s -> uid(s).equals(reference.path("uid").asText())).isEmpty();
        }
        if (orphaned) {
          var name = name(object);
          deeds.add(
              new Deed(
                  "garbage collector: " + kind.kind + " " + name,
                  () -> {
                    if (kind == Kind.POD) {
                      server.deleteGracefully(kind, NAMESPACE, name);
                    } else {
                      server
                          .find(kind, NAMESPACE, name)
                          .ifPresent(o -> server.delete(kind, NAMESPACE, name, null, null));
                    }
                  }));
        }
      }
    }
  }

  private static boolean ownedBy(ObjectNode object, ObjectNode owner) {
    for (var reference : object.path("metadata").path("ownerReferences")) {
      if (reference.path("uid").asText().equals(uid(owner))) {
        return true;
      }
    }
    return false;
  }
}
