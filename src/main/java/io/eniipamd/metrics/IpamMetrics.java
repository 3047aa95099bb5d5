package io.eniipamd.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The metrics of the operator, with {@link SubnetMetrics}, {@link ClusterMetrics} and {@link
 * WorkMetrics}. No other place knows their names. They are documented in {@code docs/metrics.md},
 * which a test holds against what is registered here.
 */
@Singleton
public final class IpamMetrics {
  /** The name of the closed system's histogram, which dashboards query. */
  private static final String SET_IP_LATENCY = "ipamd.pod.set.ip.latency";

  // From an address that was retained on the node (no call to the cloud) to a queue for a new ENI.
  private static final Duration[] SET_IP_BUCKETS = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15)
  };

  // The cloud answers in tens to hundreds of milliseconds; ten seconds is the default time-out.
  private static final Duration[] REQUEST_BUCKETS = {
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Counter bound;
  private final Timer setIpLatency;

  /** Gauges hold their numbers weakly. */
  private final Map<String, AtomicInteger> answering = new ConcurrentHashMap<>();

  private final Map<String, AtomicReference<Double>> rateLimits = new ConcurrentHashMap<>();

  private final AtomicReference<Double> certificateUntil = new AtomicReference<>();
  private final AtomicReference<Double> inventoryAt = new AtomicReference<>();

  public IpamMetrics(MeterRegistry registry) {
    this.registry = registry;
    bound =
        Counter.builder("ipamd.claims.bound")
            .description("Claims that the operator has bound to a Pod.")
            .register(registry);
    setIpLatency =
        Timer.builder(SET_IP_LATENCY)
            .description("From the creation of a Pod to the binding of its claim.")
            .serviceLevelObjectives(SET_IP_BUCKETS)
            .register(registry);
  }

  /**
   * Shows whether this process leads.
   *
   * @param leading asked at each scrape
   */
  public void leading(BooleanSupplier leading) {
    Gauge.builder("ipamd.leading", () -> leading.getAsBoolean() ? 1 : 0)
        .description("1 on the replica that leads and has started, 0 on the others.")
        .register(registry);
  }

  /** A claim was bound to a Pod, so long after the Pod was created. */
  public void claimBound(Duration sincePodCreation) {
    bound.increment();
    setIpLatency.record(sincePodCreation);
  }

  /**
   * A claim is gone and its address released.
   *
   * @param reason one of the few release reasons of the API
   */
  public void claimReleased(String reason) {
    released(reason).increment();
  }

  /** Shows a reason from now on, although no claim was released for it yet. */
  public void mayBeReleased(String reason) {
    var unused = released(reason);
  }

  private Counter released(String reason) {
    return Counter.builder("ipamd.claims.released")
        .description("Claims that the operator has released, by reason.")
        .tag("reason", reason)
        .register(registry);
  }

  /**
   * A request to the cloud has ended.
   *
   * @param action its name in the cloud's API
   * @param result {@code success}, or the kind of failure
   */
  public void cloudRequest(String action, String result, Duration took) {
    Timer.builder("ipamd.cloud.request.duration")
        .description("Requests to the cloud, from sending to the answer.")
        .tags("action", action, "result", result)
        .serviceLevelObjectives(REQUEST_BUCKETS)
        .register(registry)
        .record(took);
  }

  /** A request to the cloud had to wait for its turn under the limits of requests. */
  public void cloudRequestWaited(String action, Duration waited) {
    Timer.builder("ipamd.cloud.request.wait")
        .description("Time that requests waited under the request limits.")
        .tag("action", action)
        .register(registry)
        .record(waited);
  }

  /** A changing request to the cloud carried so many addresses. */
  public void cloudRequestCarried(String action, int addresses) {
    DistributionSummary.builder("ipamd.cloud.request.addresses")
        .description("Addresses per changing request.")
        .tag("action", action)
        .register(registry)
        .record(addresses);
  }

  /**
   * Shows the addresses on the cluster's ENIs that no record has, from now on.
   *
   * @param now is asked at each scrape and is quick
   */
  public void strays(IntSupplier now) {
    Gauge.builder("ipamd.stray.addresses", now, IntSupplier::getAsInt)
        .description("Addresses on the cluster's ENIs that no VpcIP records.")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Shows the confirmed differences of a kind between the cloud and the records.
   *
   * @param kind as the log names it
   * @param now is asked at each scrape and is quick
   */
  public void inventory(String kind, IntSupplier now) {
    Gauge.builder("ipamd.inventory.drift", now, IntSupplier::getAsInt)
        .description("Differences between the cloud and the records that two looks have found.")
        .tag("kind", kind)
        .strongReference(true)
        .register(registry);
    var unused = inventoryRepairs(kind);
  }

  /** A difference was repaired, or the reconciler that can repair it was asked to. */
  public void inventoryRepaired(String kind) {
    inventoryRepairs(kind).increment();
  }

  private Counter inventoryRepairs(String kind) {
    return Counter.builder("ipamd.inventory.repairs")
        .description("Repairs of differences between the cloud and the records.")
        .tag("kind", kind)
        .register(registry);
  }

  /** The cloud and the records were compared. */
  public void inventoryLooked(Instant at) {
    showTime(
        "ipamd.inventory.last.success.timestamp",
        "When the cloud and the records were compared last, in seconds since 1970.",
        inventoryAt,
        at);
  }

  /** Shows a moment from the first one on; before it there is no series. */
  private void showTime(
      String name, String description, AtomicReference<Double> shown, Instant time) {
    if (shown.getAndSet((double) time.getEpochSecond()) == null) {
      Gauge.builder(name, shown, AtomicReference::get)
          .description(description)
          .baseUnit("seconds")
          .register(registry);
    }
  }

  /**
   * The webhook has answered a review of the API server.
   *
   * @param answer {@code zone}, {@code gate}, {@code other} or {@code refused}
   */
  public void webhookAnswered(String answer) {
    Counter.builder("ipamd.webhook.reviews")
        .description("Reviews of the API server that this replica has answered.")
        .tag("answer", answer)
        .register(registry)
        .increment();
  }

  /** The certificate that the webhook is served with is valid until then. */
  public void webhookCertificateUntil(Instant end) {
    showTime(
        "ipamd.webhook.certificate.expiry.timestamp",
        "When the certificate of the webhook ends, in seconds since 1970.",
        certificateUntil,
        end);
  }

  /** What is asked at each scrape about fixed IPs whose Pods are away; all are quick. */
  public interface FixedIps {
    /** How many are kept. */
    int retained();

    /** How many of them are past their expiry and not released yet. */
    int overdue();

    /** How many that are on no ENI another user was seen to have. */
    int taken();

    /** Whether a user has paused all releases. */
    boolean paused();

    /** Whether releases were paused automatically. */
    boolean avalanche();
  }

  /** Shows the fixed IPs whose Pods are away, from now on. */
  public void fixedIps(FixedIps now) {
    Gauge.builder("ipamd.retained.claims", now, FixedIps::retained)
        .description("Fixed IPs that claims retain for Pods that are away.")
        // The registry holds what it asks weakly otherwise.
        .strongReference(true)
        .register(registry);
    Gauge.builder("ipamd.retained.claims.overdue", now, FixedIps::overdue)
        .description("Fixed IPs that are past their expiry and not released yet.")
        .strongReference(true)
        .register(registry);
    Gauge.builder("ipamd.retained.addresses.taken", now, FixedIps::taken)
        .description("Retained addresses on no ENI that another user of the VPC has taken.")
        .strongReference(true)
        .register(registry);
    Gauge.builder("ipamd.releases.paused", now, n -> n.paused() ? 1 : 0)
        .description("1 while the operator releases no fixed IP, by reason.")
        .tag("by", "user")
        .strongReference(true)
        .register(registry);
    Gauge.builder("ipamd.releases.paused", now, n -> n.avalanche() ? 1 : 0)
        .description("1 while the operator releases no fixed IP, by reason.")
        .tag("by", "avalanche")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Whether requests of a family of the cloud's API go out, or none because it is down.
   *
   * @param family one of the few products of the cloud
   */
  public void cloudAnswers(String family, boolean answers) {
    answering
        .computeIfAbsent(
            family,
            fresh -> {
              var value = new AtomicInteger();
              Gauge.builder("ipamd.cloud.up", value, AtomicInteger::get)
                  .description(
                      "1 while the operator sends requests to the cloud, 0 while it waits for the"
                          + " cloud to recover.")
                  .tag("family", fresh)
                  .register(registry);
              return value;
            })
        .set(answers ? 1 : 0);
    var outages =
        Counter.builder("ipamd.cloud.outages")
            .description("How often the operator found the cloud down, or its key refused.")
            .tag("family", family)
            .register(registry);
    if (!answers) {
      outages.increment();
    }
  }

  /**
   * Counts a thing of which an answer of the cloud says something that cannot be read.
   *
   * @param action one of the API's few actions
   */
  public void cloudRowUnreadable(String action) {
    Counter.builder("ipamd.cloud.unreadable.rows")
        .description("Rows of the cloud's answers that the operator could not read.")
        .tag("action", action)
        .register(registry)
        .increment();
  }

  /**
   * How many requests a second of a family of the cloud's API go out at most.
   *
   * @param family one of the few products of the cloud
   */
  public void cloudRateLimit(String family, double perSecond) {
    rateLimits
        .computeIfAbsent(
            family,
            fresh -> {
              var value = new AtomicReference<>(perSecond);
              Gauge.builder("ipamd.cloud.request.rate.limit", value, AtomicReference::get)
                  .description(
                      "Maximum requests per second, which is lower after the cloud has throttled"
                          + " the operator.")
                  .tag("family", fresh)
                  .register(registry);
              return value;
            })
        .set(perSecond);
  }
}
