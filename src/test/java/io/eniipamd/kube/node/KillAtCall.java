package io.eniipamd.kube.node;

import io.eniipamd.simulator.fault.CallGate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Kills the operator of a room at the first call of an action, and lets no answer through. */
final class KillAtCall implements CallGate {
  private final String action;
  private final String moment;
  private final AtomicReference<NodeRoom> victim = new AtomicReference<>();
  private final CountDownLatch killed = new CountDownLatch(1);

  /**
   * @param moment {@code before} or {@code after} the call takes effect
   */
  KillAtCall(String action, String moment) {
    this.action = action;
    this.moment = moment;
  }

  /** The room whose operator is killed; set before the call can come. */
  void aimAt(NodeRoom room) {
    victim.set(room);
  }

  /** Whether it has killed within that time. */
  boolean await(Duration patience) throws InterruptedException {
    return killed.await(patience.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public Decision before(String called, String request) {
    return at("before", called);
  }

  @Override
  public Decision after(String called, String request, String result) {
    return at("after", called);
  }

  private Decision at(String when, String called) {
    if (!called.equals(action) || !when.equals(moment) || killed.getCount() == 0) {
      return Decision.PROCEED;
    }
    victim.get().kill();
    killed.countDown();
    return Decision.CUT;
  }
}
