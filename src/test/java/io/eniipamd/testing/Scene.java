package io.eniipamd.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.kubelet.Violation;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.VpcSnapshot;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A namespace on a stage, in the words of a test: Pods come and go, and what follows is awaited.
 */
public final class Scene {

  /** Long, because machines that build are busy; a waiting test goes on at once when it holds. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private static final Set<VpcIPPhase> ON_ENI = Set.of(VpcIPPhase.ASSIGNED, VpcIPPhase.AVAILABLE);

  private final Stage stage;
  private final String namespace;

  private Scene(Stage stage, String namespace) {
    this.stage = stage;
    this.namespace = namespace;
  }

  /** A scene in a namespace of its own. */
  public static Scene open(Stage stage, String prefix) {
    return new Scene(stage, stage.plane().createNamespace(prefix));
  }

  public String namespace() {
    return namespace;
  }

  // ------------------------------------------------------------------------------------- acting

  /** Makes a Pod. */
  public Pod create(PodSketch sketch) {
    return stage.client().resource(sketch.build(namespace)).create();
  }

  /** Makes a Pod and waits until it runs with the address of its claim. */
  public VpcIPClaim run(PodSketch sketch) {
    create(sketch);
    return awaitRunning(sketch.name());
  }

  /** Deletes a Pod and waits until it is gone. */
  public void end(String pod) {
    stage.client().pods().inNamespace(namespace).withName(pod).delete();
    until("Pod " + pod + " is gone", () -> pod(pod).isEmpty());
  }

  /** Deletes a fixed Pod and waits until its address is retained. */
  public VpcIPClaim retire(String pod) {
    end(pod);
    return awaitPhase(pod, ClaimPhase.RETAINED);
  }

  /** Deletes a claim, as {@code kubectl delete vipc} does, and waits for nothing. */
  public void deleteClaim(String name) {
    stage.client().resources(VpcIPClaim.class).inNamespace(namespace).withName(name).delete();
  }

  /** Puts a retained claim's Pod's end back in time: the shortest expiry is five minutes. */
  public void endedAgo(String claim, Duration ago) {
    Edits.editStatus(
        stage.client().resources(VpcIPClaim.class).inNamespace(namespace).withName(claim),
        c -> {
          c.setStatus(
              VpcIPClaimStatusBuilder.builder(c.getStatus())
                  .retainedSince(Instant.now().minus(ago).toString())
                  .build());
          return c;
        });
  }

  /** Deletes a record past its finalizer, as users in a hurry do. */
  public void tearAway(String ip) {
    tearAway(stage.client().resources(VpcIP.class).withName(ip));
  }

  /** Deletes an object past its finalizers, as users in a hurry do. */
  public <T extends HasMetadata> void tearAway(Resource<T> object) {
    var uid = object.get().getMetadata().getUid();
    until(
        "the object is deleted past its finalizers",
        () -> {
          var now = object.get();
          if (now == null || !now.getMetadata().getUid().equals(uid)) {
            return true;
          }
          object.delete();
          Edits.edit(
              object,
              o -> {
                o.getMetadata().setFinalizers(List.of());
                return o;
              });
          return false;
        });
  }

  // ------------------------------------------------------------------------------------ looking

  public Optional<Pod> pod(String name) {
    return Optional.ofNullable(stage.client().pods().inNamespace(namespace).withName(name).get());
  }

  public Optional<VpcIPClaim> claim(String name) {
    return stage.claim(namespace, name);
  }

  /** The record of an address. */
  public Optional<VpcIP> vip(String ip) {
    return Optional.ofNullable(stage.client().resources(VpcIP.class).withName(ip).get());
  }

  /** The address of a claim, empty while it has none. */
  public Optional<String> address(String claim) {
    return claim(claim).map(c -> c.statusOrEmpty().address());
  }

  /** What broke the node's contract for Pods of this scene. */
  public List<Violation> violations() {
    return stage.kubelets().violations().stream()
        .filter(v -> v.namespace().equals(namespace))
        .toList();
  }

  /** The condition of a claim. */
  public Optional<Condition> condition(String claim, String type) {
    return claim(claim).stream()
        .flatMap(c -> c.statusOrEmpty().conditions().stream())
        .filter(c -> c.type().equals(type))
        .findFirst();
  }

  /** The events on an object of the scene, or of the cluster. */
  public List<Event> events(String kind, String name) {
    return Stream.of(namespace, "default").flatMap(ns -> events(kind, name, ns).stream()).toList();
  }

