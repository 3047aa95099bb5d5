package io.eniipamd.cloud.faults;

import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.record.Call;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong.
 *
 * @param inARow the faults that the n-th call of the action and those after it meet, one each
 * @param outage how many calls of whatever action find the cloud down, counted from that n-th one
 */
record Disturbance(String name, List<Fault> inARow, int outage) {

  private static final String TOKEN_FAILURE = "AuthFailure.TokenFailure";

  /** Nothing goes wrong with the call. */
  static final Disturbance NONE = new Disturbance("nothing", List.of(), 0);

  static final Disturbance CUT_AFTER = one("cut after", Fault.cutAfter());

  /** What can go wrong with a call that reads or changes. */
  static final List<Disturbance> OF_ANY_CALL =
      List.of(
          one("throttled", Fault.throttled()),
          one("503 before", Fault.http(503)),
          one("cut before", Fault.cutBefore()),
          one("late answer", Fault.lateAnswer(Ground.TOO_LATE)),
          one("internal error", Fault.error("InternalError")),
          one("key refused", Fault.error(TOKEN_FAILURE)),
          new Disturbance("down for 8 calls", List.of(Fault.http(503)), 8));

  /** What else can go wrong with a call that changes. */
  static final List<Disturbance> OF_CHANGES =
      List.of(
          one("503 after", Fault.httpAfterEffect(503)),
          CUT_AFTER,
          one("late effect", Fault.latency(Ground.TOO_LATE)),
          one("internal error after", Fault.errorAfterEffect("InternalError")),
          one("denied", Fault.error("UnauthorizedOperation")),
          one("mutex", Fault.error("UnsupportedOperation.MutexOperationTaskRunning")),
          one("invalid state", Fault.error("UnsupportedOperation.InvalidState")),
          one("still processing", Fault.error("UnsupportedOperation.IdempotentProcessing")),
          one("unheard of", Fault.error("FailedOperation.NetDetectTimeOut")),
          one("task fails", Fault.taskFails()),
          one("task hangs", Fault.taskHangs()),
          two("cut after, then key refused", Fault.cutAfter(), Fault.error(TOKEN_FAILURE)),
          two("cut after, then denied", Fault.cutAfter(), Fault.error("UnauthorizedOperation")),
          two("cut after, then throttled", Fault.cutAfter(), Fault.throttled()),
          two("cut before, then cut after", Fault.cutBefore(), Fault.cutAfter()));

  private static Disturbance one(String name, Fault fault) {
    return new Disturbance(name, List.of(fault), 0);
  }

  private static Disturbance two(String name, Fault first, Fault second) {
    return new Disturbance(name, List.of(first, second), 0);
  }

  boolean takesEffectLate() {
    return inARow.contains(Fault.latency(Ground.TOO_LATE));
  }

  /** Whether what was accepted comes very late or never. */
  boolean endsOtherwise() {
    return hangs() || inARow.contains(Fault.taskFails());
  }

  boolean hangs() {
    return inARow.contains(Fault.taskHangs());
  }

  /**
   * Waits for its moment.
   *
   * @param nth call of the action from now on, from 1
   * @return falls to zero when the n-th call has been disturbed and has had what effect it has
   */
  CountDownLatch arm(Ground ground, String action, int nth) {
    var met = new CountDownLatch(1);
    var calls = new AtomicInteger();
    if (nth == 1 && !inARow.isEmpty()) {
      strike(ground, action, 0);
    }
    ground
        .vpc()
        .record()
        .listen(
            call -> {
              if (call.action().equals(action)) {
                next(ground, call, calls.incrementAndGet(), nth, met);
              }
            });
    return met;
  }

  /** It is told of a call before its answer leaves, so that the next one is met for sure. */
  private void next(Ground ground, Call call, int count, int nth, CountDownLatch met) {
    int due = count + 1 - nth;
    if (due >= 0 && due < inARow.size()) {
      strike(ground, call.action(), due);
    }
    if (count == nth) {
      if (outage > 0) {
        ground.vpc().faults().times(outage - 1, Faults.ANY, inARow.getFirst());
      }
      met.countDown();
    }
  }

  private void strike(Ground ground, String action, int index) {
    ground.vpc().faults().once(action, inARow.get(index));
  }

  @Override
  public String toString() {
    return name;
  }
}
