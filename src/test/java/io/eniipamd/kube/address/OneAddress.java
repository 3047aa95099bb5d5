package io.eniipamd.kube.address;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatus;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.config.LiveConfig;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.property.memory.InProcessHttp;
import io.eniipamd.property.memory.InProcessHttp.Reply;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The record of one address with all that its steps need and no server: the API server is a map,
 * and the cloud answers as it was ordered to, at once.
 */
final class OneAddress implements EniOperations {
  static final Ip IP = Ip.parse("10.0.0.10");
  static final ClaimRef CLAIM = new ClaimRef("shop", "web-0", "uid-claim");

  /** Another cluster's. */
  static final String FOREIGN = "eni-foreign";

  private static final String PODS = "/api/v1/namespaces/shop/pods/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  /** What was asked of the API server, but for events, in words like {@code GET /api/…}. */
  final List<String> requests = new ArrayList<>();

  /** The reasons of the events that were told, with the kind that they were told of. */
  final List<String> told = new ArrayList<>();

  /** What holds up the creation of an ENI. */
  CompletableFuture<Void> untilMade = CompletableFuture.completedFuture(null);

  /** What the cloud was asked to change. */
  final List<String> asked = new ArrayList<>();

  /** Where the cloud was said to have no room. */
  final List<String> full = new ArrayList<>();

  /** What becomes of the next changes; those beyond succeed. */
  final Deque<CloudException> refusals = new ArrayDeque<>();

  final FakeVpcCloud cloud = new FakeVpcCloud();
  final AtomicLong nanos = new AtomicLong();
  final Clock clock = Clock.systemUTC();
  final AddressBook book = new AddressBook(clock);
  final OwnEnis own;
  final FreshChecks checks;
  final VpcIpStore records;
  final AddressOutcomes outcomes;
  final AddressTasks tasks;
  final AssignSteps assigning;
  final ParkSteps parking;
  final UnassignSteps unassigning;
  final DirectRecords directRecords;
  final DirectEniSteps directs;
  final EventRecorder events;

  /** What users have set of security groups. */
  SecurityGroupSettings groups = new SecurityGroupSettings(false, List.of());

  /** Ours, and known to be. */
  final String eni;

  /** Ours too. */
  final String otherEni;

  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final List<VpcIPClaim> cached = new ArrayList<>();
  private int versions = 1;

  OneAddress() {
    KubernetesClient client = InProcessHttp.client(this::answer);
    var claims = ListedObjects.watched(VpcIPClaim.class, cached);
    var vips = new SharedCache<>(VpcIP.class);
    var necs = ListedObjects.watched(NodeENIConfig.class, nodeRecord());
    own =
        new OwnEnis(
            cloud,
            necs,
            ListedObjects.watched(SlimNode.class),
            PlainAddresses.of("cls-a"),
            Runnable::run,
            clock);
    checks = new FreshChecks(client, claims, new FreshReads(client, clock), own);
    records = new VpcIpStore(client, book, Journals.none(), clock);
    events = new EventRecorder(client, clock);
    outcomes = new AddressOutcomes(client, claims, records, checks, events, clock);
    tasks = new AddressTasks(vips, new CloudTasks(new Random(1)), checks, outcomes, events);
    // Nothing is reserved, and nothing shall be: the cloud is not asked for it.
    var reserving =
        new AddressReserver(
            null, records, vips, claims, null, events, LiveConfig.DEFAULTS::releases, clock);
    assigning =
        new AssignSteps(
            claims, book, records, this, own, reserving, tasks, checks, outcomes, events, noRoom());
    parking = new ParkSteps(this, reserving, tasks, checks, outcomes);
    unassigning =
        new UnassignSteps(
            book,
            this,
            reserving,
            tasks,
            checks,
            outcomes,
            events,
            new Quarantine(PlainAddresses.of("cls-a"), nanos::get));
    directRecords = new DirectRecords(records);
    directs =
        new DirectEniSteps(
            this,
            own,
            tasks,
            checks,
            outcomes,
            directRecords,
            book,
            new DirectEniSpecs(own, necs, () -> groups),
            claims,
            events,
            noRoom());
    eni = eni(2);
    otherEni = eni(3);
    cloud.addEni(FOREIGN, "subnet-a", Ip.parse("10.0.0.4"));
  }

  private NoRoom noRoom() {
    return new NoRoom() {
      @Override
      public void onEni(String eniId) {
        full.add(eniId);
      }

      @Override
      public void inSubnet(String subnetId) {
        full.add(subnetId);
      }
    };
  }

