package io.eniipamd.property.stage;

import static org.awaitility.Awaitility.await;

import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.property.Action;
import io.eniipamd.property.Action.CloudProblem;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.CountingProxy.Disguise;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.Settings;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionTimeoutException;

/** Has the operator, the cloud and the clocks do what concerns every namespace at once. */
public final class Conductor implements AutoCloseable {
  private static final String EXPIRY = "claim-expired-duration";
  private static final String OWNER_REFERENCES = "enable-ownerref";
  private static final String ORDINARY_EXPIRY = "1h";

  /** The first addresses that strangers may take; fewer of them are free later. */
  private static final int STRANGERS_FROM = 20;

  private static final int MOST_STRANGERS = 4;

  /** An operator that has nothing to do dies without a call. */
  private static final Duration UNTIL_A_CALL = Duration.ofSeconds(5);

  private static final Duration UNTIL_IT_LEADS = Duration.ofSeconds(60);

  private final Stage stage;
  private final CountingProxy proxy;
  private final ClaimWitness witness;
  private final Settings settings;
  private final Set<String> strangers = new TreeSet<>();
  private Story story = new Story();
  private OperatorProcess operator;
  private volatile boolean cascading;
  private volatile ExpiryDuration expiry = ExpiryDuration.parse(ORDINARY_EXPIRY);

  /** Starts an operator. */
  public Conductor(Stage stage, CountingProxy proxy, ClaimWitness witness) {
    this.stage = stage;
    this.proxy = proxy;
    this.witness = witness;
    this.settings = Settings.of(stage);
    witness.mayExpireBy(ORDINARY_EXPIRY);
    startOperator();
  }

  private void startOperator() {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--sweep-interval=1s");
    flags.add("--" + EXPIRY + "=" + ORDINARY_EXPIRY);
    // Much goes at once here, as users want it.
    flags.add("--avalanche-count=0");
    flags.add("--avalanche-percent=0");
    // Pods take an address that is ready, or a new one.
    flags.add("--ip-min-warm-target=1");
    flags.add("--ip-max-warm-target=2");
    operator = stage.startOperator(flags.toArray(String[]::new));
  }

  /** Whether it is an action on the whole that can be played here. */
  public static boolean plays(Action action) {
    return switch (action) {
      case Action.SetFlags _,
          Action.Crash _,
          Action.Restart _,
          Action.LocalClockJump _,
          Action.ServerClockJump _,
          Action.CloudFault _,
          Action.StrangerComes _,
          Action.StrangersLeave _,
          Action.ApiFault _,
          Action.ApiHangs _ ->
          true;
      default -> false;
    };
  }

  /**
   * Whether a deleted workload may take its claims along, by the flags since everything last
   * settled.
   */
  boolean cascading() {
    return cascading;
  }

  /** The cluster's expiry as it was set last. */
  ExpiryDuration expiry() {
    return expiry;
  }

  /** What it did since everything last settled. */
  public List<String> story() {
    return story.lines();
  }

  /** Plays an action; what is none of the whole is left out. */
  public void play(Action action) {
    story.tell("%s", action);
    switch (action) {
      case Action.SetFlags(String expiry, boolean ownerReferences) ->
          setFlags(expiry, ownerReferences);
      case Action.Crash(int calls, boolean afterEffect) -> crash(calls, afterEffect);
      case Action.Restart _ -> restart();
      // Only the operator's clock is seen to be off, and only against the API server's.
      case Action.LocalClockJump(Duration by) -> proxy.disguise(Disguise.clockAhead(by.negated()));
      case Action.ServerClockJump(Duration by) -> proxy.disguise(Disguise.clockAhead(by));
      case Action.CloudFault(CloudProblem problem) ->
          stage.vpc().faults().once(Faults.CHANGING, faultOf(problem));
      case Action.StrangerComes(int address) -> strangerComes(address);
      case Action.StrangersLeave _ -> strangersLeave();
      case Action.ApiFault(int calls, boolean afterEffect) ->
          proxy.setGate(new UnheardGate(calls, afterEffect));
      case Action.ApiHangs _ -> apiHangs();
      default -> {}
    }
    story.tell("  done");
  }

