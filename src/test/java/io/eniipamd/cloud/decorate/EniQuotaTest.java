package io.eniipamd.cloud.decorate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EniQuotaTest {
  private static final int NODES = 100;

  private final AtomicLong now = new AtomicLong();
  private final EniQuota quota = new EniQuota(now::get);
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger allowed = new AtomicInteger(60);

  @Test
  void shouldCostAHandfulOfTriesAMinuteWhenAHundredNodesWantWhatSixtyCanHave() {
    var world = new World();
    world.until(Duration.ofMinutes(1));
    assertThat(made).hasValue(60);
    assertThat(calls.get()).isBetween(61, 60 + 1 + 4);

    // Each further minute.
    int before = calls.get();
    world.until(Duration.ofMinutes(11));
    assertThat(calls.get() - before).isBetween(20, 40);

    // It is raised, for some and then for all.
    allowed.set(75);
    world.until(Duration.ofMinutes(12));
    assertThat(made).hasValue(75);
    allowed.set(1000);
    before = calls.get();
    world.until(Duration.ofMinutes(13));
    assertThat(made).hasValue(NODES);
    assertThat(calls.get() - before).isBetween(25, 29);
  }

  @Test
  void shouldFindOutByFewRequestsWhenAllAskAtTheSameTime() throws Exception {
    allowed.set(0);
    var allIn = new CountDownLatch(EniQuota.MOST_AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends = new ArrayList<Future<?>>();
      for (int node = 0; node < NODES; node++) {
        var spec = spec(node);
        ends.add(
            threads.submit(
                () ->
                    assertThatThrownBy(
                            () ->
                                quota.call(
                                    spec,
                                    () -> {
                                      allIn.countDown();
                                      await(allIn);
                                      return create();
                                    }))
                        .isInstanceOf(CloudException.class)
                        .hasMessageContaining(spec.name())));
      }
      for (var end : ends) {
        end.get(30, TimeUnit.SECONDS);
      }
    }

    assertThat(calls).hasValue(EniQuota.MOST_AT_ONCE);
  }

  @Test
  void shouldSayTheSameWhetherARequestWasSentOrNot() {
    allowed.set(0);
    var sent = failure(1);
    var withheld = failure(1);
    now.addAndGet(EniQuota.PROBE_EVERY.toNanos());
    var probe = failure(1);

    assertThat(calls).hasValue(2);
    assertThat(List.of(sent, withheld, probe))
        .allSatisfy(
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.QUOTA);
              assertThat(e).hasMessage(sent.getMessage());
              assertThat(e.requestId()).contains("req-1");
            });
    assertThat(failure(2)).hasMessageContaining("node-2");
  }

  @Test
  void shouldNotTakeAnEniThatWasAskedForBeforeTheRefusalForRoom() {
    allowed.set(0);
    var rooms = new AtomicInteger();
    quota.onRoom(rooms::incrementAndGet);

    quota.call(
        spec(1),
        () -> {
          failure(2);
          return "eni-late";
        });

    assertThat(rooms).hasValue(0);
    assertThatThrownBy(() -> quota.check(spec(3))).isInstanceOf(CloudException.class);
  }

  @Test
  void shouldTellOfRoomOnceAndGoOnWhenAProbeSucceeds() {
    allowed.set(0);
    var rooms = new AtomicInteger();
    quota.onRoom(rooms::incrementAndGet);
    failure(1);
    assertThatThrownBy(() -> quota.check(spec(2))).isInstanceOf(CloudException.class);

    allowed.set(1000);
    now.addAndGet(EniQuota.PROBE_EVERY.toNanos());
    quota.check(spec(2));
    quota.call(spec(2), this::create);
    quota.call(spec(3), this::create);

    assertThat(rooms).hasValue(1);
  }

  @Test
  void shouldProbeAgainWhenAProbeHasFailedOtherwise() {
    allowed.set(0);
    failure(1);
    now.addAndGet(EniQuota.PROBE_EVERY.toNanos());
    assertThatThrownBy(
            () ->
                quota.call(
                    spec(1),
                    () -> {
                      throw new CloudException(
                          Kind.TRANSIENT, "creating", null, "gone", null, null);
                    }))
        .hasMessageContaining("gone");

    assertThat(failure(1).kind()).isEqualTo(Kind.QUOTA);
    assertThat(calls).hasValue(1);
    now.addAndGet(EniQuota.PROBE_EVERY.toNanos());
    allowed.set(1);
    assertThat(quota.call(spec(1), this::create)).isEqualTo("eni-1");
  }

  /** A hundred nodes that each try until they have an ENI, with the pauses of tasks. */
  private final class World {
    private record Try(int node, long at, int failures) {}

    private final Random random = new Random(1);
    private final PriorityQueue<Try> due =
        new PriorityQueue<>(Comparator.comparingLong(Try::at).thenComparingInt(Try::node));

    World() {
      for (int node = 0; node < NODES; node++) {
        due.add(new Try(node, 0, 0));
      }
      quota.onRoom(
          () -> {
            var all = List.copyOf(due);
            due.clear();
            all.forEach(t -> due.add(new Try(t.node(), now.get(), t.failures())));
          });
    }

    void until(Duration end) {
      while (!due.isEmpty() && due.peek().at() <= end.toNanos()) {
        var next = due.remove();
        now.set(Math.max(now.get(), next.at()));
        try {
          quota.check(spec(next.node()));
          quota.call(spec(next.node()), EniQuotaTest.this::create);
        } catch (CloudException e) {
          long bound =
              Duration.ofSeconds(Math.min(45, 1L << Math.min(10, next.failures()))).toNanos();
          long pause = bound / 2 + random.nextLong(bound / 2);
          due.add(new Try(next.node(), now.get() + pause, next.failures() + 1));
        }
      }
      now.set(end.toNanos());
    }
  }

  private CloudException failure(int node) {
    try {
      quota.call(spec(node), this::create);
    } catch (CloudException e) {
      return e;
    }
    throw new AssertionError("the quota was not used up");
  }

  private String create() {
    int call = calls.incrementAndGet();
    if (made.get() >= allowed.get()) {
      throw new CloudException(
          Kind.QUOTA,
          "creating",
          "LimitExceeded.NetworkInterfaceLimitExceeded",
          "call " + call,
          "req-" + call,
          null);
    }
    return "eni-" + made.incrementAndGet();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("fewer requests than may be under way");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static EniSpec spec(int node) {
    return new EniSpec(
        "node-" + node, "subnet-a", Ip.parse("10.0.0." + (2 + node)), List.of(), Map.of(), "t");
  }
}