  /** The events on an object that are in a namespace. */
  public List<Event> events(String kind, String name, String inNamespace) {
    return stage.client().v1().events().inNamespace(inNamespace).list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getKind().equals(kind))
        .filter(e -> e.getInvolvedObject().getName().equals(name))
        .filter(e -> Stage.ACCOUNT.equals(e.getReportingComponent()))
        .toList();
  }

  // ------------------------------------------------------------------------------------ waiting

  /** Waits until a Pod runs with the address of its claim, which is bound to it. */
  public VpcIPClaim awaitRunning(String name) {
    try {
      until(
          "Pod %s/%s runs with its claim's address".formatted(namespace, name),
          () ->
              pod(name)
                  .filter(p -> "Running".equals(p.getStatus().getPhase()))
                  .filter(
                      p ->
                          claim(name)
                              .map(VpcIPClaim::statusOrEmpty)
                              .filter(c -> c.phase() == ClaimPhase.BOUND)
                              .filter(c -> p.getMetadata().getUid().equals(c.podUID()))
                              .filter(c -> p.getStatus().getPodIP().equals(c.address()))
                              .isPresent())
                  .isPresent());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + standing(name), e);
    }
    return claim(name).orElseThrow();
  }

  /** For a reader who looks for the reason: all that is recorded of a Pod and of its node. */
  private String standing(String name) {
    var lines = new ArrayList<String>();
    var pod = pod(name);
    lines.add("Pod: " + pod.map(p -> p.getMetadata().getUid() + " " + p.getStatus().getPhase()));
    lines.add("claim: " + claim(name));
    var ofClaim = new ArrayList<String>();
    for (var vip : stage.vips()) {
      var ref = vip.getSpec().claimRef();
      if (ref != null && ref.name().equals(name) && ref.namespace().equals(namespace)) {
        lines.add("record: " + vip);
        ofClaim.add(name(vip));
      }
    }
    ofClaim.forEach(ip -> lines.add(ip + " is on " + stage.vpc().snapshot().eniOf(ip)));
    pod.map(p -> p.getSpec().getNodeName())
        .flatMap(stage::nec)
        .ifPresent(nec -> lines.add("node: " + nec.getStatus()));
    events("Pod", name).forEach(e -> lines.add("event: " + e.getMessage()));
    return String.join("\n", lines);
  }

  public VpcIPClaim awaitPhase(String name, ClaimPhase phase) {
    until(
        "claim %s/%s is %s".formatted(namespace, name, phase),
        () -> claim(name).filter(c -> c.statusOrEmpty().phase() == phase).isPresent());
    return claim(name).orElseThrow();
  }

  public void awaitNoClaim(String name) {
    until("claim %s/%s is gone".formatted(namespace, name), () -> claim(name).isEmpty());
  }

  /** Waits until an address is free: no record of it, and on no ENI. */
  public void awaitFree(String ip) {
    until(ip + " is free", () -> vip(ip).isEmpty() && stage.vpc().snapshot().eniOf(ip).isEmpty());
  }

  /** Waits until a condition of a claim says this. */
  public Condition awaitCondition(String claim, String type, String reason) {
    until(
        "claim %s/%s says %s: %s".formatted(namespace, claim, type, reason),
        () -> condition(claim, type).filter(c -> c.reason().equals(reason)).isPresent());
    return condition(claim, type).orElseThrow();
  }

  /** Waits until something holds; what is missing meanwhile is no failure. */
  public void until(String what, Callable<Boolean> holds) {
    until(stage, what, holds);
  }

  /** Waits until nodes are ready to carry Pods. */
  public static void awaitNodes(Stage stage, String... nodes) {
    for (var node : nodes) {
      until(
          stage,
          "node " + node + " has an ENI",
          () ->
              stage.nec(node).map(NodeENIConfig::statusOrEmpty).stream()
                  .flatMap(s -> s.conditions().stream())
                  .anyMatch(c -> c.type().equals("Ready") && c.status().equals(Condition.TRUE)));
    }
  }

  static void until(Stage stage, String what, Callable<Boolean> holds) {
    try {
      await(what)
          .atMost(PATIENCE)
          .pollInterval(LOOK_EVERY)
          .pollDelay(Duration.ZERO)
          .ignoreExceptions()
          .until(holds);
    } catch (ConditionTimeoutException e) {
      throw new ConditionTimeoutException(e.getMessage() + "\n" + stage.stateOfOperator(), e);
    }
  }

  // -------------------------------------------------------------------------------- what remains

  /**
   * What does not fit together between the cluster's records and the cloud; empty when all is well.
   * Addresses under way are the caller's to wait for.
   */
  public static List<String> discrepancies(Stage stage) {
    var vips = stage.vips();
    var claims = stage.client().resources(VpcIPClaim.class).inAnyNamespace().list().getItems();
    var cloud = stage.vpc().snapshot();
    var onEnis = cloud.secondaryAddresses();
    var leaked =
        onEnis.stream()
            .filter(ip -> vips.stream().noneMatch(v -> name(v).equals(ip)))
            .map(ip -> ip + " is on an ENI and has no VpcIP");
    var absent =
        vips.stream()
            .filter(v -> v.getSpec().type() == VpcIPType.POD)
            .filter(v -> ON_ENI.contains(v.statusOrEmpty().phase()))
            .filter(v -> !isInPlace(v, cloud))
            .map(v -> name(v) + " is Assigned and not on its ENI " + v.getSpec().eniId());
    var unsettled =
        vips.stream()
            .filter(v -> v.getSpec().type() == VpcIPType.POD)
            .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.ATTACHING)
            .map(
                v ->
                    "%s is Attaching still, to be on %s: %s"
                        .formatted(name(v), v.getSpec().eniId(), v.getStatus()));
    var orphans =
        vips.stream()
            .filter(v -> v.getSpec().claimRef() != null)
            .filter(v -> v.statusOrEmpty().phase() != VpcIPPhase.QUARANTINED)
            .filter(
                v ->
                    claims.stream()
                        .noneMatch(
                            c ->
                                c.getMetadata().getUid().equals(v.getSpec().claimRef().uid())
                                    && (c.statusOrEmpty().address() == null
                                        || c.statusOrEmpty().address().equals(name(v)))))
            .map(v -> name(v) + " is of no claim that names it: " + v.getSpec().claimRef());
    var surplus =
        claims.stream()
            .filter(
                c ->
                    vips.stream()
                            .filter(v -> v.getSpec().claimRef() != null)
                            .filter(v -> v.statusOrEmpty().phase() != VpcIPPhase.QUARANTINED)
                            .filter(
                                v -> v.getSpec().claimRef().uid().equals(c.getMetadata().getUid()))
                            .count()
                        != 1)
            .map(c -> "claim " + name(c) + " has not one address: " + c.getStatus());
    var stray =
        cloud.secondaryEnis().stream()
            .filter(
                e ->
                    stage.client().resources(NodeENIConfig.class).list().getItems().stream()
                        .flatMap(n -> n.statusOrEmpty().eniInfos().stream())
                        .noneMatch(i -> i.eniId().equals(e.id())))
            .filter(e -> vips.stream().noneMatch(v -> isOf(v, e)))
            .map(e -> "ENI " + e.id() + " is in no NodeENIConfig and of no Pod");
    return Stream.of(leaked, absent, unsettled, orphans, surplus, stray).flatMap(s -> s).toList();
  }

  /** Whether the cloud has an address where its record says that it was seen. */
  private static boolean isInPlace(VpcIP vip, VpcSnapshot cloud) {
    return cloud
        .eniOf(name(vip))
        .filter(
            e ->
                vip.getSpec().ofOwnEni()
                    ? isOf(vip, e) && e.instanceId().equals(wantedOn(vip))
                    : e.id().equals(vip.getSpec().eniId()))
        .isPresent();
  }

  private static Optional<String> wantedOn(VpcIP vip) {
    return Optional.ofNullable(vip.getSpec().instanceId());
  }

  /** Whether an ENI is the one of a Pod's own that a record stands for. */
  private static boolean isOf(VpcIP vip, EniView eni) {
    return vip.getSpec().ofOwnEni()
        && eni.id().equals(vip.statusOrEmpty().eniId())
        && eni.addresses().getFirst().ip().toString().equals(name(vip));
  }

  /**
   * Closes a stage on which everything has to fit together by then and no kubelet may have seen
   * anything wrong.
   *
   * @param stage null where it could not be set
   */
  public static void closeSound(Stage stage) {
    if (stage == null) {
      return;
    }
    try {
      awaitSound(stage);
      assertThat(stage.kubelets().violations()).isEmpty();
    } finally {
      stage.close();
    }
  }

  /** Waits until nothing is under way and everything fits together. */
  public static void awaitSound(Stage stage) {
    await("records and cloud fit together")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(discrepancies(stage)).isEmpty());
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
