package io.eniipamd.kube.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.InstanceFacts;
import io.eniipamd.domain.node.LeavingEni;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.NodeFacts;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.SubnetFacts;
import io.eniipamd.domain.node.SubnetRoom;
import io.eniipamd.domain.node.WantedRoom;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.property.memory.InProcessHttp;
import io.eniipamd.testing.ListedObjects;
import io.eniipamd.testing.time.SteppedClock;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The performers of one node, before an API server that keeps records of addresses and a cloud
 * whose operations end when the test says so.
 */
final class NodeBench implements AutoCloseable {
  static final String NODE = "node-a";
  static final String INSTANCE = "ins-00000001";
  static final String SUBNET = "subnet-a";
  static final Ip ADDRESS = Ip.parse("10.0.0.2");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  final SteppedClock clock = SteppedClock.at(Instant.parse("2026-01-31T12:00:00Z"));
  final FakeVpcCloud vpc = new FakeVpcCloud();
  final Operations operations = new Operations();
  final CloudTasks tasks = new CloudTasks(new Random(1));

  /** The changes of records, like {@code POST 10.0.0.2}. */
  final List<String> writes = new ArrayList<>();

  /** What happens beside the next creation of a record, once. */
  Runnable besideCreation = () -> {};

  /** What was told, each as reason, colon, message. */
  final List<String> events = new ArrayList<>();

  private static final String NO_POD =
      """
      {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""";
  private static final String A_POD =
      """
      {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},
       "items":[{"metadata":{"name":"p","namespace":"n"},"spec":{"nodeName":"node-a"}}]}""";

  /** Whether the API server has the Node, and a Pod that names it. */
  boolean nodeIsThere;

  boolean podIsThere;

  /** What was asked of the API server beside records. */
  final List<String> questions = new ArrayList<>();

  private final Map<String, ObjectNode> records = new TreeMap<>();
  private int version;

  final KubernetesClient client = InProcessHttp.client(this::answer);
  final AddressBook book = new AddressBook(clock);
  final NodeENIConfig nec =
      KUBERNETES.unmarshal(
          """
          {"metadata":{"name":"node-a","uid":"uid-nec","resourceVersion":"7","generation":1,
             "finalizers":["tke.cloud.tencent.com/node-eni-config"]},
           "spec":{"instanceId":"ins-00000001","zone":"zone-1","subnets":[],
             "securityGroups":["sg-1"]}}""",
          NodeENIConfig.class);
  final NodeParts parts =
      NodeParts.of(
          client,
          ListedObjects.watched(NodeENIConfig.class, nec),
          ListedObjects.watched(SlimNode.class),
          book,
          tasks,
          vpc,
          operations,
          new NodeSettings("cls-a", Duration.ofMinutes(2), Duration.ofMinutes(10)),
          clock);

  NodeBench() {
    book.subnets(
        List.of(new Subnet(SUBNET, "vpc-a", "zone-1", Cidr.parse("10.0.0.0/24"), 250, 250)));
  }

  /** What is known of the ENIs that the record lists: nothing against them. */
  OwnEnis own() {
    return new OwnEnis(
        vpc,
        ListedObjects.watched(NodeENIConfig.class, nec),
        ListedObjects.watched(SlimNode.class),
        PlainAddresses.of("cls-a"),
        Runnable::run,
        clock);
  }

  WarmSteps warm() {
    return parts.warm(new SharedCache<>(VpcIP.class), own(), new FullPlaces(System::nanoTime));
  }

  /** A record of an ENI's own address, which was made a while ago. */
  VpcIP record(Ip ip) {
    return parts.records().take(ip, SUBNET, NODE).orElseThrow();
  }

  /** The record as the API server has it. */
  Optional<VpcIP> stored(Ip ip) {
    return Optional.ofNullable(records.get(ip.toString()))
        .map(json -> KUBERNETES.unmarshal(json.toString(), VpcIP.class));
  }

  /** What is known where nothing is but these records. */
  Gathered known(VpcIP... vips) {
    return known(List.of(), vips);
  }

  Gathered known(List<LeftEni> left, VpcIP... vips) {
    return gathered(facts(true, List.of(), left), List.of(), Map.of(), vips);
  }

