package io.eniipamd.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The part of {@link IpamMetrics} that says how the work goes that is done from time to time. */
@Singleton
public final class WorkMetrics {

  // A sweep comes every half a minute; a pause of releases may last for days.
  private static final Duration[] DELAY_BUCKETS = {
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1),
    Duration.ofDays(7)
  };

  private final MeterRegistry registry;
  private final Clock clock;
  private final Timer expiryDelay;
  private final Map<String, AtomicLong> looks = new ConcurrentHashMap<>();

  public WorkMetrics(MeterRegistry registry) {
    this.registry = registry;
    clock = registry.config().clock();
    expiryDelay =
        Timer.builder("ipamd.expiry.delay")
            .description("From the expiry of a fixed IP to the deletion of its claim.")
            .serviceLevelObjectives(DELAY_BUCKETS)
            .register(registry);
  }

  /**
   * A look at the cloud has succeeded.
   *
   * @param what one of the few things that are looked at
   */
  public void looked(String what) {
    looks.computeIfAbsent(what, this::register).set(clock.wallTime());
  }

  private AtomicLong register(String what) {
    var at = new AtomicLong();
    Gauge.builder("ipamd.cloud.look.last.success.timestamp", at, millis -> millis.get() / 1000.0)
        .description("When a look at the cloud succeeded last, in seconds since 1970.")
        .baseUnit("seconds")
        .tag("look", what)
        .register(registry);
    return at;
  }

  /**
   * Does a sweep and reports it.
   *
   * @param sweep says how many claims were due; empty where it was none
   */
  public void sweep(Supplier<OptionalInt> sweep) {
    long begin = clock.monotonicTime();
    sweep
        .get()
        .ifPresent(
            due -> {
              Timer.builder("ipamd.sweep.duration")
                  .description("Sweeps for fixed IPs whose time is up.")
                  .register(registry)
                  .record(clock.monotonicTime() - begin, TimeUnit.NANOSECONDS);
              DistributionSummary.builder("ipamd.sweep.claims")
                  .description("Claims that were due at a sweep.")
                  .register(registry)
                  .record(due);
            });
  }

  /** A fixed IP was released, so long after its expiry. */
  public void expired(Duration late) {
    expiryDelay.record(late);
  }
}
