package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.claim.WiredOperator;
import io.eniipamd.kube.node.WiredNodes;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.property.NodesAction;
import io.eniipamd.property.NodesAction.Move;
import io.eniipamd.property.Observed;
import io.eniipamd.property.memory.ApiServer.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The nodes of a cluster, their machines and ENIs, and an operator in this process. Nodes join and
 * leave, machines are replaced, ENIs vanish, quotas move, and the operator dies. What the claims do
 * is played as simply as it can be: a Pod takes a slot of an ENI that the operator shows, or asks
 * for one.
 */
public final class NodesWorld implements Observed {
  static final String SUBNET = "subnet-a";
  static final String NAMESPACE = "shop";

  private static final Cidr RANGE = Cidr.parse("10.0.0.0/25");
  private static final List<String> NODES =
      List.of("node-a", "node-b." + "z".repeat(60) + ".example", "node-c");

  /** Addresses of an ENI, its own one included: three Pods fill it. */
  private static final int ADDRESSES_OF_AN_ENI = 4;

  /** Secondary ENIs of a machine, by three slots each. */
  private static final int MOST_PODS_OF_A_NODE = 9;

  private static final int NO_LIMIT = 1_000;

  /** Of another cluster, on a machine that may be a node's. */
  private static final String FOREIGN = "eni-of-others";

  private static final int DEEPEST = 2;
  private static final Duration QUIET = Duration.ofMinutes(1);

  /** Longer than every pause and every delay. */
  private static final Duration LAP = Duration.ofMinutes(12);

  private static final int LAPS = 6;
  private static final Duration WATCHED = Duration.ofMinutes(5);
  private static final int PATIENCE = 20_000;

  private final Random random = new Random(0);
  private final Time time = new Time();
  private final ApiServer server = new ApiServer(time, this::changed);
  private final FakeVpcCloud vpc = new FakeVpcCloud();
  private final NodesCloud cloud = new NodesCloud(vpc, witness());

  /** The machine of each node that is there. */
  private final Map<String, String> machines = new TreeMap<>();

  /** The machine that each Pod was made for: a Pod does not live on on another one. */
  private final Map<String, String> machineOfPod = new TreeMap<>();

  /** Machines that run and are no nodes any more. */
  private final List<String> former = new ArrayList<>();

  /** ENIs that a user has taken off their machines; they wait for the user. */
  private final Set<String> loosened = new TreeSet<>();

  private final List<String> story = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private Optional<NodesProcess> operator = Optional.empty();
  private Duration behindUntil = Duration.ZERO;
  private int started;
  private int made;
  private int pods;
  private int depth;
  private long stepsDone;

  /** A world without nodes, and an operator that has begun to lead. */
  public NodesWorld() {
    vpc.addSubnet(
        new Subnet(SUBNET, "vpc-a", "zone-1", RANGE, RANGE.usableSize(), RANGE.usableSize()));
    vpc.limitAddressesPerEni(ADDRESSES_OF_AN_ENI);
    vpc.addEni(
        FOREIGN,
        SUBNET,
        RANGE.at(RANGE.usableSize()),
        Map.of(EniTags.CLUSTER, "cls-other", EniTags.NODE, NODES.getFirst()));
    startOperator();
  }

  @Override
  public List<String> broken() {
    return List.copyOf(broken);
  }

  @Override
  public List<String> story() {
    return List.copyOf(story);
  }

  /** How many steps all actors have done. */
  public long stepsDone() {
    return stepsDone;
  }

  private void breach(String what) {
    tell("BROKEN: %s", what);
    broken.add(what);
  }

  private void tell(String format, Object... arguments) {
    story.add(format.formatted(arguments));
  }

  private void changed(ApiServer.Change change) {
    tell(
        "  %d %s %s %s %s",
        change.revision(),
        change.kind().kind,
        ApiServer.name(change.object()),
        change.verb(),
        switch (change.kind()) {
          case EVENT -> change.object().path("message").asText();
          case NODE_CONFIG -> change.object().path("status").path("eniInfos");
          case VPC_IP ->
              change.object().path("spec") + " " + change.object().path("status").path("eniId");
          default -> "";
        });
  }

  private NodesCloud.Witness witness() {
    return new NodesCloud.Witness() {
      @Override
      public void creating(EniSpec spec) {
        enis()
            .filter(eni -> eni.tags().equals(spec.tags()))
            .filter(eni -> eni.primaryIp().filter(spec.primaryIp()::equals).isEmpty())
            .forEach(eni -> breach("a second ENI for %s beside %s".formatted(spec, eni)));
      }

      @Override
      public void detaching(NetworkInterface eni) {
        goes(eni, "taken off its machine");
      }

      @Override
      public void deleting(NetworkInterface eni) {
        goes(eni, "deleted");
      }
    };
  }