  Gathered coming(PendingEni eni, VpcIP vip) {
    return gathered(facts(true, List.of(eni), List.of()), List.of(), Map.of(), vip);
  }

  /** What is known where the cloud was not looked at yet. */
  Gathered unlooked(PendingEni eni, VpcIP vip) {
    return gathered(facts(false, List.of(eni), List.of()), List.of(), Map.of(), vip);
  }

  Gathered ours(BoundEni eni, VpcIP vip) {
    return gathered(facts(true, List.of(), List.of()), List.of(eni), Map.of(), vip);
  }

  Gathered failed(CloudException cause, VpcIP vip) {
    var failure = new CloudTasks.State.Failed<BoundEni>(cause, Duration.ofSeconds(10));
    var ip = Ip.parse(vip.getMetadata().getName());
    return gathered(facts(true, List.of(), List.of()), List.of(), Map.of(ip, failure), vip);
  }

  private static Gathered gathered(
      EniFacts facts,
      List<BoundEni> ours,
      Map<Ip, CloudTasks.State.Failed<BoundEni>> failures,
      VpcIP... vips) {
    var records = new HashMap<Ip, VpcIP>();
    for (var vip : vips) {
      records.put(Ip.parse(vip.getMetadata().getName()), vip);
    }
    return new Gathered(facts, records, failures, Set.of(), Set.of(), Set.of(), ours);
  }

  /** What is known of a node that is gone. */
  Gathered leaving(List<LeavingEni> enis, VpcIP... vips) {
    return gathered(facts(true, List.of(), List.of(), enis), List.of(), Map.of(), vips);
  }

  /** What is known where the limits are, and that the subnet is in the zone. */
  Gathered limited(RouteLimits limits) {
    var rooms = List.of(new SubnetRoom(SUBNET, "zone-1", 250));
    return gathered(
        facts(Optional.empty(), true, List.of(), List.of(), List.of(), Optional.of(limits), rooms),
        List.of(),
        Map.of());
  }

  private static EniFacts facts(boolean looked, List<PendingEni> coming, List<LeftEni> left) {
    return facts(looked, coming, left, List.of());
  }

  /**
   * What is known of a node that runs on this instance, and of whose ENIs nothing is to be said.
   */
  static EniFacts factsOn(String instance) {
    var node =
        new NodeFacts(
            NODE,
            "qcloud:///800002/" + instance,
            Optional.of("zone-1"),
            Optional.empty(),
            false,
            Optional.empty());
    return facts(
        Optional.of(node), true, List.of(), List.of(), List.of(), Optional.empty(), List.of());
  }

  private static EniFacts facts(
      boolean looked, List<PendingEni> coming, List<LeftEni> left, List<LeavingEni> leaving) {
    return facts(Optional.empty(), looked, coming, left, leaving, Optional.empty(), List.of());
  }

  private static EniFacts facts(
      Optional<NodeFacts> node,
      boolean looked,
      List<PendingEni> coming,
      List<LeftEni> left,
      List<LeavingEni> leaving,
      Optional<RouteLimits> limits,
      List<SubnetRoom> rooms) {
    return new EniFacts(
        NODE,
        node,
        new InstanceFacts(
            Optional.of(INSTANCE),
            Optional.of("zone-1"),
            Optional.of("zone-1"),
            true,
            limits,
            looked,
            Optional.<Problem>empty(),
            0),
        List.of(),
        coming,
        List.of(),
        List.of(),
        left,
        leaving,
        new SubnetFacts(rooms, Set.of(), Optional.empty()),
        new WantedRoom(0, List.of()));
  }

