package io.eniipamd.testing.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that a test moves by hand, so that what takes time ends when the test says so. */
public final class SteppedClock extends Clock {
  private final AtomicReference<Instant> now;

  private SteppedClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /** A clock that stands at this moment. */
  public static SteppedClock at(Instant start) {
    return new SteppedClock(start);
  }

  /** Moves it on. */
  public void advance(Duration by) {
    now.updateAndGet(t -> t.plus(by));
  }

  /** Sets it, also back. */
  public void set(Instant moment) {
    now.set(moment);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
