package io.eniipamd.simulator.wire;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Requests a second per action. Off until it is switched on. */
public final class RateLimits {
  private final Clock clock;
  private final Map<String, Window> windows = new HashMap<>();
  private final Map<String, Integer> overrides = new TreeMap<>();
  private boolean on;

  private record Window(long second, int count) {}

  RateLimits(Clock clock) {
    this.clock = clock;
  }

  /** Applies the documented limits from now on. */
  public synchronized void enable() {
    on = true;
  }

  /** Applies no limits from now on. */
  public synchronized void disable() {
    on = false;
  }

  /** Sets the limit of one action, in requests a second, before the documented one. */
  public synchronized void set(String action, int perSecond) {
    overrides.put(action, perSecond);
  }

  /** What is applied, for users: whether they are on, and the limits set by hand. */
  public synchronized String inForce() {
    return (on ? "on" : "off") + (overrides.isEmpty() ? "" : ", by hand " + overrides);
  }

  /** Whether one more request of the action is within its limit; it counts if so. */
  synchronized boolean admit(String action, int documentedPerSecond) {
    if (!on) {
      return true;
    }
    long second = clock.instant().getEpochSecond();
    Window window = windows.get(action);
    int count = window != null && window.second() == second ? window.count() : 0;
    if (count >= overrides.getOrDefault(action, documentedPerSecond)) {
      return false;
    }
    windows.put(action, new Window(second, count + 1));
    return true;
  }
}