  private void goes(NetworkInterface eni, String how) {
    tell("  cloud: %s is %s", eni.id(), how);
    if (!WiredNodes.CLUSTER.equals(eni.tags().get(EniTags.CLUSTER))) {
      breach("%s is %s, which is another cluster's".formatted(eni.id(), how));
    }
    vpc.eni(eni.id()).orElseThrow().addresses().stream()
        .filter(address -> !address.primary())
        .forEach(address -> breach("%s is %s with %s".formatted(eni.id(), how, address.ip())));
    records("Pod")
        .filter(vip -> vip.path("spec").path("eniId").asText().equals(eni.id()))
        .filter(this::isOfALivingPod)
        .filter(vip -> vip.path("status").path("phase").asText().equals("Assigned"))
        .forEach(vip -> breach("%s is %s under %s".formatted(eni.id(), how, ApiServer.name(vip))));
  }

  /** The operator has deleted a record, and nobody else may do so while its Pod is there. */
  private void dropped(ObjectNode vip) {
    if (vip.path("spec").path("type").asText().equals("Pod") && isOfALivingPod(vip)) {
      breach("the operator deletes %s".formatted(vip));
    }
  }

  private Stream<ObjectNode> records(String type) {
    return server.all(Kind.VPC_IP).stream()
        .filter(vip -> vip.path("spec").path("type").asText().equals(type));
  }

  private boolean isOfALivingPod(ObjectNode vip) {
    var ref = vip.path("spec").path("claimRef");
    return server
        .find(Kind.POD, NAMESPACE, ref.path("name").asText())
        .filter(pod -> ApiServer.uid(pod).equals(ref.path("uid").asText()))
        .isPresent();
  }

  // -------------------------------------------------------------------------------------- moves

  /** Plays a move. */
  public void play(Move move) {
    random.setSeed(move.seed());
    tell("%s at %s", move, time.passed());
    perform(move.action());
  }

  private void perform(NodesAction action) {
    switch (action) {
      case NodesAction.Join(int node) -> join(name(node));
      case NodesAction.Leave(int node, boolean machineStays) -> leave(name(node), machineStays);
      case NodesAction.Replace(int node) -> {
        if (machines.containsKey(name(node))) {
          leave(name(node), false);
          join(name(node));
        }
      }
      case NodesAction.PodComes(int node) -> podComes(name(node));
      case NodesAction.PodGoes(int which) -> {
        var all = server.all(Kind.POD);
        if (!all.isEmpty()) {
          server.remove(Kind.POD, NAMESPACE, ApiServer.name(all.get(which % all.size())));
        }
      }
      case NodesAction.DeleteEni(int which) ->
          unused(which)
              .ifPresent(
                  eni -> {
                    tell("  console: %s is deleted", eni.id());
                    vpc.removeEni(eni.id());
                  });
      case NodesAction.DetachEni(int which) ->
          unused(which)
              .filter(eni -> eni.instanceId().isPresent())
              .ifPresent(
                  eni -> {
                    tell("  console: %s is detached", eni.id());
                    vpc.detached(eni.id());
                    loosened.add(eni.id());
                  });
      case NodesAction.DeleteNodeRecord(int node, boolean torn) -> deleteRecord(name(node), torn);
      case NodesAction.TearEniRecord(int which) -> {
        var all = records("ENI").toList();
        if (!all.isEmpty()) {
          server.remove(Kind.VPC_IP, null, ApiServer.name(all.get(which % all.size())));
        }
      }
      case NodesAction.Quota(int enis) -> vpc.limitEnis(enis);
      case NodesAction.Crash(int calls, boolean afterEffect) ->
          operator.ifPresent(o -> o.dieAfter(calls, afterEffect));
      case NodesAction.Restart() -> restart();
      case NodesAction.LostAnswer() -> cloud.loseTheNextAnswer();
      case NodesAction.ReadsLag(Duration by) -> {
        vpc.freezeReads();
        behindUntil = time.passed().plus(by);
      }
      case NodesAction.Pass(Duration passed) -> pass(passed);
      case NodesAction.Work(int steps) -> work(steps);
    }
  }

  /** Reads of the cloud are behind for so long at most. */
  private void pass(Duration passed) {
    time.pass(passed);
    if (behindUntil.compareTo(time.passed()) <= 0) {
      vpc.thawReads();
    }
  }

