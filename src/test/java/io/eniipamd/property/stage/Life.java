package io.eniipamd.property.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kubelet.PodOutcome;
import io.eniipamd.property.Action;
import io.eniipamd.property.Action.Policy;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One namespace and what users do in it, one action after the other. What does not apply at its
 * moment is left out.
 */
public final class Life {
  private static final String WORKLOAD = "web";
  private static final List<String> NAMES = List.of("web-0", "web-1", "web-2", "solo-0", "solo-1");
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** What {@link Policy#FIXED_SHORTLY} says. */
  private static final String SHORTLY = "10m";

  /** A step of work, if there is anything to do. */
  private static final Duration STEP = Duration.ofMillis(50);

  /** What takes no longer is waited for; more is made to have passed. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final int HTTP_UNPROCESSABLE = 422;

  /** Long: an operator was killed, its lease runs out, and it tries again what was refused. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Stage stage;
  private final Conductor conductor;
  private final ClaimWitness witness;
  private final Scene scene;
  private final List<Action> actions;
  private final List<String> nodes;
  private final Story story = new Story();
  private int made;
  private int done;

  /**
   * Makes its namespace.
   *
   * @param actions those it {@link #plays}
   * @param nodes where Pods without a workload may go
   */
  public Life(
      Stage stage,
      Conductor conductor,
      ClaimWitness witness,
      List<Action> actions,
      List<String> nodes) {
    this.stage = stage;
    this.conductor = conductor;
    this.witness = witness;
    this.actions = List.copyOf(actions);
    this.nodes = List.copyOf(nodes);
    this.scene = Scene.open(stage, "life");
    witness.tellOf(scene.namespace(), story);
  }

  /** Whether it is an action on a namespace. */
  public static boolean plays(Action action) {
    return switch (action) {
      case Action.CreatePod _,
          Action.DeletePod _,
          Action.ForceDeletePod _,
          Action.EvictPod _,
          Action.CompletePod _,
          Action.Deploy _,
          Action.Scale _,
          Action.Roll _,
          Action.DeleteWorkload _,
          Action.OrphanWorkload _,
          Action.DeleteClaim _,
          Action.AnnotateClaim _,
          Action.DeleteRecord _,
          Action.Pass _,
          Action.Work _ ->
          true;
      default -> false;
    };
  }

  public String namespace() {
    return scene.namespace();
  }

  public List<Action> actions() {
    return actions;
  }

  /** How many of its actions applied. */
  public int done() {
    return done;
  }

  /** What was done and what became of the claims. */
  public List<String> story() {
    return story.lines();
  }

  /**
   * Lives it.
   *
   * @param afterEach told after each action
   */
  public void live(Runnable afterEach) {
    for (var action : actions) {
      story.tell("%s", action);
      if (applied(action)) {
        done++;
      } else {
        story.tell("  does not apply");
      }
      afterEach.run();
    }
  }

  private boolean applied(Action action) {
    try {
      return perform(action);
    } catch (KubernetesClientException e) {
      // It is there already, is not there, or another client changed it at this moment.
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HTTP_UNPROCESSABLE) {
        return false;
      }
      throw e;
    }
  }

  private boolean perform(Action action) {
    return switch (action) {
      case Action.CreatePod(int which, Policy policy) -> create("solo-" + which % 2, policy);
      case Action.DeletePod(int which) -> !pod(which).delete().isEmpty();
      case Action.ForceDeletePod(int which) -> !pod(which).withGracePeriod(0).delete().isEmpty();
      case Action.EvictPod(int which) -> finish(name(which), PodOutcome.FAILED);
      case Action.CompletePod(int which) -> finish(name(which), PodOutcome.SUCCEEDED);
      case Action.Deploy(int replicas, Policy policy) -> deploy(replicas, policy);
      case Action.Scale(int replicas) -> scale(replicas);
      case Action.Roll(Policy policy) -> roll(policy);
      case Action.DeleteWorkload _ -> deleteWorkload();
      case Action.OrphanWorkload _ ->
          !workload().withPropagationPolicy(DeletionPropagation.ORPHAN).delete().isEmpty();
      case Action.DeleteClaim(int which) -> {
        witness.mayGo(namespace(), name(which));
        yield !claim(name(which)).delete().isEmpty();
      }
      case Action.AnnotateClaim(int which, String expiry) -> annotate(name(which), expiry);
      case Action.DeleteRecord(int which) ->
          scene
              .address(name(which))
              .filter(ip -> !stage.client().resources(VpcIP.class).withName(ip).delete().isEmpty())
              .isPresent();
      case Action.Pass(Duration time) -> time.compareTo(LONG) > 0 ? pass(time) : work(time);
      case Action.Work(int steps) -> work(STEP.multipliedBy(steps));
      default -> false;
    };
  }