  private static NodeENIConfig nodeRecord() {
    var nec = new NodeENIConfig();
    nec.setMetadata(new ObjectMetaBuilder().withName("node-a").withUid("uid-node").build());
    nec.setSpec(NodeENIConfigSpecBuilder.builder().instanceId("ins-a").build());
    return nec;
  }

  private String eni(int last) {
    var primary = Ip.parse("10.0.0." + last);
    var made =
        cloud.createNetworkInterface(
            new EniSpec(
                "eni-" + last,
                "subnet-a",
                primary,
                List.of(),
                Map.of(EniTags.CLUSTER, "cls-a"),
                "token-" + last));
    var unused = own.look(made.id());
    return made.id();
  }

  /** The record as it is at the beginning: for the claim, wanted on the first ENI. */
  VpcIP record(UnaryOperator<VpcIPSpecBuilder> spec, UnaryOperator<VpcIPStatusBuilder> status) {
    return record(IP, spec, status);
  }

  /** A further record: of an address that is kept ready on the first ENI. */
  VpcIP warm(Ip ip) {
    return record(
        ip,
        spec -> spec.claimRef(null).warm(true),
        status -> status.phase(VpcIPPhase.AVAILABLE).eniId(eni));
  }

  private VpcIP record(
      Ip ip, UnaryOperator<VpcIPSpecBuilder> spec, UnaryOperator<VpcIPStatusBuilder> status) {
    var vip = new VpcIP();
    vip.setMetadata(
        new ObjectMetaBuilder()
            .withName(ip.toString())
            .withUid("uid-record-" + ip)
            .withResourceVersion("1")
            .withGeneration(1L)
            .withFinalizers(Names.IP_FINALIZER)
            .build());
    vip.setSpec(
        spec.apply(
                VpcIPSpecBuilder.builder()
                    .type(VpcIPType.POD)
                    .claimRef(CLAIM)
                    .subnetId("subnet-a")
                    .eniId(eni)
                    .nodeName("node-a"))
            .build());
    vip.setStatus(
        status
            .apply(
                VpcIPStatusBuilder.builder()
                    .phase(VpcIPPhase.ATTACHING)
                    .since("2026-01-01T00:00:00Z"))
            .build());
    put(vip);
    book.changed(vip);
    return vip;
  }