  private static String name(int node) {
    return NODES.get(node % NODES.size());
  }

  private void join(String node) {
    if (machines.containsKey(node)) {
      return;
    }
    var instance = "ins-%08d".formatted(++made);
    machines.put(node, instance);
    vpc.addInstance(new Instance(instance, "S5.LARGE8", "zone-1", 4));
    server.create(
        Kind.NODE,
        ApiServer.parse(
            """
            {"metadata":{"name":"%s","labels":{"topology.kubernetes.io/zone":"zone-1"}},\
            "spec":{"providerID":"qcloud:///160001/%s"}}"""
                .formatted(node, instance)));
  }

  private void leave(String node, boolean machineStays) {
    var instance = machines.remove(node);
    if (instance == null) {
      return;
    }
    server.remove(Kind.NODE, null, node);
    if (!machineStays) {
      podsOf(node).forEach(pod -> server.remove(Kind.POD, NAMESPACE, ApiServer.name(pod)));
      vpc.removeInstance(instance);
    } else {
      former.add(instance);
    }
  }

  private List<ObjectNode> podsOf(String node) {
    return server.all(Kind.POD).stream().filter(pod -> Cluster.node(pod).equals(node)).toList();
  }

  private void podComes(String node) {
    if (!machines.containsKey(node) || podsOf(node).size() >= MOST_PODS_OF_A_NODE) {
      return;
    }
    machineOfPod.put("pod-" + ++pods, machines.get(node));
    server.create(
        Kind.POD,
        ApiServer.parse(
            """
            {"metadata":{"namespace":"%s","name":"pod-%d"},"spec":{"nodeName":"%s"}}"""
                .formatted(NAMESPACE, pods, node)));
  }

