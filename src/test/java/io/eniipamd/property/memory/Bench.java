package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.kube.claim.WiredOperator;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.eniipamd.property.memory.ApiServer.Kind;
import io.eniipamd.property.memory.InProcessHttp.Reply;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The operator's parts before an API server and a cloud in memory, for the test of a single step.
 * Nothing is reconciled here: the test performs the step. The caches show every change at once,
 * unless the test lets them lag.
 */
public final class Bench {
  /** The subnet of the bench. */
  public static final String SUBNET = InMemoryWorld.SUBNET;

  /** How many fixed IPs the release gate of the bench lets through in one window. */
  public static final int RELEASES_PER_SWEEP = 20;

  private static final Cidr RANGE = Cidr.parse("10.0.0.0/28");

  /** What the next request of a method to a path meets, in place of its answer. */
  private record Fault(String method, String path, int code, boolean afterEffect) {
    boolean meets(StandardHttpRequest request) {
      return request.method().equals(method) && request.uri().getPath().contains(path);
    }
  }

  private final Time time = new Time();
  private final ApiServer server = new ApiServer(time, change -> {});
  private final ApiDesk desk = new ApiDesk(server, time, new Unwatched());
  private final List<String> requests = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final WiredOperator operator;
  private final Controller<VpcIPClaim> claims;
  private final List<Controller<?>> controllers;
  private boolean lagging;

  public Bench() {
    var cloud =
        new CloudModel(
            List.of(
                new Subnet(
                    SUBNET, "vpc-a", "zone-1", RANGE, RANGE.usableSize(), RANGE.usableSize())),
            new Blind());
    operator =
        WiredOperator.wire(
            InProcessHttp.client(this::answer),
            cloud.reads(),
            leadership -> cloud.of(new Immortal(), leadership),
            List.of(SUBNET),
            new WiredOperator.Flags(
                new ExpiryDuration.After(Duration.ofHours(1)),
                false,
                Duration.ofSeconds(30),
                RELEASES_PER_SWEEP,
                new AvalancheRule(0, 0)),
            time.local(),
            time::nanos);
    claims =
        controller(Kind.CLAIM, VpcIPClaim.class, operator.claims(), operator.claimReconciler());
    controllers =
        List.of(
            controller(Kind.POD, SlimPod.class, operator.pods(), operator.podReconciler()),
            claims,
            controller(Kind.VPC_IP, VpcIP.class, operator.vips(), operator.vpcIpReconciler()),
            controller(
                Kind.STATEFUL_SET,
                SlimStatefulSet.class,
                operator.sets(),
                operator.setReconciler()),
            controller(Kind.NODE, SlimNode.class, operator.nodes(), null),
            controller(Kind.NODE_CONFIG, NodeENIConfig.class, operator.necs(), null));
    controllers.forEach(c -> c.list(0));
    operator.lead();
    requests.clear();
  }

  private <P extends HasMetadata> Controller<P> controller(
      Kind kind, Class<P> type, SharedCache<P> cache, Reconciler<P> reconciler) {
    return new Controller<>(
        kind,
        type,
        server,
        time,
        operator.client(),
        cache,
        Optional.ofNullable(reconciler),
        object -> true,
        true);
  }

  /** The parts of the operator. */
  public WiredOperator operator() {
    return operator;
  }

  /** An address of the subnet; {@code 0} is its first usable one. */
  public static Ip ip(int ordinal) {
    return RANGE.at(ordinal + 2);
  }

  // ------------------------------------------------------------------------------------- objects

  /** Creates an object with its status, as JSON, and returns it as the API server has it. */
  public <P extends HasMetadata> P create(Class<P> type, String json) {
    var kind = kind(type);
    var wanted = ApiServer.parse(json);
    var made = server.create(kind, wanted);
    if (wanted.has("status") && !made.path("status").equals(wanted.get("status"))) {
      var withStatus = made.deepCopy();
      withStatus.set("status", wanted.get("status"));
      made = server.updateStatus(kind, withStatus);
    }
    showAll();
    return InProcessHttp.SERIALIZATION.unmarshal(made.toString(), type);
  }

  /** Changes an object as a user does who reads and writes in one moment. */
  public void edit(Class<?> type, String namespace, String name, Consumer<ObjectNode> edit) {
    server.edit(kind(type), namespace, name, edit);
    showAll();
  }

