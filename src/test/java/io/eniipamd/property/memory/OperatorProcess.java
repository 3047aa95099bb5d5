package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.claim.VpcCniPodFilter;
import io.eniipamd.kube.claim.WiredOperator;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.eniipamd.property.memory.ApiServer.Kind;
import io.eniipamd.property.memory.InProcessHttp.Reply;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One run of the operator: all that it has in memory, its caches and its way to the API server and
 * the cloud. It can die at any call, and then nothing of it is left.
 */
final class OperatorProcess implements CloudModel.Sender {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);

  /** What may happen while a call is under way. */
  interface Meanwhile {
    void go();
  }

  private final String name;
  private final ApiServer server;
  private final ApiDesk desk;
  private final Time time;
  private final Specification specification;
  private final Meanwhile meanwhile;
  private final Consumer<String> story;
  private final WiredOperator.Flags flags;
  private final WiredOperator wired;
  private final List<Controller<?>> controllers;
  private final Mortality life = new Mortality();
  private Optional<Mortality.Plan> silence = Optional.empty();
  private boolean leads;
  private boolean deposed;
  private Duration nextSweep;
  private boolean sweeping;
  private long requests;
  private long recordLists;
  private boolean losesRecord;

  /** The version of the world when the work that is being done began. */
  private long since;

  OperatorProcess(
      String name,
      ApiServer server,
      CloudModel cloud,
      Time time,
      Specification specification,
      Meanwhile meanwhile,
      Consumer<String> story,
      WiredOperator.Flags flags) {
    this.name = name;
    this.server = server;
    this.time = time;
    this.specification = specification;
    this.meanwhile = meanwhile;
    this.story = story;
    this.flags = flags;
    desk = new ApiDesk(server, time, witness());
    wired =
        WiredOperator.wire(
            InProcessHttp.client(this::answer),
            cloud.reads(),
            leadership -> cloud.of(this, leadership),
            List.of(InMemoryWorld.SUBNET),
            flags,
            time.local(),
            time::nanos);
    var client = wired.client();
    var ownPods = new VpcCniPodFilter();
    controllers =
        List.of(
            new Controller<>(
                Kind.POD,
                SlimPod.class,
                server,
                time,
                client,
                wired.pods(),
                Optional.of(wired.podReconciler()),
                ownPods::accept,
                false),
            new Controller<>(
                Kind.CLAIM,
                VpcIPClaim.class,
                server,
                time,
                client,
                wired.claims(),
                Optional.of(wired.claimReconciler()),
                claim -> true,
                true),
            new Controller<>(
                Kind.VPC_IP,
                VpcIP.class,
                server,
                time,
                client,
                wired.vips(),
                Optional.of(wired.vpcIpReconciler()),
                vip -> true,
                true),
            new Controller<>(
                Kind.STATEFUL_SET,
                SlimStatefulSet.class,
                server,
                time,
                client,
                wired.sets(),
                Optional.of(wired.setReconciler()),
                set -> true,
                false),
            new Controller<>(
                Kind.NODE,
                SlimNode.class,
                server,
                time,
                client,
                wired.nodes(),
                Optional.empty(),
                node -> true,
                false),
            new Controller<>(
                Kind.NODE_CONFIG,
                NodeENIConfig.class,
                server,
                time,
                client,
                wired.necs(),
                Optional.empty(),
                nec -> true,
                false));
    nextSweep = time.passed().plusSeconds(5);
  }

  /** Fills the caches, which lag behind by some changes, and begins to work. */
  void start(Random random) {
    for (var controller : controllers) {
      boolean steady = controller.kind() == Kind.NODE_CONFIG || controller.kind() == Kind.NODE;
      controller.list(steady ? 0 : random.nextInt(4));
    }
    run(
        () -> {
          wired.lead();
          leads = true;
          controllers.forEach(Controller::process);
        });
    // A process that cannot begin to lead ends, and is started again.
    if (!leads) {
      life.die();
    }
  }

  WiredOperator.Flags flags() {
    return flags;
  }

  List<Controller<?>> controllers() {
    return controllers;
  }

  Stream<Controller<?>> watching(Kind kind) {
    return controllers.stream().filter(c -> c.kind() == kind);
  }

  boolean sweepDue() {
    return !sweeping && nextSweep.compareTo(time.passed()) <= 0;
  }

  Duration nextSweep() {
    return nextSweep;
  }

  void sweep() {
    nextSweep = time.passed().plus(SWEEP_EVERY);
    sweeping = true;
    try {
      run(
          () -> {
            wired.subnets().refresh();
            wired.sweeper().sweep();
            wired.strays().look();
          });
    } finally {
      sweeping = false;
    }
  }

  /** An ENI was full that should have had room; the next beat looks there. */
  void lookWhereFull(String eniId) {
    run(
        () -> {
          wired.strays().suspect(eniId);
          wired.strays().lookIfSuspected();
        });
  }

  void reconcile(Controller<?> controller, String id) {
    run(() -> controller.reconcile(id));
  }

  /** Its lease has run out; it goes on, but its fence is closed. */
  void depose() {
    deposed = true;
    wired.leadership().stopped();
  }

  boolean deposed() {
    return deposed;
  }

  void die() {
    life.die();
  }

  /** It dies at a changing call. */
  void dieAfter(int calls, boolean afterEffect) {
    life.dieAfter(calls, afterEffect);
  }

  /** A call is not answered. */
  void unheardAfter(int calls, boolean afterEffect) {
    silence = Optional.of(new Mortality.Plan(calls, afterEffect));
  }

  void endFaults() {
    life.spare();
    silence = Optional.empty();
  }

  @Override
  public boolean dead() {
    return life.dead();
  }

  /** Does some of the operator's work; what fails in it, its framework tries again. */
  private void run(Mortality.Labour labour) {
    long before = since;
    since = server.revision();
    if (!deposed) {
      wired.leadership().renewed(Duration.ZERO);
    }
    try {
      // The controller has seen what fails, and has set its timer.
      life.run(labour, e -> story.accept(name + " failed: " + e));
    } finally {
      since = before;
    }
  }

  // -------------------------------------------------------------------------------- calls that go
  // out

  @Override
  public void change(Runnable effect) {
    life.change(effect);
  }

  /** How many requests it has made to the API server. */
  long requests() {
    return requests;
  }

  /** How often it has asked the API server for the records of a claim. */
  long recordLists() {
    return recordLists;
  }

  /** The next record that it makes is made, and it does not hear of it. */
  void loseTheAnswerToTheNextRecord() {
    losesRecord = true;
  }

  private static boolean isOfRecords(StandardHttpRequest request) {
    return request.uri().getPath().endsWith("/vpcips");
  }

  private Reply answer(StandardHttpRequest request) throws IOException {
    requests++;
    if (isOfRecords(request) && request.method().equals("GET")) {
      recordLists++;
    }
    if (losesRecord && isOfRecords(request) && request.method().equals("POST")) {
      losesRecord = false;
      change(() -> desk.serve(request));
      throw new IOException("the connection was reset");
    }
    life.awake();
    meanwhile.go();
    life.awake();
    boolean unheard = silence.filter(Mortality.Plan::isDue).isPresent();
    boolean afterEffect = silence.filter(Mortality.Plan::afterEffect).isPresent();
    silence = unheard ? Optional.empty() : silence.map(Mortality.Plan::next);
    if (unheard && !afterEffect) {
      throw new IOException("the connection was reset");
    }
    var reply = new Reply[1];
    if (request.method().equals("GET")) {
      reply[0] = desk.serve(request);
    } else {
      change(() -> reply[0] = desk.serve(request));
    }
    meanwhile.go();
    life.awake();
    if (unheard) {
      throw new IOException("the connection was reset");
    }
    return reply[0];
  }

  /** What the specification has to say of the writes that the API server has carried out. */
  private ApiDesk.Witness witness() {
    return new ApiDesk.Witness() {
      @Override
      public void written(String method, Kind kind, ObjectNode before) {
        if (NewerWords.in(before)) {
          specification.breach(
              "%s %s has a word of another version, and a %s was made on it"
                  .formatted(kind.kind, ApiServer.name(before), method));
        }
      }

      @Override
      public void deleted(Kind kind, ObjectNode before, ObjectNode options) {
        specification.operatorDeleted(kind, before, options, flags.expiry(), since);
      }
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