  /** A claim of the name, as the API server has it; the cache shows none. */
  VpcIPClaim claim(String uid, VpcIPClaimStatus status) {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(CLAIM.namespace())
            .withName(CLAIM.name())
            .withUid(uid)
            .withResourceVersion("1")
            .build());
    claim.setSpec(VpcIPClaimSpecBuilder.builder().build());
    claim.setStatus(status);
    put(claim);
    return claim;
  }

  /** The cache shows the claim too. */
  void cached(VpcIPClaim claim) {
    cached.add(claim);
  }

  /** The claim's Pod runs with this address. */
  void pod(String phase, String ip) {
    var pod = JSON.createObjectNode();
    pod.withObject("/metadata")
        .put("namespace", CLAIM.namespace())
        .put("name", CLAIM.name())
        .put("uid", "uid-pod");
    pod.withObject("/status").put("phase", phase).put("podIP", ip);
    objects.put(PODS + CLAIM.name(), pod);
  }

  private void put(HasMetadata object) {
    objects.put(path(object), (ObjectNode) parsed(SERIALIZATION.asJson(object)));
  }

  private static String path(HasMetadata object) {
    var meta = object.getMetadata();
    return "/apis/"
        + object.getApiVersion()
        + (meta.getNamespace() == null ? "" : "/namespaces/" + meta.getNamespace())
        + "/"
        + object.getPlural()
        + "/"
        + meta.getName();
  }

  /** The record as it is now. */
  VpcIP now() {
    return book.get(IP).orElseThrow();
  }

  VpcIPStatus status() {
    return now().statusOrEmpty();
  }

  /** Whether the API server has the record still. */
  boolean isThere() {
    return objects.keySet().stream().anyMatch(path -> path.endsWith("/" + IP));
  }

  static CloudException refusal(CloudException.Kind kind) {
    return new CloudException(kind, "working on " + IP, null, "so it was ordered", null, null);
  }

  private Reply answer(StandardHttpRequest request) throws IOException {
    var path = request.uri().getPath();
    var method = request.method();
    if (method.equals("POST")) {
      var event = parsed(request.bodyString());
      told.add(
          event.path("reason").asText()
              + " of "
              + event.path("involvedObject").path("kind").asText());
      return reply(201, event);
    }
    requests.add(method + " " + path);
    if (path.equals("/api/v1/pods")) {
      var list = JSON.createObjectNode().put("kind", "PodList").put("apiVersion", "v1");
      list.withObject("/metadata");
      var items = list.putArray("items");
      objects.forEach((at, pod) -> add(at, pod, request.uri().toString(), items::add));
      return reply(200, list);
    }
    var object = objects.get(path.replaceFirst("/status$", ""));
    if (object == null) {
      return reply(404, JSON.createObjectNode().put("kind", "Status").put("code", 404));
    }
    return switch (method) {
      case "GET" -> reply(200, object);
      case "PUT" -> replace(path.replaceFirst("/status$", ""), parsed(request.bodyString()));
      case "DELETE" -> {
        object.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:01:00Z");
        yield reply(200, object);
      }
      default -> throw new IOException("no answer to " + method + " " + path);
    };
  }

  private static void add(
      String path, JsonNode pod, String query, java.util.function.Consumer<JsonNode> to) {
    if (path.startsWith(PODS) && query.contains(pod.path("status").path("podIP").asText())) {
      to.accept(pod);
    }
  }

  private Reply replace(String path, JsonNode by) throws IOException {
    versions++;
    var next = (ObjectNode) by;
    next.withObject("/metadata").put("resourceVersion", Integer.toString(versions));
    if (next.path("metadata").path("finalizers").isEmpty()) {
      objects.remove(path);
    } else {
      objects.put(path, next);
    }
    return reply(200, next);
  }

  private static Reply reply(int code, JsonNode body) throws IOException {
    return new Reply(code, "Thu, 01 Jan 2026 00:00:00 GMT", JSON.writeValueAsString(body));
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private CompletionStage<Done> ask(String what) {
    asked.add(what);
    var refusal = refusals.poll();
    return refusal == null
        ? CompletableFuture.completedStage(new Done("request-" + asked.size()))
        : CompletableFuture.failedStage(refusal);
  }

  @Override
  public CompletionStage<Done> assign(String eniId, Ip address, boolean mayBeThere) {
    return ask("assign to " + eniId + (mayBeThere ? ", where it may be" : ""));
  }

  @Override
  public CompletionStage<Done> unassign(String eniId, Ip address, BooleanSupplier stillWanted) {
    return stillWanted.getAsBoolean()
        ? ask("unassign from " + eniId)
        : CompletableFuture.failedStage(refusal(CloudException.Kind.TRANSIENT));
  }

  @Override
  public CompletionStage<Done> migrate(String fromEniId, String toEniId, Ip address) {
    return ask("migrate from " + fromEniId + " to " + toEniId);
  }

  @Override
  public CompletionStage<NetworkInterface> create(EniSpec spec, boolean mayBeThere) {
    return ask("create " + spec.primaryIp())
        .thenCombine(untilMade, (done, _) -> done)
        .thenApply(_ -> cloud.createNetworkInterface(spec))
        .thenApply(made -> described(made.id()));
  }

  @Override
  public CompletionStage<NetworkInterface> attach(
      String eniId, String instanceId, AttachMode mode, String clientToken) {
    return ask("attach to " + instanceId + ", " + mode)
        .thenApply(
            _ -> {
              if (described(eniId).instanceId().isEmpty()) {
                var unused = cloud.attachNetworkInterface(eniId, instanceId, mode, clientToken);
              }
              return described(eniId);
            });
  }

  @Override
  public CompletionStage<Done> detach(String eniId, Predicate<NetworkInterface> stillWanted) {
    var seen = described(eniId);
    if (!stillWanted.test(seen)) {
      return CompletableFuture.failedStage(refusal(CloudException.Kind.TRANSIENT));
    }
    return ask("detach from " + seen.instanceId().orElse("none"))
        .thenApply(
            done -> {
              var unused = cloud.detachNetworkInterface(eniId, seen.instanceId().orElseThrow());
              return done;
            });
  }

  @Override
  public CompletionStage<Done> remove(String eniId, Predicate<NetworkInterface> stillWanted) {
    var seen = described(eniId);
    if (!stillWanted.test(seen)) {
      return CompletableFuture.failedStage(refusal(CloudException.Kind.TRANSIENT));
    }
    return ask("remove")
        .thenApply(
            done -> {
              seen.instanceId()
                  .ifPresent(
                      on -> {
                        var unused = cloud.detachNetworkInterface(eniId, on);
                      });
              var unused = cloud.deleteNetworkInterface(eniId);
              return done;
            });
  }

  private NetworkInterface described(String eniId) {
    return cloud
        .networkInterfaces(new EniQuery.ByIds(List.of(eniId)))
        .find(eniId)
        .orElseThrow(() -> new IllegalStateException("no " + eniId));
  }

  @Override
  public CompletionStage<NetworkInterface> setSecurityGroups(
      String eniId, List<String> securityGroups, Predicate<NetworkInterface> stillWanted) {
    throw new AssertionError("not of an address");
  }
}
