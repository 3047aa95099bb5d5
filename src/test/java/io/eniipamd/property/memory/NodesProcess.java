package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.kube.node.WiredNodes;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.property.memory.ApiServer.Kind;
import io.eniipamd.property.memory.InProcessHttp.Reply;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** One run of the operator, of which only the nodes matter. It can die at any call. */
final class NodesProcess implements CloudModel.Sender {
  private static final Duration BEAT = Duration.ofSeconds(5);

  /**
   * The world around a process.
   *
   * @param meanwhile what others do between two moments of the operator
   * @param dropped hears of each record of an address that the operator deletes
   * @param story what is to be told
   */
  record Surroundings(
      OperatorProcess.Meanwhile meanwhile, Consumer<ObjectNode> dropped, Consumer<String> story) {}

  /** What is done now and then. */
  private enum Rhythm {
    SUBNETS(Duration.ofMinutes(1)),
    STRAYS(Duration.ofMinutes(5)),
    INVENTORY(Duration.ofMinutes(5));

    private final Duration every;

    Rhythm(Duration every) {
      this.every = every;
    }
  }

  private final String name;
  private final ApiDesk desk;
  private final Time time;
  private final Surroundings surroundings;
  private final WiredNodes wired;
  private final List<Controller<?>> controllers;
  private final Map<String, Duration> again = new HashMap<>();
  private final Mortality life = new Mortality();
  private boolean beating;
  private final Map<Rhythm, Duration> next = new EnumMap<>(Rhythm.class);
  private Duration nextBeat;

  NodesProcess(
      String name,
      ApiServer server,
      NodesCloud cloud,
      VpcCloud reads,
      AddressReservations reservations,
      Time time,
      Surroundings surroundings) {
    this.name = name;
    this.time = time;
    this.surroundings = surroundings;
    desk = new ApiDesk(server, time, witness());
    wired =
        WiredNodes.wire(
            InProcessHttp.client(this::answer),
            reads,
            cloud.of(this),
            reservations,
            List.of(NodesWorld.SUBNET),
            time.local(),
            time::nanos);
    controllers =
        List.of(
            new Controller<>(
                Kind.NODE,
                SlimNode.class,
                server,
                time,
                wired.client(),
                wired.nodes(),
                Optional.of(wired.nodeReconciler()),
                _ -> true,
                true),
            new Controller<>(
                Kind.NODE_CONFIG,
                NodeENIConfig.class,
                server,
                time,
                wired.client(),
                wired.necs(),
                Optional.of(wired.eniReconciler()),
                _ -> true,
                true),
            new Controller<>(
                Kind.VPC_IP,
                VpcIP.class,
                server,
                time,
                wired.client(),
                wired.vips(),
                Optional.empty(),
                _ -> true,
                false));
    nextBeat = time.passed().plus(BEAT);
  }

  private ApiDesk.Witness witness() {
    return new ApiDesk.Witness() {
      @Override
      public void written(String method, Kind kind, ObjectNode before) {}

      @Override
      public void deleted(Kind kind, ObjectNode before, ObjectNode options) {
        if (kind == Kind.VPC_IP) {
          surroundings.dropped().accept(before);
        }
      }
    };
  }

  /** Fills the caches, which lag behind by some changes, and begins to work. */
  void start(Random random) {
    for (var controller : controllers) {
      controller.list(random.nextInt(4));
    }
    run(
        () -> {
          wired.lead();
          controllers.forEach(Controller::process);
        });
  }

  List<Controller<?>> controllers() {
    return controllers;
  }

  boolean beatDue() {
    return !beating && nextBeat.compareTo(time.passed()) <= 0;
  }

  Duration nextBeat() {
    return nextBeat;
  }

  /** Whether it is time for it again, which then counts as done. */
  private boolean due(Rhythm what) {
    if (next.getOrDefault(what, Duration.ZERO).compareTo(time.passed()) > 0) {
      return false;
    }
    next.put(what, time.passed().plus(what.every));
    return true;
  }

  /** What is done from time to time: what is cheap each time, the rest in its own rhythm. */
  void beat() {
    nextBeat = time.passed().plus(BEAT);
    beating = true;
    try {
      run(
          () -> {
            wired.idle().look();
            wired.tides().look();
            wired.strays().lookIfSuspected();
            if (due(Rhythm.SUBNETS)) {
              wired.subnets().refresh();
            }
            if (due(Rhythm.STRAYS)) {
              wired.strays().look();
            }
            if (due(Rhythm.INVENTORY)) {
              wired.inventory().look();
            }
          });
    } finally {
      beating = false;
    }
  }

  void reconcile(Controller<?> controller, String id) {
    run(() -> controller.reconcile(id));
  }

  /** The room of the claims gives a Pod an address on its node, or asks for a slot there. */
  void place(String node, String pod, String uid) {
    again.put(uid, time.passed().plus(BEAT));
    run(
        () -> {
          var room =
              wired.views().of(node).stream()
                  .flatMap(view -> view.enis().stream())
                  .filter(eni -> eni.hasRoom() && !eni.subnetFull())
                  .max(Comparator.comparing(EniView::used));
          var ip = room.flatMap(eni -> wired.book().pick(eni.subnetId(), uid));
          if (ip.isEmpty()
              || !wired.book().keepSlot(room.get().eniId(), room.get().slots(), ip.get())) {
            ip.ifPresent(wired.book()::putBack);
            wired.demand().ask(node, uid, Set.of());
            return;
          }
          var vip = new VpcIP();
          vip.setMetadata(new ObjectMetaBuilder().withName(ip.get().toString()).build());
          vip.setSpec(
              VpcIPSpecBuilder.builder()
                  .type(VpcIPType.POD)
                  .subnetId(room.get().subnetId())
                  .eniId(room.get().eniId())
                  .nodeName(node)
                  .claimRef(new ClaimRef(NodesWorld.NAMESPACE, pod, uid))
                  .build());
          vip.setStatus(null);
          wired.book().changed(wired.client().resource(vip).create());
          wired.demand().withdraw(uid);
        });
  }

  /** Whether the room of the claims looks at a Pod again: now and then while it waits. */
  boolean wantsToPlace(String uid, Duration now) {
    return now.compareTo(again.getOrDefault(uid, Duration.ZERO)) >= 0;
  }

  /** The Pod waits no longer. */
  void withdraw(String uid) {
    wired.demand().withdraw(uid);
  }

  void die() {
    life.die();
  }

  /** It dies at a changing call. */
  void dieAfter(int calls, boolean afterEffect) {
    life.dieAfter(calls, afterEffect);
  }

  @Override
  public boolean dead() {
    return life.dead();
  }

  void endFaults() {
    life.spare();
  }

  /** Does some of the operator's work; what fails in it, its framework tries again. */
  private void run(Mortality.Labour labour) {
    life.run(labour, e -> surroundings.story().accept(name + " failed: " + e));
  }

  @Override
  public void change(Runnable effect) {
    life.change(effect);
  }

  private Reply answer(StandardHttpRequest request) {
    life.awake();
    surroundings.meanwhile().go();
    life.awake();
    var reply = new Reply[1];
    if (request.method().equals("GET")) {
      reply[0] = desk.serve(request);
    } else {
      change(() -> reply[0] = desk.serve(request));
    }
    surroundings.meanwhile().go();
    life.awake();
    return reply[0];
  }

  @Override
  public String toString() {
    return name;
  }
}
