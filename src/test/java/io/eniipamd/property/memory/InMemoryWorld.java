package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.kube.claim.WiredOperator.Flags;
import io.eniipamd.property.Action;
import io.eniipamd.property.Move;
import io.eniipamd.property.World;
import io.eniipamd.property.memory.ApiServer.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cluster, its cloud and one or two operators in this process. Whatever may happen next is a
 * step; which one does is drawn, also in the middle of another: between two calls of an operator
 * another actor may get something done.
 */
public final class InMemoryWorld implements World {
  static final String SUBNET = "subnet-a";
  private static final Cidr RANGE = Cidr.parse("10.0.0.0/28");

  /** Where the other cluster's ENI has its own address. */
  private static final Cidr OUTSIDE = Cidr.parse("10.0.1.0/28");

  private static final int SCENE_SEED = 7;
  private static final int SLOTS = 8;
  private static final Duration QUARANTINE = Duration.ofSeconds(30);

  /** The ENIs' own addresses are the first two that can be had. */
  private final Map<String, String> enis =
      new TreeMap<>(Map.of(Cluster.NODES.get(0), "eni-a", Cluster.NODES.get(1), "eni-b"));

  /** Fewer than names, so that claims that are due wait for each other. */
  private static final int RELEASES_PER_SWEEP = 2;

  /** The default; so few names never make one. */
  private static final AvalancheRule AVALANCHE = new AvalancheRule(2000, 50);

  private static final String FOREIGN_ENI = "eni-of-others";

  /** More foreign addresses than this would leave too few for the Pods. */
  private static final int MOST_STRANGERS = 2;

  /** Deeper than this there is no interruption of an interruption. */
  private static final int DEEPEST = 2;

  /** Longer than every pause between two tries. */
  private static final Duration QUIET = Duration.ofMinutes(3);

  /** For how long an idle world is watched. */
  private static final Duration WATCHED = Duration.ofMinutes(5);

  /** A world that has not settled after so many steps never will. */
  private static final int PATIENCE = 3_000;

  private final Random random = new Random(0);
  private final Time time = new Time();
  private final Specification specification = new Specification(time, QUARANTINE);
  private final ApiServer server;
  private final CloudModel cloud;
  private final Cluster cluster;
  private final NewerWords newerWords;
  private final WarmAddresses warm;
  private final List<OperatorProcess> operators = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private Flags flags =
      new Flags(new ExpiryDuration.Never(), false, QUARANTINE, RELEASES_PER_SWEEP, AVALANCHE);
  private int started;
  private int machines;
  private int depth;
  private long stepsDone;
  private boolean cloudAnswers = true;
  private Optional<Controller<?>> slow = Optional.empty();

  /** A world with two nodes of one subnet, and an operator that has begun to lead. */
  public InMemoryWorld() {
    server = new ApiServer(time, this::changed);
    cloud =
        new CloudModel(
            List.of(
                new Subnet(
                    SUBNET, "vpc-a", "zone-1", RANGE, RANGE.usableSize(), RANGE.usableSize())),
            specification);
    cluster = new Cluster(server, random);
    newerWords = new NewerWords(server);
    warm = new WarmAddresses(server, time, RANGE, SUBNET);
    specification.of(server, cloud);
    int ordinal = 2;
    for (var eni : enis.entrySet()) {
      makeNode(eni.getKey(), eni.getValue(), RANGE.at(ordinal++));
    }
    cloud.addForeignEni(FOREIGN_ENI, OUTSIDE.at(4), SLOTS);
    startOperator();
  }

  /** A further ENI of a node, as the node room would add it. */
  void addEni(String node, String eni) {
    var primary = RANGE.at(RANGE.usableSize() + 1);
    cloud.addEni(eni, node, instanceOf(enis.get(node)), primary, SLOTS);
    recordEni(node, eni, primary);
    server.edit(
        Kind.NODE_CONFIG,
        null,
        node,
        nec -> {
          var infos = nec.withObject("/status").withArray("eniInfos");
          var info = (com.fasterxml.jackson.databind.node.ObjectNode) infos.get(0).deepCopy();
          infos.add(info.put("eniId", eni).put("primaryIP", primary.toString()));
        });
  }

