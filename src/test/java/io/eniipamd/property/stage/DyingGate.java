package io.eniipamd.property.stage;

import io.eniipamd.simulator.fault.CallGate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The moment at which an operator dies: some changing calls pass, to the API server or the cloud,
 * and from the next one on nothing of it gets through. The thread that holds the gate kills the
 * operator and opens it; what was held has no effect and no answer.
 */
final class DyingGate implements CallGate {
  private final boolean afterEffect;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private int left;

  /**
   * @param calls how many still go well
   * @param afterEffect whether the one after them has its effect
   */
  DyingGate(int calls, boolean afterEffect) {
    this.left = calls;
    this.afterEffect = afterEffect;
  }

  /** Whether the moment came within this time. */
  boolean reachedWithin(Duration time) {
    try {
      return reached.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void letThrough() {
    end.countDown();
  }

  @Override
  public Decision before(String action, String request) {
    return dies(false) ? hold() : Decision.PROCEED;
  }

  @Override
  public Decision after(String action, String request, String result) {
    return dies(true) ? hold() : Decision.PROCEED;
  }

  private synchronized boolean dies(boolean after) {
    if (reached.getCount() == 0) {
      return true;
    }
    if (after == afterEffect && left-- == 0) {
      reached.countDown();
      return true;
    }
    return false;
  }

  private Decision hold() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Decision.CUT;
  }
}
