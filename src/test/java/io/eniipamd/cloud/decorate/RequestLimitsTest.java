package io.eniipamd.cloud.decorate;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudAction.Family;
import io.eniipamd.cloud.CloudException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

  private final AtomicLong now = new AtomicLong();
  private final Rates rates = new Rates();

  /** What was reported of the rate. */
  private static final class Rates implements CallObserver {
    private final Map<Family, List<Double>> told = new EnumMap<>(Family.class);

    @Override
    public void rateChanged(Family family, double perSecond, int cap) {
      told.computeIfAbsent(family, none -> new ArrayList<>()).add(perSecond);
    }

    List<Double> of(Family family) {
      return told.get(family);
    }
  }

  @Test
  void shouldTakeItsTimeWhenMoreWantATurnThanTheCapAllows() {
    var limits = limits(50);
    long start = System.nanoTime();

    for (int i = 0; i < 75; i++) {
      limits.await(
          i % 2 == 0
              ? CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES
              : CloudAction.DESCRIBE_NETWORK_INTERFACES,
          "something");
    }

    // 5 at once, the other 70 at 45 a second: no second sees more than 50.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_500));
  }

  @Test
  void shouldKeepToTheDocumentedLimitWhenItIsBelowTheCap() {
    var limits = limits(1_000);
    long start = System.nanoTime();

    for (int i = 0; i < 25; i++) {
      limits.await(CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT, "something");
    }

    // 2 at once, the other 23 at 18 a second.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_250));
  }

  @Test
  void shouldGiveATurnAtOnceOrNotAtAllWhenNobodyWantsToWait() {
    var limits = limits(1);

    assertThat(limits.tryTurn(CloudAction.DESCRIBE_VPC_TASK_RESULT)).isTrue();
    assertThat(limits.tryTurn(CloudAction.DESCRIBE_VPC_TASK_RESULT)).isFalse();
  }

  @Test
  void shouldNotHoldUpOneFamilyWhenTheOtherIsAtItsCap() {
    var limits = limits(1);
    limits.await(CloudAction.DESCRIBE_SUBNETS, "something");

    assertThat(limits.tryTurn(CloudAction.DESCRIBE_INSTANCES)).isTrue();
  }

  @Test
  void shouldLetTheNextWaitWhenMoreWasSentThanWasAskedFor() {
    var limits = limits(10);
    limits.await(CloudAction.DESCRIBE_NETWORK_INTERFACES, "something");
    limits.owe(CloudAction.DESCRIBE_NETWORK_INTERFACES, 4);

    long start = System.nanoTime();
    limits.await(CloudAction.DESCRIBE_NETWORK_INTERFACES, "something");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void shouldGiveLooksTheirTurnsWhenThousandsOfOthersWait() throws InterruptedException {
    var limits = limits(50);
    var sent = new AtomicInteger();
    long start = System.nanoTime();
    var others =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    Thread.startVirtualThread(
                        () -> {
                          try {
                            limits.await(CloudAction.CREATE_NETWORK_INTERFACE, "something");
                            sent.incrementAndGet();
                          } catch (CloudException interrupted) {
                            // The test has seen enough.
                          }
                        }))
            .toList();

    for (int i = 0; i < 20; i++) {
      limits.awaitLook("something");
      sent.incrementAndGet();
    }

    // Half of the turns are theirs: twenty take less than a second if no other is busy.
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
    assertThat(seconds).isLessThan(20);
    assertThat((double) sent.get()).isLessThanOrEqualTo(50 * Math.max(1, seconds) + 1);
    for (Thread other : others) {
      other.interrupt();
      other.join();
    }
  }

  @Test
  void shouldHalveThePaceOnceWhenRequestsAreThrottledTogether() {
    var limits = limits(50);

    for (int i = 0; i < 5; i++) {
      limits.throttled(CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES);
    }

    assertThat(rates.of(Family.VPC)).containsExactly(50.0, 25.0);
    assertThat(rates.of(Family.CVM)).containsExactly(50.0);
  }

  @Test
  void shouldGoNoSlowerThanATenthWhenThrottlingDoesNotEnd() {
    var limits = limits(50);

    for (int i = 0; i < 10; i++) {
      limits.throttled(CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES);
      now.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    assertThat(rates.of(Family.VPC)).containsExactly(50.0, 25.0, 12.5, 6.25, 5.0);
  }

  @Test
  void shouldComeBackToTheCapWhenAMinutePassesWithoutThrottling() {
    var limits = limits(60);
    limits.throttled(CloudAction.DESCRIBE_SUBNETS);

    for (int i = 0; i < 60; i++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      limits.answered(CloudAction.DESCRIBE_SUBNETS);
    }

    assertThat(rates.of(Family.VPC)).startsWith(60.0, 30.0, 31.0, 32.0).endsWith(59.0, 60.0);
  }

  @Test
  void shouldSendFewerWhenThrottled() {
    var limits = limits(50);
    limits.throttled(CloudAction.DESCRIBE_SUBNETS);
    long start = System.nanoTime();

    for (int i = 0; i < 40; i++) {
      limits.await(CloudAction.DESCRIBE_SUBNETS, "something");
    }

    // 2 at once, the other 38 at 22 a second.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_500));
  }

  @Test
  void shouldTellTheObserverWhenSomebodyHadATurn() {
    var told = new AtomicInteger();
    var limits =
        new RequestLimits(
            10,
            breakers(),
            System::nanoTime,
            new CallObserver() {
              @Override
              public void waited(CloudAction action, Duration waited) {
                told.incrementAndGet();
              }
            });

    limits.await(CloudAction.DESCRIBE_SUBNETS, "something");

    assertThat(told).hasValue(1);
  }

  private RequestLimits limits(int familyPerSecond) {
    return new RequestLimits(familyPerSecond, breakers(), now::get, rates);
  }

  private static Breakers breakers() {
    return new Breakers(
        BreakerSettings.DEFAULTS, new Random(1), System::nanoTime, CallObserver.NONE);
  }
}