  /** The cloud puts no more than so many addresses on an ENI, whatever the records say. */
  void limit(String eni, int slots) {
    cloud.limit(eni, slots);
  }

  /** The ENI that has the address of a claim, as the cloud says. */
  Optional<String> eniOf(String claim) {
    return cloud.eniOf(Ip.parse(addressOf(claim)));
  }

  private void makeNode(String node, String eni, Ip primary) {
    cloud.addEni(eni, node, instanceOf(eni), primary, SLOTS);
    joinNode(node, eni);
    recordNode(node, eni, primary);
    recordEni(node, eni, primary);
  }

  /** The Node object of the machine that an ENI is on. */
  private void joinNode(String node, String eni) {
    server.create(
        Kind.NODE,
        ApiServer.parse(
            """
            {"metadata":{"name":"%s"},"spec":{"providerID":"qcloud:///160001/%s"}}"""
                .formatted(node, instanceOf(eni))));
  }

  private static String instanceOf(String eni) {
    return "ins-" + eni.substring("eni-".length()).replace("-", "");
  }

  private void recordNode(String node, String eni, Ip primary) {
    server.create(
        Kind.NODE_CONFIG,
        ApiServer.parse(
            """
            {"metadata":{"name":"%s"},\
            "spec":{"instanceId":"%s","zone":"zone-1","subnets":["%s"]},\
            "status":{"maxRouteENI":1,"maxIPPerENI":%d,"eniInfos":[{"eniId":"%s",\
            "mac":"20:90:6f:00:00:01","primaryIP":"%s","subnetId":"%s","subnetCIDR":"%s",\
            "gateway":"%s","slots":%d,"used":0,"phase":"Attached"}]}}"""
                .formatted(
                    node,
                    instanceOf(eni),
                    SUBNET,
                    SLOTS,
                    eni,
                    primary,
                    SUBNET,
                    RANGE,
                    RANGE.gateway(),
                    SLOTS)));
  }

  private void recordEni(String node, String eni, Ip primary) {
    var record =
        ApiServer.parse(
            """
            {"metadata":{"name":"%s","finalizers":["tke.cloud.tencent.com/vpc-ip"]},\
            "spec":{"type":"ENI","subnetId":"%s","eniId":"%s","nodeName":"%s"}}"""
                .formatted(primary, SUBNET, eni, node));
    server.create(Kind.VPC_IP, record);
    server.edit(
        Kind.VPC_IP,
        null,
        primary.toString(),
        r -> r.withObject("/status").put("phase", "Assigned").put("eniId", eni));
  }

  private void changed(ApiServer.Change change) {
    if (change.kind() != Kind.NODE_CONFIG && change.kind() != Kind.NODE) {
      tell(
          "  %d %s %s %s%s",
          change.revision(),
          change.kind().kind,
          ApiServer.name(change.object()),
          change.verb(),
          summary(change));
    }
    specification.changed(change);
  }

  private static String summary(ApiServer.Change change) {
    var object = change.object();
    return switch (change.kind()) {
      case CLAIM ->
          " %s %s pod %s eni %s%s uid %s"
              .formatted(
                  object.path("status").path("phase").asText(),
                  object.path("status").path("address").asText("-"),
                  tail(object.path("status").path("podUID").asText("-")),
                  object.path("status").path("eniId").asText("-"),
                  ApiServer.isDeleting(object) ? " deleting" : "",
                  tail(ApiServer.uid(object)));
      case VPC_IP ->
          " %s of %s on %s for %s%s uid %s"
              .formatted(
                  object.path("status").path("phase").asText(),
                  tail(object.path("spec").path("claimRef").path("uid").asText("-")),
                  object.path("status").path("eniId").asText("-"),
                  object.path("spec").path("eniId").asText("-"),
                  ApiServer.isDeleting(object) ? " deleting" : "",
                  tail(ApiServer.uid(object)));
      case POD ->
          " %s %s%s uid %s"
              .formatted(
                  object.path("status").path("phase").asText(),
                  Cluster.node(object),
                  ApiServer.isDeleting(object) ? " terminating" : "",
                  tail(ApiServer.uid(object)));
      case EVENT -> " " + object.path("message").asText();
      case STATEFUL_SET, NODE, NODE_CONFIG -> "";
    };
  }