  /** One of this cluster's ENIs that carries nothing, in the cloud and by the records. */
  private Optional<NetworkInterface> unused(int which) {
    var all =
        enis()
            .filter(eni -> eni.addresses().stream().allMatch(NetworkInterface.Address::primary))
            .filter(
                eni ->
                    records("Pod")
                        .noneMatch(vip -> vip.path("spec").path("eniId").asText().equals(eni.id())))
            .toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(which % all.size()));
  }

  /** The ENIs of this cluster as they really are. */
  private Stream<NetworkInterface> enis() {
    return vpc.enis().stream()
        .filter(eni -> WiredNodes.CLUSTER.equals(eni.tags().get(EniTags.CLUSTER)));
  }

  private void deleteRecord(String node, boolean torn) {
    server
        .find(Kind.NODE_CONFIG, null, node)
        .ifPresent(
            _ -> {
              if (torn) {
                server.remove(Kind.NODE_CONFIG, null, node);
              } else {
                server.delete(Kind.NODE_CONFIG, null, node, null, null);
              }
            });
  }

  private void restart() {
    operator.ifPresent(NodesProcess::die);
    startOperator();
  }

  private void startOperator() {
    started++;
    tell("operator-%d starts", started);
    var starting =
        new NodesProcess(
            "operator-" + started,
            server,
            cloud,
            vpc,
            WiredOperator.NOT_OFFERED,
            time,
            new NodesProcess.Surroundings(this::interrupt, this::dropped, story::add));
    operator = Optional.of(starting);
    starting.start(random);
  }

  // -------------------------------------------------------------------------------------- steps

  private record Step(Supplier<String> what, Runnable doing) {}

  private List<Step> steps() {
    var steps = new ArrayList<Step>();
    operator
        .filter(o -> !o.dead())
        .ifPresent(
            o -> {
              for (var controller : o.controllers()) {
                if (controller.hasNews()) {
                  steps.add(new Step(() -> o + " sees a " + controller, controller::readNext));
                }
                for (var id : controller.ready()) {
                  steps.add(
                      new Step(
                          () -> o + " reconciles " + controller + " " + id,
                          () -> o.reconcile(controller, id)));
                }
              }
              if (o.beatDue()) {
                steps.add(new Step(() -> o + " looks", o::beat));
              }
            });
    for (var operation : cloud.ready()) {
      steps.add(new Step(() -> "cloud: " + operation, operation::step));
    }
    deeds(steps);
    return steps;
  }

  /** What the room of the claims and the cluster do, by what is there. */
  private void deeds(List<Step> steps) {
    for (var pod : server.all(Kind.POD)) {
      var name = ApiServer.name(pod);
      var uid = ApiServer.uid(pod);
      var node = Cluster.node(pod);
      if (!machineOfPod.get(name).equals(machines.get(node))) {
        steps.add(
            new Step(
                () -> "garbage collector: " + name,
                () -> server.remove(Kind.POD, NAMESPACE, name)));
      } else if (depth == 0 && recordOf(uid).isEmpty()) {
        operator
            .filter(o -> !o.dead() && o.wantsToPlace(uid, time.passed()))
            .ifPresent(
                o ->
                    steps.add(
                        new Step(() -> o + " places " + name, () -> o.place(node, name, uid))));
      }
    }
    records("Pod").forEach(vip -> addressDeed(vip).ifPresent(steps::add));
  }

  private Optional<ObjectNode> recordOf(String podUid) {
    return records("Pod")
        .filter(vip -> vip.path("spec").path("claimRef").path("uid").asText().equals(podUid))
        .findFirst();
  }

  private Optional<Step> addressDeed(ObjectNode vip) {
    var name = ApiServer.name(vip);
    var eniId = vip.path("spec").path("eniId").asText();
    var ip = Ip.parse(name);
    if (!isOfALivingPod(vip)) {
      return Optional.of(
          new Step(
              () -> "address room: " + name + " is released",
              () -> {
                vpc.removeAddress(eniId, ip);
                server.remove(Kind.VPC_IP, null, name);
                operator.ifPresent(
                    o -> o.withdraw(vip.path("spec").path("claimRef").path("uid").asText()));
              }));
    }
    if (vip.path("status").path("phase").asText().equals("Assigned")
        || cloud.isBeingRemoved(eniId)) {
      return Optional.empty();
    }
    return Optional.of(
        new Step(
            () -> "address room: " + name + " is put on " + eniId, () -> assign(vip, eniId, ip)));
  }

  private void assign(ObjectNode vip, String eniId, Ip ip) {
    var node = vip.path("spec").path("nodeName").asText();
    boolean there =
        vpc.eni(eniId)
            .flatMap(NetworkInterface::instanceId)
            .filter(on -> on.equals(machines.get(node)))
            .isPresent();
    // The cloud refuses an address that is in use, be it the own one of an ENI.
    boolean taken = vpc.enis().stream().anyMatch(eni -> eni.address(ip).isPresent());
    if (!there || taken) {
      // The room of the addresses hears that, and the Pod is placed again.
      server.remove(Kind.VPC_IP, null, ApiServer.name(vip));
      return;
    }
    vpc.addAddress(eniId, ip, AddressState.AVAILABLE);
    server.edit(
        Kind.VPC_IP,
        null,
        ApiServer.name(vip),
        v -> v.withObject("/status").put("phase", "Assigned").put("eniId", eniId));
  }

  private boolean step() {
    var steps = steps();
    if (steps.isEmpty()) {
      return false;
    }
    var step = steps.get(random.nextInt(steps.size()));
    tell("%s%s", " ".repeat(depth), step.what().get());
    stepsDone++;
    step.doing().run();
    return true;
  }

  private void work(int count) {
    for (int i = 0; i < count; i++) {
      if (operator.filter(NodesProcess::dead).isPresent() && random.nextInt(4) == 0) {
        startOperator();
      }
      if (!step() || random.nextInt(12) == 0) {
        pass(Duration.ofMillis(random.nextInt(4_000)));
      }
    }
  }

  /** Others get something done between two moments of the operator. */
  private void interrupt() {
    if (depth >= DEEPEST || random.nextInt(4) != 0) {
      return;
    }
    depth++;
    try {
      for (int i = random.nextInt(3); i >= 0; i--) {
        step();
      }
    } finally {
      depth--;
    }
  }

  // ------------------------------------------------------------------------------------- at rest

  /** Lets everything come to an end, and looks whether it fits together. */
  public void settle() {
    tell("everything settles at %s", time.passed());
    random.setSeed(4711);
    cloud.endProblems();
    vpc.thawReads();
    vpc.limitEnis(NO_LIMIT);
    // An ENI on a machine that runs and is no node may be left to users for ever.
    former.forEach(vpc::removeInstance);
    operator.ifPresent(NodesProcess::endFaults);
    rest();
    // Every delay passes, and the slowest comparison takes place some times.
    for (int i = 0; i < LAPS && broken.isEmpty(); i++) {
      pass(LAP);
      rest();
    }
    if (broken.isEmpty()) {
      atRest();
      staysIdle();
    }
  }

  private void rest() {
    int steps = 0;
    var quietSince = time.passed();
    while (time.passed().minus(quietSince).compareTo(QUIET) < 0) {
      long revision = server.revision();
      long changes = cloud.changes();
      while (operator.filter(NodesProcess::dead).isPresent() || step()) {
        if (operator.filter(NodesProcess::dead).isPresent()) {
          startOperator();
        }
        if (++steps > PATIENCE) {
          breach("it does not settle: " + steps().stream().map(s -> s.what().get()).toList());
          return;
        }
      }
      if (server.revision() != revision || cloud.changes() != changes) {
        quietSince = time.passed();
      }
      pass(untilNext());
    }
  }

  private Duration untilNext() {
    return time.until(
        operator.stream()
            .flatMap(
                o ->
                    Stream.concat(
                        Stream.of(o.nextBeat()),
                        o.controllers().stream().flatMap(c -> c.nextTimer().stream()))));
  }

  private void atRest() {
    var necs = new TreeMap<String, ObjectNode>();
    server.all(Kind.NODE_CONFIG).forEach(nec -> necs.put(ApiServer.name(nec), nec));
    machines.forEach(
        (node, instance) -> nodeAtRest(node, instance, Optional.ofNullable(necs.remove(node))));
    necs.forEach(
        (node, nec) -> breach("%s is gone, and its record stays: %s".formatted(node, nec)));
    var listed = new TreeMap<String, String>();
    server
        .all(Kind.NODE_CONFIG)
        .forEach(
            nec ->
                nec.path("status")
                    .path("eniInfos")
                    .forEach(
                        eni ->
                            listed.put(
                                eni.path("primaryIP").asText(), eni.path("eniId").asText())));
    enis()
        .filter(eni -> !listed.containsValue(eni.id()))
        .forEach(eni -> breach("%s is left behind: %s".formatted(eni.id(), eni)));
    records("ENI")
        .filter(vip -> !listed.containsKey(ApiServer.name(vip)))
        .forEach(vip -> breach("%s is of no ENI: %s".formatted(ApiServer.name(vip), vip)));
    if (vpc.eni(FOREIGN).isEmpty()) {
      breach("the ENI of the other cluster is gone");
    }
    server.all(Kind.POD).forEach(this::podAtRest);
  }

  private void podAtRest(ObjectNode pod) {
    var name = ApiServer.name(pod);
    var vip = recordOf(ApiServer.uid(pod));
    if (vip.filter(v -> v.path("status").path("phase").asText().equals("Assigned")).isEmpty()) {
      breach("%s never got an address".formatted(name));
      return;
    }
    var ip = Ip.parse(ApiServer.name(vip.get()));
    var eni = vpc.eni(vip.get().path("spec").path("eniId").asText());
    if (eni.filter(e -> e.attachedTo(machines.get(Cluster.node(pod))))
        .flatMap(e -> e.address(ip))
        .isEmpty()) {
      breach("%s has %s, which is not on its machine: %s".formatted(name, ip, eni));
    }
  }

  private void nodeAtRest(String node, String instance, Optional<ObjectNode> nec) {
    if (nec.isEmpty()) {
      breach(node + " has no record");
      return;
    }
    var enis = nec.get().path("status").path("eniInfos");
    if (!nec.get().path("spec").path("instanceId").asText().equals(instance) || enis.isEmpty()) {
      breach("%s is on %s and has %s".formatted(node, instance, nec.get()));
    }
    int attached = 0;
    for (var eni : enis) {
      var there = vpc.eni(eni.path("eniId").asText());
      boolean isThere = there.filter(e -> e.attachedTo(instance)).isPresent();
      attached += isThere ? 1 : 0;
      boolean waits =
          loosened.contains(eni.path("eniId").asText())
              && there.filter(e -> e.instanceId().isEmpty()).isPresent();
      if (!isThere && !waits) {
        breach("%s lists %s, which is %s".formatted(node, eni, there));
      }
      if (server.find(Kind.VPC_IP, null, eni.path("primaryIP").asText()).isEmpty()) {
        breach("%s lists %s, whose address has no record".formatted(node, eni));
      }
    }
    if (attached == 0) {
      breach("%s has no ENI on it: %s".formatted(node, nec.get()));
    }
  }

  /** An idle world costs no write and no change of the cloud. */
  private void staysIdle() {
    long revision = server.revision();
    long changes = cloud.changes();
    var until = time.passed().plus(WATCHED);
    while (time.passed().compareTo(until) < 0) {
      int steps = 0;
      while (step() && steps < PATIENCE) {
        steps++;
      }
      pass(untilNext());
    }
    if (server.revision() != revision || cloud.changes() != changes) {
      breach(
          "an idle world made %d writes and %d changes of the cloud"
              .formatted(server.revision() - revision, cloud.changes() - changes));
    }
  }
}
