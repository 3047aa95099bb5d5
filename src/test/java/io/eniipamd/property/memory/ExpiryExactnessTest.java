package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.kube.claim.WiredOperator;
import io.eniipamd.property.memory.ApiServer.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Fixed IPs expire when they are due, and what that costs goes by those that are due. The time is
 * the test's own; the operator is the real one, on the API server in memory, where a write takes a
 * millisecond.
 */
class ExpiryExactnessTest {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(30);
  private static final Duration EXPIRY = Duration.ofHours(1);
  private static final Duration BEFORE = Duration.ofMinutes(5);
  private static final Duration WITHIN = Duration.ofMinutes(10);
  private static final int DUE = 10_000;
  private static final int NOT_DUE = 10_000;
  private static final Cidr RANGE = Cidr.parse("10.0.0.0/16");
  private static final long SEED = 20_260_131;

  private final Time time = new Time();
  private final Specification specification = new Specification(time, Duration.ofSeconds(30));
  private final Map<String, Instant> released = new HashMap<>();
  private final Map<String, Instant> due = new HashMap<>();
  private final ApiServer server = new ApiServer(time, this::changed);
  private final CloudModel cloud =
      new CloudModel(
          List.of(
              new Subnet(
                  InMemoryWorld.SUBNET,
                  "vpc-a",
                  "zone-1",
                  RANGE,
                  RANGE.usableSize(),
                  RANGE.usableSize())),
          specification);

  @Test
  void shouldReleaseWithinASweepIntervalAndASecondAndCostByThoseDue() {
    specification.of(server, cloud);
    var random = new Random(SEED);
    // Making them takes time; they begin to fall due when all are there.
    var begin = time.passed().plus(BEFORE);
    var beginsAt = time.server().plus(BEFORE);
    for (int i = 0; i < DUE; i++) {
      keep(i, beginsAt.plusMillis(random.nextLong(WITHIN.toMillis())));
    }
    for (int i = DUE; i < DUE + NOT_DUE; i++) {
      keep(i, beginsAt.plus(Duration.ofDays(1)));
    }
    var operator = operator();
    operator.start(random);
    idle(operator);
    assertThat(time.passed()).isLessThan(begin);
    long atStart = operator.requests();

    var end = begin.plus(WITHIN).plus(SWEEP_INTERVAL.multipliedBy(2));
    while (time.passed().compareTo(end) < 0) {
      if (operator.sweepDue()) {
        operator.sweep();
      }
      idle(operator);
      time.pass(Duration.ofMillis(100));
    }

    assertThat(released.size()).isEqualTo(DUE);
    var late =
        released.entrySet().stream()
            .mapToLong(e -> Duration.between(due.get(e.getKey()), e.getValue()).toMillis())
            .sorted()
            .toArray();
    long p99 = late[(int) (late.length * 0.99)];
    long requests = operator.requests() - atStart;
    System.out.printf(
        "%d of %d fixed IPs expired: from due to deleted median %d ms, p99 %d ms, longest %d ms; %.1f requests each (seed %d)%n",
        DUE,
        DUE + NOT_DUE,
        late[late.length / 2],
        p99,
        late[late.length - 1],
        (double) requests / DUE,
        SEED);
    assertThat(Arrays.stream(late).min().orElseThrow()).as("none too early").isNotNegative();
    assertThat(p99).isLessThanOrEqualTo(SWEEP_INTERVAL.plusSeconds(1).toMillis());
    // The look at the Pod, the claim's delete and event, and the six of the release with a read
    // each.
    assertThat(requests).isLessThanOrEqualTo(12L * DUE);
    assertThat(specification.broken()).isEmpty();
  }

  @Test
  void shouldAskNothingWhenNothingIsDue() {
    specification.of(server, cloud);
    for (int i = 0; i < NOT_DUE; i++) {
      keep(i, time.server().plus(Duration.ofDays(1)));
    }
    var operator = operator();
    operator.start(new Random(SEED));
    idle(operator);
    long before = operator.requests();

    for (int i = 0; i < 20; i++) {
      time.pass(SWEEP_INTERVAL);
      operator.sweep();
      idle(operator);
    }

    assertThat(operator.requests()).isEqualTo(before);
  }

  private OperatorProcess operator() {
    return new OperatorProcess(
        "operator",
        server,
        cloud,
        time,
        specification,
        () -> {},
        story -> {},
        new WiredOperator.Flags(
            new ExpiryDuration.After(EXPIRY),
            false,
            Duration.ofSeconds(30),
            1000,
            new AvalancheRule(0, 0)));
  }

  private void changed(ApiServer.Change change) {
    if (change.kind() == Kind.CLAIM
        && ApiServer.isDeleting(change.object())
        && !released.containsKey(ApiServer.name(change.object()))) {
      released.put(ApiServer.name(change.object()), time.server());
    }
  }

  /** A claim whose Pod is away, due then, with the record of its address, which is on no ENI. */
  private void keep(int number, Instant at) {
    var name = "kept-" + number;
    var ip = RANGE.at(4 + number);
    var since = at.minus(EXPIRY);
    due.put(name, at);
    var claim =
        server.create(
            Kind.CLAIM,
            ApiServer.parse(
                """
                {"metadata":{"namespace":"%s","name":"%s","labels":{"app.kubernetes.io/managed-by":\
                "tke-eni-ipamd"},"finalizers":["tke.cloud.tencent.com/vpc-ip-claim"]},\
                "spec":{"networkMode":"tke-route-eni","deletePolicy":"Never"}}"""
                    .formatted(Cluster.NAMESPACE, name)));
    server.edit(
        Kind.CLAIM,
        Cluster.NAMESPACE,
        name,
        c ->
            c.withObject("/status")
                .put("phase", "Retained")
                .put("address", ip.toString())
                .put("subnetId", InMemoryWorld.SUBNET)
                .put("podUID", "pod-of-" + name)
                .put("deletePolicy", "Never")
                .put("claimExpiredDuration", "1h")
                .put("retainedSince", since.toString())
                .put("expiresAt", at.toString()));
    server.create(
        Kind.VPC_IP,
        ApiServer.parse(
            """
            {"metadata":{"name":"%s","finalizers":["tke.cloud.tencent.com/vpc-ip"]},\
            "spec":{"type":"Pod","subnetId":"%s","claimRef":{"namespace":"%s","name":"%s",\
            "uid":"%s"}}}"""
                .formatted(
                    ip, InMemoryWorld.SUBNET, Cluster.NAMESPACE, name, ApiServer.uid(claim))));
    server.edit(
        Kind.VPC_IP,
        null,
        ip.toString(),
        r -> r.withObject("/status").put("phase", "Held").put("since", since.toString()));
  }

  /** Works until there is nothing to do at this moment. */
  private static void idle(OperatorProcess operator) {
    boolean worked = true;
    while (worked) {
      worked = false;
      for (var controller : operator.controllers()) {
        while (controller.hasNews()) {
          controller.readNext();
          worked = true;
        }
        for (var id : controller.ready()) {
          operator.reconcile(controller, id);
          worked = true;
        }
      }
    }
  }
}