  private static String tail(String uid) {
    return uid.substring(uid.lastIndexOf('-') + 1).replaceFirst("^0+", "#");
  }

  private void tell(String format, Object... arguments) {
    story.add(format.formatted(arguments));
  }

  @Override
  public List<String> broken() {
    return List.copyOf(specification.broken());
  }

  @Override
  public List<String> story() {
    return List.copyOf(story);
  }

  @Override
  public long stepsDone() {
    return stepsDone;
  }

  /** Nothing that has to hold was broken so far; a failure tells the story. */
  void assertSound() {
    assertThat(broken()).as(() -> String.join("\n", story)).isEmpty();
  }

  @Override
  public void close() {
    operators.forEach(OperatorProcess::die);
  }

  // -------------------------------------------------------------------------------------------
  // moves

  /** Plays an action with the chance that all scenes have. */
  void play(Action action) {
    play(new Move(action, SCENE_SEED));
  }

  @Override
  public void play(Move move) {
    random.setSeed(move.seed());
    tell("%s at %s", move, time.passed());
    slow = random.nextInt(3) == 0 ? anyController() : Optional.empty();
    perform(move.action());
    slow = Optional.empty();
  }

  private Optional<Controller<?>> anyController() {
    var all = operators.stream().flatMap(o -> o.controllers().stream()).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  private void perform(Action action) {
    switch (action) {
      case Action.CreatePod(int which, Action.Policy policy) ->
          cluster.createPod("solo-" + which % 2, policy, Optional.empty());
      case Action.DeletePod(int which) ->
          server.deleteGracefully(Kind.POD, Cluster.NAMESPACE, name(which));
      case Action.ForceDeletePod(int which) ->
          server.remove(Kind.POD, Cluster.NAMESPACE, name(which));
      case Action.EvictPod(int which) -> cluster.end(name(which), "Failed");
      case Action.CompletePod(int which) -> cluster.end(name(which), "Succeeded");
      case Action.Deploy(int replicas, Action.Policy policy) -> cluster.deploy(replicas, policy);
      case Action.Scale(int replicas) -> cluster.scale(replicas);
      case Action.Roll(Action.Policy policy) -> cluster.roll(policy);
      case Action.DeleteWorkload deleted -> cluster.deleteWorkload(false);
      case Action.OrphanWorkload orphaned -> cluster.deleteWorkload(true);
      case Action.DeleteClaim(int which) ->
          deleteByHand(Kind.CLAIM, Cluster.NAMESPACE, name(which));
      case Action.AnnotateClaim(int which, String expiry) -> annotate(name(which), expiry);
      case Action.DeleteRecord(int which) ->
          server
              .find(Kind.CLAIM, Cluster.NAMESPACE, name(which))
              .map(c -> c.path("status").path("address").asText(""))
              .filter(a -> !a.isEmpty())
              .ifPresent(a -> deleteByHand(Kind.VPC_IP, null, a));
      case Action.SetFlags(String expiry, boolean ownerReferences) -> {
        flags =
            new Flags(
                ExpiryDuration.parse(expiry),
                ownerReferences,
                QUARANTINE,
                RELEASES_PER_SWEEP,
                AVALANCHE);
        restart();
      }
      case Action.Crash(int calls, boolean afterEffect) ->
          operators.forEach(o -> o.dieAfter(calls, afterEffect));
      case Action.Restart restart -> restart();
      case Action.SecondLeader(boolean fenced) -> {
        if (operators.size() == 1) {
          specification.leadersOverlap();
          if (fenced) {
            operators.getFirst().depose();
          } else {
            specification.leadersByMistake();
          }
          startOperator();
        }
      }
      case Action.LocalClockJump(Duration by) -> time.setLocal(by);
      case Action.ServerClockJump(Duration by) -> time.setServer(by);
      case Action.Pass(Duration passed) -> time.pass(passed);
      case Action.CloudFault(Action.CloudProblem problem) -> cloud.problem(problem);
      case Action.StrangerComes(int address) -> {
        if (cloud.addressesOn(FOREIGN_ENI).size() + cloud.strangers().size() < MOST_STRANGERS) {
          cloud.strangerTakes(RANGE.at(4 + address % (RANGE.usableSize() - 2)));
        }
      }
      case Action.StrangersLeave left -> cloud.strangersLeave();
      case Action.RestoreForeignRecord(int address, int holder) ->
          restoreForeign(RANGE.at(4 + address % (RANGE.usableSize() - 2)), holder);
      case Action.LeaveNewerWord(int which, int field) -> newerWords.leave(name(which), field);
      case Action.TakeNewerWordsBack back -> newerWords.takeBack();
      case Action.ReplaceMachine(int node) ->
          replaceMachine(Cluster.NODES.get(node % Cluster.NODES.size()));
      case Action.KeepWarm(int which) -> {
        var node = Cluster.NODES.get(which % Cluster.NODES.size());
        warm.keep(node, enis.get(node), SLOTS);
      }
      case Action.ReleaseWarm released -> warm.release();
      case Action.TakeOff(int which) ->
          server
              .find(Kind.CLAIM, Cluster.NAMESPACE, name(which))
              .map(c -> c.path("status").path("address").asText(""))
              .filter(a -> !a.isEmpty())
              .ifPresent(a -> cloud.takeOff(Ip.parse(a)));
      case Action.ApiFault(int calls, boolean afterEffect) ->
          operators.forEach(o -> o.unheardAfter(calls, afterEffect));
      case Action.ApiHangs hangs -> {
        time.pass(Duration.ofSeconds(15));
        restart();
      }
      case Action.WatchBreaks(Action.WatchedKind kind) ->
          operators.stream().flatMap(o -> o.watching(kindOf(kind))).forEach(Controller::breakWatch);
      case Action.Work(int steps) -> work(steps);
    }
  }

  private static Kind kindOf(Action.WatchedKind kind) {
    return switch (kind) {
      case PODS -> Kind.POD;
      case CLAIMS -> Kind.CLAIM;
      case ADDRESSES -> Kind.VPC_IP;
    };
  }

  private static String name(int which) {
    return Cluster.NAMES.get(which % Cluster.NAMES.size());
  }

  private void deleteByHand(Kind kind, String namespace, String name) {
    server
        .find(kind, namespace, name)
        .ifPresent(o -> server.delete(kind, namespace, name, null, null));
  }

  private void replaceMachine(String node) {
    var before = enis.get(node);
    var primary = Cluster.NODES.indexOf(node) == 0 ? RANGE.at(2) : RANGE.at(3);
    var after = "eni-new-%d".formatted(++machines);
    cloud.removeEni(before);
    cluster.loseMachine(node);
    cloud.addEni(after, node, instanceOf(after), primary, SLOTS);
    enis.put(node, after);
    server.remove(Kind.NODE, null, node);
    joinNode(node, after);
    cluster.recordLater(
        "node room: the record of %s is created again, with %s".formatted(node, after),
        () -> {
          warm.releaseOn(before);
          server.edit(
              Kind.VPC_IP,
              null,
              primary.toString(),
              r -> {
                r.withObject("/spec").put("eniId", after);
                r.withObject("/status").put("eniId", after);
              });
          server.remove(Kind.NODE_CONFIG, null, node);
          recordNode(node, after, primary);
        });
  }

  /** What becomes of the ENI of a machine that another one replaces. */
  enum Before {
    GONE,
    DETACHED,
    STILL_ATTACHED
  }

  /**
   * Another machine comes under the name of a node so soon that the Pods' objects stay.
   *
   * @return the ENI of the other machine
   */
  String replaceMachineUnderItsPods(String node, Before before) {
    time.pass(Duration.ofSeconds(10));
    var old = enis.get(node);
    switch (before) {
      case GONE -> cloud.removeEni(old);
      case DETACHED -> cloud.detach(old);
      case STILL_ATTACHED -> cloud.leaveNode(old);
    }
    var after = "eni-new-%d".formatted(++machines);
    var primary = RANGE.at(RANGE.usableSize() + 2 - machines);
    cloud.addEni(after, node, instanceOf(after), primary, SLOTS);
    enis.put(node, after);
    server.remove(Kind.NODE, null, node);
    joinNode(node, after);
    cluster.recordLater(
        "node room: the record of %s is created again, with %s".formatted(node, after),
        () -> {
          recordEni(node, after, primary);
          server.remove(Kind.NODE_CONFIG, null, node);
          recordNode(node, after, primary);
        });
    return after;
  }

  /**
   * A user deletes the record of a node, and for a while the one that is created again lists no
   * ENI.
   *
   * @return the ENIs that were looked at meanwhile
   */
  List<String> looksWhileTheRecordListsNothing(String node) {
    time.pass(Duration.ofSeconds(10));
    var eni = enis.get(node);
    server.remove(Kind.NODE_CONFIG, null, node);
    recordNode(node, eni, RANGE.at(2));
    var infos = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();
    server.edit(
        Kind.NODE_CONFIG,
        null,
        node,
        nec -> nec.withObject("/status").withArray("eniInfos").forEach(infos::add));
    server.edit(
        Kind.NODE_CONFIG,
        null,
        node,
        nec -> nec.withObject("/status").withArray("eniInfos").removeAll());
    cloud.takeLooks();
    play(new Action.Work(100));
    var looks = cloud.takeLooks();
    server.edit(
        Kind.NODE_CONFIG,
        null,
        node,
        nec -> nec.withObject("/status").withArray("eniInfos").addAll(infos));
    return looks;
  }

  /** The ENIs that were looked at since this was asked last. */
  List<String> takeLooks() {
    return cloud.takeLooks();
  }

  /** A user takes an ENI off its machine. */
  void detach(String eni) {
    cloud.detach(eni);
  }

  /** What a claim's status says in a field. */
  String statusOf(String claim, String field) {
    return server.get(Kind.CLAIM, Cluster.NAMESPACE, claim).path("status").path(field).asText();
  }

  private void restoreForeign(Ip ip, int holder) {
    if (cloud.addressesOn(FOREIGN_ENI).size() + cloud.strangers().size() >= MOST_STRANGERS
        || server.find(Kind.VPC_IP, null, ip.toString()).isPresent()
        || !cloud.foreignPodTakes(FOREIGN_ENI, ip)) {
      return;
    }
    var record =
        ApiServer.parse(
            """
            {"metadata":{"name":"%s","finalizers":["tke.cloud.tencent.com/vpc-ip"]},\
            "spec":{"type":"Pod","subnetId":"%s","eniId":"%s","nodeName":"node-of-others"}}"""
                .formatted(ip, SUBNET, FOREIGN_ENI));
    if (holder >= 0) {
      record
          .withObject("/spec")
          .withObject("/claimRef")
          .put("namespace", Cluster.NAMESPACE)
          .put("name", name(holder))
          .put("uid", "uid-of-another-cluster");
    }
    server.create(Kind.VPC_IP, record);
  }

  /** The address of a claim, and its record, are as the backup of another cluster has them. */
  void moveToOthers(String claim) {
    var ip =
        Ip.parse(
            server
                .get(Kind.CLAIM, Cluster.NAMESPACE, claim)
                .path("status")
                .path("address")
                .asText());
    cloud.movedTo(ip, FOREIGN_ENI);
    server.edit(
        Kind.VPC_IP,
        null,
        ip.toString(),
        r -> {
          r.withObject("/spec").put("eniId", FOREIGN_ENI).put("nodeName", "node-of-others");
          r.withObject("/status").put("eniId", FOREIGN_ENI);
        });
  }

  /** The ENIs that are looked at when one is found to be full that has room by the records. */
  List<String> looksWhereFull(String eniId) {
    time.pass(Duration.ofMinutes(1));
    cloud.takeLooks();
    operators.getFirst().lookWhereFull(eniId);
    return cloud.takeLooks();
  }

  /**
   * A move of a kept address has happened in the cloud, and the process that asked for it died
   * before it was recorded.
   *
   * @return the node that it has left, and the other one
   */
  List<String> interruptMove(String claim) {
    var ip = Ip.parse(addressOf(claim));
    var left = cloud.eniOf(ip).orElseThrow();
    var nodes = new ArrayList<>(Cluster.NODES);
    nodes.sort(Comparator.comparing(node -> !enis.get(node).equals(left)));
    var other = enis.get(nodes.getLast());
    cloud.movedTo(ip, other);
    server.edit(Kind.CLAIM, Cluster.NAMESPACE, claim, c -> c.withObject("/status").remove("eniId"));
    server.edit(
        Kind.VPC_IP,
        null,
        ip.toString(),
        r -> r.withObject("/spec").put("eniId", other).put("nodeName", nodes.getLast()));
    restart();
    return List.copyOf(nodes);
  }

  /** A fixed Pod that asks for its node itself. */
  void createPodOn(String node, String name) {
    createPodOn(node, name, Action.Policy.FIXED);
  }

  /** A Pod that asks for its node itself. */
  void createPodOn(String node, String name, Action.Policy policy) {
    cluster.createPod(name, policy, Optional.empty());
    server.edit(
        Kind.POD, Cluster.NAMESPACE, name, p -> p.withObject("/spec").put("nodeName", node));
  }

  /** The address that a claim has. */
  String addressOf(String claim) {
    return server.get(Kind.CLAIM, Cluster.NAMESPACE, claim).path("status").path("address").asText();
  }

  /** A Pod that no node will ever do. */
  void createPodWithoutNode(String name, Action.Policy policy) {
    cluster.createPod(name, policy, Optional.empty());
    server.edit(
        Kind.POD,
        Cluster.NAMESPACE,
        name,
        p -> p.withObject("/spec").put(Cluster.UNSCHEDULABLE, true));
  }

  /** A Pod that asks for this very address. */
  void createPodNominating(String name, String address) {
    cluster.createPod(name, Action.Policy.FIXED, Optional.empty());
    annotate(Kind.POD, name, "tke.cloud.tencent.com/nominated-vpc-ip", address);
  }

  /** A Pod that runs with an address of another network gets our annotation. */
  void annotateARunningPod(String name, String address) {
    var pod =
        ApiServer.parse(
            """
            {"metadata":{"namespace":"%s","name":"%s"},"spec":{"nodeName":"%s",            "containers":[{"name":"main"}]},"status":{"phase":"Running","podIP":"%s"}}"""
                .formatted(Cluster.NAMESPACE, name, Cluster.NODES.getFirst(), address));
    server.create(Kind.POD, pod);
    play(new Action.Work(20));
    annotate(Kind.POD, name, "tke.cloud.tencent.com/networks", "tke-route-eni");
  }

  /** A user makes a claim in advance. */
  void makeClaim(String name) {
    server.create(
        Kind.CLAIM,
        ApiServer.parse(
            """
            {"metadata":{"namespace":"%s","name":"%s"},"spec":{"deletePolicy":"Never"}}"""
                .formatted(Cluster.NAMESPACE, name)));
    play(new Action.Work(20));
  }

  /** A user takes the finalizers from a claim and its record, and deletes both. */
  void tearAway(String claim) {
    var address = addressOf(claim);
    tearAwayClaim(claim);
    server.remove(Kind.VPC_IP, null, address);
  }

  /** A user takes the finalizer from a claim, and deletes it. */
  void tearAwayClaim(String claim) {
    server.remove(Kind.CLAIM, Cluster.NAMESPACE, claim);
  }

  /** The addresses that users outside the cluster have. */
  List<String> strangers() {
    return cloud.strangers().stream().map(Ip::toString).toList();
  }

  /** How often the operator has asked for the records of a claim. */
  long recordLists() {
    return operators.getFirst().recordLists();
  }

  /** The operator makes a record and does not hear of it. */
  void loseTheAnswerToTheNextRecord() {
    operators.getFirst().loseTheAnswerToTheNextRecord();
  }

  /** A StatefulSet whose own metadata says whether its Pods keep their addresses. */
  void deployAsOldClustersDo(int replicas, String word) {
    cluster.deploy(replicas, Action.Policy.IMMEDIATE);
    annotate(Kind.STATEFUL_SET, Cluster.WORKLOAD, "tke.cloud.tencent.com/enable-static-ip", word);
  }

  /** A user outside the cluster takes this address. */
  void strangerTakes(String address) {
    cloud.strangerTakes(Ip.parse(address));
  }

  /** All actors work but the cloud, which does not answer. */
  void workWithoutTheCloud(int steps) {
    cloudAnswers = false;
    play(new Action.Work(steps));
    cloudAnswers = true;
  }

  /** Why a claim is ready, or is not. */
  String readyReason(String claim) {
    for (var condition :
        server.get(Kind.CLAIM, Cluster.NAMESPACE, claim).path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("reason").asText();
      }
    }
    return "";
  }

