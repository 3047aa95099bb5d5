package io.eniipamd.cloud.decorate;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

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

    long start = System.nanoTime();
    limits.await(CloudAction.DESCRIBE_INSTANCES, "something");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
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
  void shouldTellTheObserverWhenSomebodyHadATurn() {
    var told = new AtomicInteger();
    var limits =
        new RequestLimits(
            10,
            breakers(),
            new CallObserver() {
              @Override
              public void waited(CloudAction action, Duration waited) {
                told.incrementAndGet();
              }
            });

    limits.await(CloudAction.DESCRIBE_SUBNETS, "something");

    assertThat(told).hasValue(1);
  }

  private static RequestLimits limits(int familyPerSecond) {
    return new RequestLimits(familyPerSecond, breakers(), CallObserver.NONE);
  }

  private static Breakers breakers() {
    return new Breakers(
        BreakerSettings.DEFAULTS, new Random(1), System::nanoTime, CallObserver.NONE);
  }
}