  private static String name(int which) {
    return NAMES.get(which % NAMES.size());
  }

  private PodResource pod(int which) {
    return stage.client().pods().inNamespace(namespace()).withName(name(which));
  }

  private RollableScalableResource<StatefulSet> workload() {
    return stage.client().apps().statefulSets().inNamespace(namespace()).withName(WORKLOAD);
  }

  private Resource<VpcIPClaim> claim(String name) {
    return stage.client().resources(VpcIPClaim.class).inNamespace(namespace()).withName(name);
  }

  // --------------------------------------------------------------------------------------- deeds

  private boolean create(String name, Policy policy) {
    var node = nodes.get(made++ % nodes.size());
    scene.create(new PodSketch(name, node, annotations(policy), Map.of(), false));
    return true;
  }

  private static Map<String, String> annotations(Policy policy) {
    var annotations = new TreeMap<>(Map.of(Names.NETWORKS, "tke-route-eni"));
    switch (policy) {
      case IMMEDIATE -> {}
      case FIXED -> annotations.put(Names.DELETE_POLICY, "Never");
      case FIXED_SHORTLY -> {
        annotations.put(Names.DELETE_POLICY, "Never");
        annotations.put(Names.CLAIM_EXPIRED_DURATION, SHORTLY);
      }
      case FIXED_LONGER -> {
        annotations.put(Names.DELETE_POLICY, "Never");
        annotations.put(Names.CLAIM_EXPIRED_DURATION, "2h");
      }
      case FIXED_UNREADABLE -> {
        annotations.put(Names.DELETE_POLICY, "Never");
        annotations.put(Names.CLAIM_EXPIRED_DURATION, "soon");
      }
    }
    return annotations;
  }

  private boolean finish(String name, PodOutcome outcome) {
    try {
      stage.kubelets().finish(namespace(), name, outcome);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private boolean deploy(int replicas, Policy policy) {
    var zone = stage.vpc().layout().subnets().getFirst().zone();
    var set = Workloads.statefulSet(WORKLOAD, namespace(), replicas, zone);
    set.getSpec().getTemplate().getMetadata().setAnnotations(annotations(policy));
    stage.client().resource(set).create();
    return true;
  }

  private boolean scale(int replicas) {
    workload()
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"replicas\":%d}}".formatted(replicas));
    return true;
  }

  private boolean roll(Policy policy) {
    Edits.edit(
        workload(),
        set -> {
          var annotations = new TreeMap<>(annotations(policy));
          annotations.put("rolled", Integer.toString(made++));
          set.getSpec().getTemplate().getMetadata().setAnnotations(annotations);
          return set;
        });
    return true;
  }

  private boolean deleteWorkload() {
    if (conductor.cascading()) {
      witness.mayGo(namespace(), WORKLOAD + "-");
    }
    return !workload().delete().isEmpty();
  }

  private boolean annotate(String name, String expiry) {
    claim(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
                .formatted(Names.CLAIM_EXPIRED_DURATION, expiry));
    return true;
  }

  /** Puts the ends of the kept claims' Pods back in time. */
  private boolean pass(Duration time) {
    boolean any = false;
    for (var kept : claims()) {
      var since = kept.statusOrEmpty().retainedSince();
      if (kept.statusOrEmpty().phase() == ClaimPhase.RETAINED && since != null) {
        any |= wasKept(kept, Instant.parse(since).minus(time));
      }
    }
    return any;
  }

  /** Only if nothing else changed it. */
  private boolean wasKept(VpcIPClaim kept, Instant since) {
    try {
      claim(kept.getMetadata().getName())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"metadata\":{\"resourceVersion\":\"%s\"},\"status\":{\"retainedSince\":\"%s\"}}"
                  .formatted(kept.getMetadata().getResourceVersion(), since));
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** Waits until there is nothing to do, or so long. */
  private boolean work(Duration time) {
    var looks = new AtomicInteger((int) time.dividedBy(STEP));
    await()
        .pollDelay(STEP)
        .pollInterval(STEP.multipliedBy(4))
        .atMost(LONG)
        .until(() -> looks.addAndGet(-4) <= 0 || unrest().isEmpty());
    return true;
  }

  // ------------------------------------------------------------------------------------- at rest

  /** Waits until everything has settled. */
  public void awaitRest() {
    await(namespace() + " settles")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(unrest()).as(namespace()).isEmpty());
  }

  /** What is under way still, in sentences. */
  public List<String> unrest() {
    var unrest = new ArrayList<String>();
    var claims =
        claims().stream()
            .collect(Collectors.toMap(c -> c.getMetadata().getName(), Function.identity()));
    var pods = stage.client().pods().inNamespace(namespace()).list().getItems();
    for (var pod : pods) {
      var claim = Optional.ofNullable(claims.get(pod.getMetadata().getName()));
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        unrest.add(pod.getMetadata().getName() + " does not end");
      } else if (!ended(pod) && !runs(pod, claim)) {
        unrest.add(
            "%s does not run: %s"
                .formatted(pod.getMetadata().getName(), claim.map(VpcIPClaim::getStatus)));
      }
    }
    for (var claim : claims.values()) {
      boolean used =
          pods.stream()
              .filter(p -> !ended(p))
              .anyMatch(p -> p.getMetadata().getName().equals(claim.getMetadata().getName()));
      if (!used && !atRest(claim)) {
        unrest.add(
            "claim %s has no Pod and is %s%s"
                .formatted(
                    claim.getMetadata().getName(),
                    claim.isMarkedForDeletion() ? "being deleted, " : "",
                    claim.getStatus()));
      }
    }
    Optional.ofNullable(workload().get())
        .filter(set -> !atRest(set))
        .ifPresent(set -> unrest.add("the workload is " + set.getStatus()));
    return unrest;
  }