  /** The names of all claims. */
  List<String> claims() {
    return server.all(Kind.CLAIM).stream().map(ApiServer::name).toList();
  }

  /** The addresses on the other cluster's ENI. */
  List<String> addressesOfOthers() {
    return cloud.addressesOn(FOREIGN_ENI).stream().map(Ip::toString).toList();
  }

  /** The names of all records. */
  List<String> records() {
    return server.all(Kind.VPC_IP).stream().map(ApiServer::name).toList();
  }

  /** The addresses that are kept ready and that no claim has taken. */
  List<String> warmRecords() {
    return server.all(Kind.VPC_IP).stream()
        .filter(WarmAddresses::isWarm)
        .map(ApiServer::name)
        .toList();
  }

  /** Users outside the cluster take every address that no record has. */
  void strangersTakeTheRest() {
    for (int i = 4; i < RANGE.usableSize() + 2; i++) {
      if (server.find(Kind.VPC_IP, null, RANGE.at(i).toString()).isEmpty()) {
        cloud.strangerTakes(RANGE.at(i));
      }
    }
  }

  /** The addresses in quarantine. */
  List<String> quarantined() {
    return server.all(Kind.VPC_IP).stream()
        .filter(v -> v.path("status").path("phase").asText().equals("Quarantined"))
        .map(ApiServer::name)
        .toList();
  }