  private void setFlags(String other, boolean ownerReferences) {
    witness.mayExpireBy(other);
    cascading |= ownerReferences;
    settings.set(EXPIRY, other);
    expiry = ExpiryDuration.parse(other);
    settings.set(OWNER_REFERENCES, Boolean.toString(ownerReferences));
  }

  private void crash(int calls, boolean afterEffect) {
    awaitLeading();
    var gate = new DyingGate(calls, afterEffect);
    open(gate);
    story.tell("  it dies %s", gate.reachedWithin(UNTIL_A_CALL) ? "at a call" : "idle");
    operator.kill();
    open(CallGate.open());
    gate.letThrough();
    startOperator();
  }

  /** The operator loses its lease, ends by itself, and is started again as the kubelet would. */
  private void apiHangs() {
    awaitLeading();
    proxy.hang();
    story.tell("  it ends with code %d", operator.awaitEnd(UNTIL_IT_LEADS));
    proxy.goOn();
    startOperator();
  }

  private void restart() {
    operator.kill();
    startOperator();
  }

  private void open(CallGate gate) {
    proxy.setGate(gate);
    stage.vpc().setGate(gate);
  }

  /** Waits until the operator leads, within limits: what is in its way may be part of the game. */
  private void awaitLeading() {
    try {
      await()
          .atMost(UNTIL_IT_LEADS)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(() -> operator.get("/q/health/ready").contains("\"UP\""));
    } catch (ConditionTimeoutException e) {
      story.tell("  it does not lead yet");
    }
  }

  private static Fault faultOf(CloudProblem problem) {
    return switch (problem) {
      case LOST_BEFORE -> Fault.cutBefore();
      case LOST_AFTER -> Fault.cutAfter();
      case THROTTLED -> Fault.throttled();
      case REFUSED -> Fault.error("UnauthorizedOperation");
    };
  }

  private void strangerComes(int address) {
    var range = stage.vpc().layout().subnets().getFirst().cidr();
    var ip = range.replaceFirst("\\d+/\\d+$", Integer.toString(STRANGERS_FROM + address));
    if (strangers.size() < MOST_STRANGERS && stage.vpc().holderOf(ip).isEmpty()) {
      try {
        stage.vpc().addStranger(ip);
        strangers.add(ip);
      } catch (RuntimeException e) {
        story.tell("  %s was taken at this moment: %s", ip, e.getMessage());
      }
    }
  }

  private void strangersLeave() {
    strangers.forEach(stage.vpc()::removeStranger);
    strangers.clear();
  }

  /** Ends everything that goes wrong, and sees that one operator leads. */
  public void endProblems() {
    story.tell("problems end");
    open(CallGate.open());
    stage.vpc().faults().clear();
    strangersLeave();
    proxy.disguise(Disguise.NONE);
    if (!operator.isAlive()) {
      story.tell("the operator had ended by itself");
      startOperator();
    }
    awaitLeading();
  }

  /** Sets the flags as they were at the start, and forgets what was. */
  public void beginAnew() {
    settings.close();
    cascading = false;
    expiry = ExpiryDuration.parse(ORDINARY_EXPIRY);
    witness.forgetExpiries();
    witness.mayExpireBy(ORDINARY_EXPIRY);
    story = new Story();
  }

  @Override
  public void close() {
    settings.close();
  }

  /** One zone and one subnet, so that an address can move to any node. */
  public static VpcLayout layout() {
    var standard = VpcLayout.standard();
    var subnet = standard.subnets().getFirst();
    return standard
        .withSubnets(List.of(subnet))
        .withInstances(
            List.of(
                VpcLayout.machine("ins-node0001", subnet.zone(), subnet.id()),
                VpcLayout.machine("ins-node0002", subnet.zone(), subnet.id()),
                VpcLayout.machine("ins-node0003", subnet.zone(), subnet.id()),
                VpcLayout.machine("ins-node0004", subnet.zone(), subnet.id())));
  }
}