  private InProcessHttp.Reply answer(StandardHttpRequest request) throws JsonProcessingException {
    var path = request.uri().getPath();
    var body = request.bodyString() == null ? null : JSON.readTree(request.bodyString());
    if (path.endsWith("/events")) {
      events.add(body.get("reason").asText() + ": " + body.get("message").asText());
      return reply(201, body);
    }
    if (path.endsWith("/nodes/" + NODE)) {
      questions.add("node");
      return reply(nodeIsThere ? 200 : 404, null);
    }
    if (path.endsWith("/pods")) {
      questions.add("pods");
      return reply(200, JSON.readTree(podIsThere ? A_POD : NO_POD));
    }
    if (path.contains("/nodeeniconfigs/")) {
      writes.add(request.method() + " " + NODE);
      return reply(200, body);
    }
    var name = path.replaceAll(".*/vpcips/?", "").replace("/status", "");
    return switch (request.method()) {
      case "GET" -> records.containsKey(name) ? reply(200, records.get(name)) : reply(404, null);
      case "POST" -> create((ObjectNode) body);
      case "PUT" -> {
        writes.add("PUT " + name + (path.endsWith("/status") ? "/status" : ""));
        yield update(name, (ObjectNode) body);
      }
      case "DELETE" -> {
        writes.add("DELETE " + name);
        records.remove(name);
        yield reply(200, null);
      }
      default -> throw new AssertionError(request.method() + " " + path);
    };
  }

  private InProcessHttp.Reply create(ObjectNode body) {
    var meta = (ObjectNode) body.get("metadata");
    var name = meta.get("name").asText();
    writes.add("POST " + name);
    if (records.containsKey(name)) {
      return reply(409, null);
    }
    meta.put("uid", "uid-" + name);
    var beside = besideCreation;
    besideCreation = () -> {};
    beside.run();
    return update(name, body);
  }

  private InProcessHttp.Reply update(String name, ObjectNode body) {
    ((ObjectNode) body.get("metadata")).put("resourceVersion", String.valueOf(++version));
    records.put(name, body);
    return reply(200, body);
  }

  private static InProcessHttp.Reply reply(int code, JsonNode body) {
    return new InProcessHttp.Reply(
        code, "Sat, 31 Jan 2026 12:00:00 GMT", body == null ? "{}" : body.toString());
  }

  @Override
  public void close() {
    client.close();
  }

  /** Operations that are written down, and end when the test completes them. */
  static final class Operations implements EniOperations {
    final List<String> asked = new ArrayList<>();
    final List<EniSpec> specs = new ArrayList<>();
    CompletableFuture<NetworkInterface> creation = new CompletableFuture<>();
    CompletableFuture<NetworkInterface> attachment = new CompletableFuture<>();
    CompletableFuture<Done> removal = new CompletableFuture<>();

    CompletableFuture<NetworkInterface> grouping = new CompletableFuture<>();

    /** What the last removal, or change of groups, asks right before its calls. */
    Predicate<NetworkInterface> due = _ -> false;

    @Override
    public CompletionStage<NetworkInterface> create(EniSpec spec, boolean mayBeThere) {
      asked.add("create " + spec.primaryIp() + (mayBeThere ? ", which may be there" : ""));
      specs.add(spec);
      return creation;
    }

    @Override
    public CompletionStage<NetworkInterface> attach(
        String eniId, String instanceId, AttachMode mode, String token) {
      asked.add("attach " + eniId + " to " + instanceId);
      return attachment;
    }

    @Override
    public CompletionStage<Done> detach(String eniId, Predicate<NetworkInterface> stillWanted) {
      throw new AssertionError("a node's ENIs are removed, not kept");
    }

    @Override
    public CompletionStage<Done> remove(String eniId, Predicate<NetworkInterface> stillWanted) {
      asked.add("remove " + eniId);
      due = stillWanted;
      return removal;
    }

    @Override
    public CompletionStage<NetworkInterface> setSecurityGroups(
        String eniId, List<String> securityGroups, Predicate<NetworkInterface> stillWanted) {
      asked.add("give " + eniId + " " + String.join(", ", securityGroups));
      due = stillWanted;
      return grouping;
    }

    @Override
    public CompletionStage<Done> assign(String eniId, Ip address, boolean mayBeThere) {
      throw new AssertionError("a node's ENIs carry no addresses of its own accord");
    }

    @Override
    public CompletionStage<Done> unassign(String eniId, Ip address, BooleanSupplier stillWanted) {
      throw new AssertionError("a node's ENIs lose no addresses of its own accord");
    }

    @Override
    public CompletionStage<Done> migrate(String fromEniId, String toEniId, Ip address) {
      throw new AssertionError("a node's ENIs lose no addresses of its own accord");
    }
  }
}