  /** What users were told. */
  List<String> events() {
    return server.all(Kind.EVENT).stream().map(e -> e.path("message").asText()).toList();
  }

  private void annotate(Kind kind, String name, String key, String value) {
    server.edit(
        kind,
        Cluster.NAMESPACE,
        name,
        o -> o.withObject("/metadata").withObject("/annotations").put(key, value));
  }

  private void annotate(String name, String expiry) {
    annotate(Kind.CLAIM, name, "tke.cloud.tencent.com/claim-expired-duration", expiry);
  }

  private void restart() {
    operators.forEach(OperatorProcess::die);
    startOperator();
  }

  private void startOperator() {
    operators.removeIf(OperatorProcess::dead);
    started++;
    tell("operator-%d starts with %s", started, flags);
    var operator =
        new OperatorProcess(
            "operator-" + started,
            server,
            cloud,
            time,
            specification,
            this::interrupt,
            story::add,
            flags);
    operators.add(operator);
    operator.start(random);
    operators.removeIf(OperatorProcess::dead);
  }

  // -------------------------------------------------------------------------------------------
  // steps

  private record Step(Supplier<String> what, Runnable doing) {}

  /** All that may happen now. */
  private List<Step> steps() {
    var steps = new ArrayList<Step>();
    for (var operator : operators) {
      for (var controller : operator.controllers()) {
        if (controller.hasNews() && slow.filter(s -> s == controller).isEmpty()) {
          steps.add(new Step(() -> operator + " sees a " + controller, controller::readNext));
        }
        for (var id : controller.ready()) {
          steps.add(
              new Step(
                  () -> operator + " reconciles " + controller + " " + id,
                  () -> operator.reconcile(controller, id)));
        }
      }
      if (operator.sweepDue()) {
        steps.add(new Step(() -> operator + " sweeps", operator::sweep));
      }
    }
    for (var operation : cloudAnswers ? cloud.ready() : List.<CloudModel.Operation>of()) {
      steps.add(new Step(() -> "cloud: " + operation, operation::step));
    }
    for (var deed : cluster.deeds()) {
      steps.add(new Step(deed::what, deed.doing()));
    }
    return steps;
  }

