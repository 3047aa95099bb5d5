package io.eniipamd.property.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The time that passes, and two clocks that tell it: the API server's and that of the operator's
 * machine. Setting a clock lets no time pass.
 */
final class Time {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.300Z");

  private static final Duration STEP = Duration.ofMillis(1);

  private Duration passed = Duration.ZERO;
  private Duration serverOff = Duration.ZERO;
  private Duration localOff = Duration.ZERO;

  /** The time that really passed. */
  Duration passed() {
    return passed;
  }

  long nanos() {
    return passed.toNanos();
  }

  Instant server() {
    return START.plus(passed).plus(serverOff);
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  /** How long until the first of these moments, and no less than what a step of time is. */
  Duration until(Stream<Duration> moments) {
    return moments
        .map(t -> t.minus(passed))
        .min(Comparator.naturalOrder())
        .filter(d -> d.compareTo(STEP) > 0)
        .orElse(STEP);
  }

  void setServer(Duration by) {
    serverOff = serverOff.plus(by);
  }

  void setLocal(Duration by) {
    localOff = localOff.plus(by);
  }

  /** Sets the local clock by the server's. */
  void synchronizeClocks() {
    localOff = serverOff;
  }

  /** The clock of the operator's machine. */
  Clock local() {
    return new Clock() {
      @Override
      public Instant instant() {
        return START.plus(passed).plus(localOff);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