  /** Claims in use whose address is on another ENI than they say. */
  public List<String> misplaced() {
    var cloud = stage.vpc().snapshot();
    return claims().stream()
        .filter(c -> c.statusOrEmpty().phase() == ClaimPhase.BOUND)
        .filter(
            c ->
                cloud
                    .eniOf(c.getStatus().address())
                    .filter(e -> e.id().equals(c.getStatus().eniId()))
                    .isEmpty())
        .map(c -> namespace() + "/" + c.getMetadata().getName() + " " + c.getStatus())
        .toList();
  }

  private static boolean ended(Pod pod) {
    return ENDED.contains(pod.getStatus().getPhase());
  }

  private static boolean runs(Pod pod, Optional<VpcIPClaim> claim) {
    return "Running".equals(pod.getStatus().getPhase())
        && claim
            .map(VpcIPClaim::statusOrEmpty)
            .filter(c -> c.phase() == ClaimPhase.BOUND)
            .filter(c -> pod.getSpec().getNodeName().equals(c.nodeName()))
            .filter(c -> pod.getMetadata().getUid().equals(c.podUID()))
            .filter(c -> c.address() != null && c.address().equals(pod.getStatus().getPodIP()))
            .isPresent();
  }

  private boolean atRest(VpcIPClaim claim) {
    var status = claim.statusOrEmpty();
    return !claim.isMarkedForDeletion()
        && !ClaimWitness.isDue(claim, Set.of(conductor.expiry()), Instant.now())
        && status.phase() == ClaimPhase.RETAINED
        && status.deletePolicy() == DeletePolicy.NEVER
        && status.address() != null;
  }

  private static boolean atRest(StatefulSet set) {
    var status = set.getStatus();
    int wanted = set.getSpec().getReplicas();
    return set.getMetadata().getGeneration().equals(status.getObservedGeneration())
        && Integer.valueOf(wanted).equals(status.getReplicas())
        && count(status.getReadyReplicas()) == wanted
        && count(status.getUpdatedReplicas()) == wanted;
  }

  private static int count(Integer replicas) {
    return replicas == null ? 0 : replicas;
  }

  private List<VpcIPClaim> claims() {
    return stage.client().resources(VpcIPClaim.class).inNamespace(namespace()).list().getItems();
  }

  /** Takes everything away; {@link #awaitEnd} waits for it. */
  public void end() {
    story.tell("the end");
    witness.mayGo(namespace(), "");
    workload().delete();
    stage.client().pods().inNamespace(namespace()).withGracePeriod(0).delete();
    stage.client().resources(VpcIPClaim.class).inNamespace(namespace()).delete();
  }

  /** Waits until nothing is left. */
  public void awaitEnd() {
    scene.until(
        "nothing is left in " + namespace(),
        () -> {
          // The workload may have made a Pod more while it went.
          var pods = stage.client().pods().inNamespace(namespace());
          if (!pods.list().getItems().isEmpty()) {
            pods.withGracePeriod(0).delete();
          }
          witness.mayGo(namespace(), "");
          claims().stream()
              .filter(c -> !c.isMarkedForDeletion())
              .forEach(c -> claim(c.getMetadata().getName()).delete());
          return pods.list().getItems().isEmpty() && claims().isEmpty();
        });
  }
}