  /** One step, drawn from all; false where there is nothing to do. */
  private boolean step() {
    var steps = steps();
    if (steps.isEmpty()) {
      return false;
    }
    var step = steps.get(random.nextInt(steps.size()));
    tell("%s%s", " ".repeat(depth), step.what().get());
    stepsDone++;
    step.doing().run();
    bury();
    return true;
  }

  /**
   * Removes processes that have died, and starts another one where none is left, once all has
   * settled.
   */
  private void bury() {
    if (depth == 0) {
      operators.removeIf(OperatorProcess::dead);
    }
  }

  private void work(int count) {
    for (int i = 0; i < count; i++) {
      if (operators.stream().allMatch(OperatorProcess::deposed) && random.nextInt(4) == 0) {
        startOperator();
      }
      if (!step() || random.nextInt(12) == 0) {
        time.pass(Duration.ofMillis(random.nextInt(4_000)));
      }
    }
  }

  /** Others get something done between two moments of an operator. */
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

  // ------------------------------------------------------------------------------------------ at
  // rest

  @Override
  public void settle() {
    tell("everything settles at %s", time.passed());
    random.setSeed(4711);
    cloud.endProblems();
    newerWords.takeBack();
    // A kept address that a stranger has is waited for, for ever.
    cloud.strangersLeave();
    cloud.foreignPodsLeave(FOREIGN_ENI);
    time.synchronizeClocks();
    operators.forEach(OperatorProcess::endFaults);
    operators.removeIf(OperatorProcess::deposed);
    while (operators.size() > 1) {
      operators.removeFirst().die();
    }
    if (operators.isEmpty()) {
      startOperator();
    }
    rest();
    specification.atRest(flags.expiry());
    if (!broken().isEmpty()) {
      return;
    }
    // Every expiry that is set passes; what was annotated on a claim may be as long as an hour.
    for (int i = 0; i < 2; i++) {
      time.pass(Duration.ofMinutes(35));
      rest();
    }
    passExpiriesThatAreNear();
    specification.atRest(flags.expiry());
    staysIdle();
  }