  /** Deletes an object, at once or at the end of its finalizers. */
  public void delete(Class<?> type, String namespace, String name) {
    server.delete(kind(type), namespace, name, null, null);
    showAll();
  }

  /** The object as the API server has it. */
  public <P extends HasMetadata> Optional<P> find(Class<P> type, String namespace, String name) {
    return server
        .find(kind(type), namespace, name)
        .map(o -> InProcessHttp.SERIALIZATION.unmarshal(o.toString(), type));
  }

  /** All objects of a kind as the API server has them. */
  public <P extends HasMetadata> List<P> all(Class<P> type) {
    return server.all(kind(type)).stream()
        .map(o -> InProcessHttp.SERIALIZATION.unmarshal(o.toString(), type))
        .toList();
  }

  /** Reasons of the events about an object, in the order of their first time. */
  public List<String> eventsOn(String kind, String name) {
    return server.all(Kind.EVENT).stream()
        .filter(e -> text(e, "regarding", "involvedObject", "kind").equals(kind))
        .filter(e -> text(e, "regarding", "involvedObject", "name").equals(name))
        .map(e -> e.path("reason").asText())
        .toList();
  }

  private static String text(JsonNode event, String one, String other, String field) {
    return event.path(event.has(one) ? one : other).path(field).asText();
  }

  // --------------------------------------------------------------------------------------- passes

  /** The context of a pass over a claim. */
  public Context<VpcIPClaim> context(VpcIPClaim claim) {
    return claims.context(claim);
  }

  /** Whether a claim was enqueued since the last question. */
  public boolean isEnqueued(String namespace, String name) {
    return claims.takeWanted(namespace + "/" + name);
  }

  /** From now on the caches show nothing new. */
  public void lag() {
    lagging = true;
  }

  /** The caches show all that happened. */
  public void catchUp() {
    lagging = false;
    showAll();
  }

  private void showAll() {
    if (!lagging) {
      for (var controller : controllers) {
        while (controller.hasNews()) {
          controller.readNext();
        }
      }
    }
  }

  /** Lets time pass. */
  public void pass(Duration duration) {
    time.pass(duration);
  }

  // ------------------------------------------------------------------------------------- requests

  /** The requests that the operator has made of the API server, as {@code METHOD path}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The API server refuses the next request of this method to such a path. */
  public void refuse(String method, String path, int code) {
    faults.add(new Fault(method, path, code, false));
  }

  /** The API server carries out the next request of this method, and its answer is lost. */
  public void loseAnswer(String method, String path) {
    faults.add(new Fault(method, path, 0, true));
  }

  private Reply answer(StandardHttpRequest request) throws IOException {
    requests.add(request.method() + " " + request.uri().getPath());
    var fault = faults.stream().filter(f -> f.meets(request)).findFirst();
    fault.ifPresent(faults::remove);
    if (fault.isPresent() && !fault.get().afterEffect()) {
      return desk.refuse(fault.get().code(), "refused by the test");
    }
    var reply = desk.serve(request);
    if (fault.isPresent()) {
      throw new IOException("the connection was reset");
    }
    showAll();
    return reply;
  }

  private static Kind kind(Class<?> type) {
    if (type == VpcIPClaim.class) {
      return Kind.CLAIM;
    }
    if (type == VpcIP.class) {
      return Kind.VPC_IP;
    }
    if (type == SlimPod.class) {
      return Kind.POD;
    }
    if (type == SlimStatefulSet.class) {
      return Kind.STATEFUL_SET;
    }
    if (type == SlimNode.class) {
      return Kind.NODE;
    }
    throw new IllegalArgumentException("the bench has no " + type.getSimpleName());
  }

  /** No specification is held here; the test asserts. */
  private static final class Unwatched implements ApiDesk.Witness {
    @Override
    public void written(String method, Kind kind, ObjectNode before) {}

    @Override
    public void deleted(Kind kind, ObjectNode before, ObjectNode options) {}
  }

  private static final class Blind implements CloudModel.Witness {
    @Override
    public void touching(String eniId, String what) {}

    @Override
    public void assigning(String eniId, Ip ip) {}

    @Override
    public void unassigning(String eniId, Ip ip) {}

    @Override
    public void migrating(String fromEniId, String toEniId, Ip ip) {}
  }

  private static final class Immortal implements CloudModel.Sender {
    @Override
    public boolean dead() {
      return false;
    }

    @Override
    public void change(Runnable effect) {
      effect.run();
    }
  }
}
