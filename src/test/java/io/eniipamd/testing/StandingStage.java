package io.eniipamd.testing;

import io.eniipamd.simulator.layout.VpcLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The one stage of the tests that only need an operator at work: five nodes in two zones, and an
 * operator that speaks to the API server through a proxy. It is set by the first test that asks for
 * it and struck with the JVM. Tests keep apart by a {@link Scene} of their own, and leave nothing
 * behind that goes on.
 */
public final class StandingStage {

  /** A lease that is over soon, because tests kill its holder; and what has to go with it. */
  @SuppressWarnings("MutablePublicArray") // Handed on as varargs.
  public static final String[] QUICK = {
    "--leader-election-lease-duration=6s",
    "--leader-election-renew-deadline=5s",
    "--leader-election-retry-period=500ms",
    "--cloud-call-timeout=3s",
    "--quarantine=9s",
  };

  /** The configured subnet that does not exist. */
  public static final String MISSING_SUBNET = "subnet-nowhere";

  private static StandingStage standing;
  private static RuntimeException failure;

  private final Stage stage;
  private final CountingProxy proxy;
  private final OperatorProcess operator;

  private StandingStage(Stage stage, CountingProxy proxy, OperatorProcess operator) {
    this.stage = stage;
    this.proxy = proxy;
    this.operator = operator;
  }

  /**
   * It, set if it is not.
   *
   * @throws RuntimeException the one of the first attempt, however often it is asked for
   */
  @SuppressWarnings("StaticAssignmentOfThrowable") // The first one is what it promises to throw.
  public static synchronized StandingStage get() {
    if (failure != null) {
      throw failure;
    }
    if (standing == null) {
      try {
        standing = set();
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
    return standing;
  }

  private static StandingStage set() {
    var stage = Stage.set("standing", VpcLayout.standard());
    Runtime.getRuntime().addShutdownHook(new Thread(stage::close, "strike the standing stage"));
    var proxy = CountingProxy.start(stage.plane().url());
    stage.throughApiServerAt(proxy.url());
    var flags = new ArrayList<>(List.of(QUICK));
    flags.add("--claim-expired-duration=1h");
    flags.add("--sweep-interval=1s");
    flags.add("--enable-ownerref");
    flags.add("--owner-kinds=games.example.com/v1/GameSet");
    // What an idle operator asks of the cloud is counted here.
    flags.add("--stray-watch-interval=24h");
    flags.add("--inventory-interval=24h");
    // Nodes keep the ENIs that a test has left empty: others count requests meanwhile.
    flags.add("--eni-shrink-delay=24h");
    // One of the configured subnets does not exist, which must not matter to the others.
    flags.add("--eni-subnets=subnet-gz3pods1,subnet-gz3pods2,subnet-gz4pods1," + MISSING_SUBNET);
    var operator = stage.startOperator(flags.toArray(String[]::new));
    joinAll(stage);
    return new StandingStage(stage, proxy, operator);
  }

  /** Joins the five nodes of the standard layout, and waits until they are ready. */
  public static void joinAll(Stage stage) {
    for (int i = 1; i <= 5; i++) {
      stage.join("node-" + i, "ins-node000" + i);
    }
    Scene.awaitNodes(stage, "node-1", "node-2", "node-3", "node-4", "node-5");
  }

  public Stage stage() {
    return stage;
  }

  public CountingProxy proxy() {
    return proxy;
  }

  public OperatorProcess operator() {
    return operator;
  }
}