  /** A Pod may ask for two hours: what falls due while the world is watched is not idleness. */
  private void passExpiriesThatAreNear() {
    var next = nextExpiry();
    while (next.isPresent() && broken().isEmpty()) {
      time.pass(next.get());
      rest();
      next = nextExpiry();
    }
  }

  private Optional<Duration> nextExpiry() {
    return server.all(Kind.CLAIM).stream()
        .map(claim -> claim.path("status").path("expiresAt").asText(""))
        .filter(at -> !at.isEmpty())
        .map(at -> Duration.between(time.server(), Instant.parse(at)))
        .filter(d -> d.isPositive() && d.compareTo(WATCHED.plus(QUIET)) < 0)
        .min(Comparator.naturalOrder());
  }

  private void rest() {
    int steps = 0;
    var quietSince = time.passed();
    while (time.passed().minus(quietSince).compareTo(QUIET) < 0) {
      long revision = server.revision();
      long calls = cloud.calls();
      while (step() || operators.isEmpty()) {
        if (operators.isEmpty()) {
          startOperator();
        }
        if (++steps > PATIENCE) {
          specification.breach(
              "it does not settle: " + steps().stream().map(s -> s.what().get()).toList());
          return;
        }
      }
      if (server.revision() != revision || cloud.calls() != calls) {
        quietSince = time.passed();
      }
      time.pass(untilNext());
    }
  }

  private Duration untilNext() {
    return time.until(
        operators.stream()
            .flatMap(
                o ->
                    Stream.concat(
                        Stream.of(o.nextSweep()),
                        o.controllers().stream().flatMap(c -> c.nextTimer().stream()))));
  }

  /** An idle world costs no write and no call to the cloud. */
  private void staysIdle() {
    long revision = server.revision();
    long calls = cloud.calls();
    var until = time.passed().plus(WATCHED);
    while (time.passed().compareTo(until) < 0) {
      int steps = 0;
      while (step() && steps < PATIENCE) {
        steps++;
      }
      time.pass(untilNext());
    }
    if (server.revision() != revision || cloud.calls() != calls) {
      specification.breach(
          "an idle world made %d writes and %d calls to the cloud"
              .formatted(server.revision() - revision, cloud.calls() - calls));
    }
  }
}
