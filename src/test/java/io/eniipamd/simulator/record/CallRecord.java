package io.eniipamd.simulator.record;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The calls since the start or the last {@link #reset}; the oldest of very many are forgotten. */
public final class CallRecord {
  /** Enough for every test and small enough for a long run by hand. */
  private static final int KEPT = 200_000;

  private final Deque<Call> calls = new ArrayDeque<>();
  private final List<Consumer<Call>> listeners = new CopyOnWriteArrayList<>();
  private long count;

  /** Adds a call under the next number. */
  public void add(
      Instant at,
      String action,
      boolean changing,
      String secretId,
      String request,
      String result,
      boolean effective,
      String requestId,
      Duration took) {
    Call call;
    synchronized (calls) {
      call =
          new Call(
              ++count, at, action, changing, secretId, request, result, effective, requestId, took);
      calls.addLast(call);
      if (calls.size() > KEPT) {
        calls.removeFirst();
      }
    }
    listeners.forEach(l -> l.accept(call));
  }

  /** Tells every later call to a listener, in the thread that answers it. */
  public void listen(Consumer<Call> listener) {
    listeners.add(listener);
  }

  /** All calls, in order. */
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** The calls of one action. */
  public List<Call> callsOf(String action) {
    return where(c -> c.action().equals(action));
  }

  /** The calls of changing actions, refused ones included. */
  public List<Call> changingCalls() {
    return where(Call::changing);
  }

  /** The calls that did change something, whatever was answered. */
  public List<Call> effectiveChanges() {
    return where(c -> c.changing() && c.effective());
  }

  /** The calls of reading actions. */
  public List<Call> readingCalls() {
    return where(c -> !c.changing());
  }

  /** The calls after the one of that number. */
  public List<Call> since(long number) {
    return where(c -> c.number() > number);
  }

  /** The calls per action, refused ones included, by name. */
  public Map<String, Long> countsByAction() {
    Map<String, Long> counts = new TreeMap<>();
    calls().forEach(c -> counts.merge(c.action(), 1L, Long::sum));
    return counts;
  }

  /** The calls of one action. */
  public long countOf(String action) {
    return callsOf(action).size();
  }

  /** How many calls there were since the start or the last reset, forgotten ones included. */
  public long count() {
    synchronized (calls) {
      return count;
    }
  }

  /** Forgets all calls and counts from 1 again. */
  public void reset() {
    synchronized (calls) {
      calls.clear();
      count = 0;
    }
  }

  private List<Call> where(Predicate<Call> wanted) {
    return calls().stream().filter(wanted).toList();
  }
}
