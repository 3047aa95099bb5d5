package io.eniipamd.cloud.decorate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudAction.Family;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.domain.node.NodeProblems;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakersTest {

  private static final CloudAction ASSIGN = CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES;
  private static final CloudAction INSTANCES = CloudAction.DESCRIBE_INSTANCES;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final Breakers breakers =
      new Breakers(
          new BreakerSettings(3, PAUSE, PAUSE.multipliedBy(4)),
          new Random(1),
          now::get,
          new CallObserver() {
            @Override
            public void down(Family family, CloudException last) {
              told.add("down " + family + " " + last.code().orElse("unanswered"));
            }

            @Override
            public void up(Family family, Duration after) {
              told.add("up " + family);
            }
          });

  @Test
  void shouldSendNothingMoreWhenTheCloudWasFoundDownSomeTimesInARow() {
    failTimes(3, Kind.TRANSIENT, "ServerSideError");

    CloudException refusal = failure(ASSIGN, Kind.TRANSIENT, null);

    assertThat(sent).hasValue(3);
    assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(refusal).hasMessageContaining("not sent").hasMessageContaining("eni-a");
    assertThatExceptionOfType(CloudException.class)
        .isThrownBy(() -> breakers.check(ASSIGN, "eni-a"));
    assertThat(told).containsExactly("down VPC ServerSideError");
  }

  @Test
  void shouldGoOnSendingWhenAnAnswerIsBetween() {
    failTimes(2, Kind.TRANSIENT, "InternalError");
    answer(ASSIGN);
    failTimes(2, Kind.TRANSIENT, "InternalError");

    answer(ASSIGN);

    assertThat(sent).hasValue(6);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "QUOTA,LimitExceeded",
    "SUBNET_FULL,ResourceInsufficient.Subnet",
    "ADDRESS_TAKEN,ResourceInUse",
    "NOT_FOUND,ResourceNotFound",
    "THROTTLED,RequestLimitExceeded",
    "INVALID,InvalidParameter",
    "DENIED,UnauthorizedOperation",
    "DENIED,AuthFailure.UnauthorizedOperation",
    "TRANSIENT,UnsupportedOperation.MutexOperationTaskRunning",
    "TRANSIENT,UnsupportedOperation.InvalidState"
  })
  void shouldGoOnSendingWhenTheCloudRefuses(Kind kind, String code) {
    failTimes(10, kind, code);

    assertThat(sent).hasValue(10);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AuthFailure.SecretIdNotFound", "AuthFailure.SignatureExpire"})
  void shouldStopAndSayDeniedWhenTheKeyIsRefused(String code) {
    failTimes(3, Kind.DENIED, code);

    CloudException refusal = failure(ASSIGN, Kind.TRANSIENT, null);

    assertThat(sent).hasValue(3);
    assertThat(refusal.kind()).isEqualTo(Kind.DENIED);
    assertThat(refusal.code()).contains(code);
  }

  @Test
  void shouldAdviseToSetTheClockAndNoPermissionWhenTheClockIsOff() {
    failTimes(3, Kind.DENIED, "AuthFailure.SignatureExpire");

    CloudException refusal = failure(ASSIGN, Kind.TRANSIENT, null);

    assertThat(refusal).hasMessageContaining("set the clock").hasMessageNotContaining("permission");
    assertThat(NodeProblems.denied(refusal.getMessage()).message())
        .contains("set the clock")
        .doesNotContain("permission");
  }

  @Test
  void shouldNotHoldUpOneFamilyWhenTheOtherIsDown() {
    failTimes(3, Kind.TRANSIENT, null);

    answer(INSTANCES);

    assertThat(told).containsExactly("down VPC unanswered");
  }

  @Test
  void shouldSendOneProbeOnlyWhenThePauseIsOver() throws InterruptedException {
    failTimes(3, Kind.TRANSIENT, null);
    var release = new CountDownLatch(1);
    var probing = new CountDownLatch(1);
    pass(PAUSE.plusMillis(1));

    var probe =
        CompletableFuture.runAsync(
            () ->
                breakers.call(
                    ASSIGN,
                    "eni-a",
                    () -> {
                      probing.countDown();
                      return waitFor(release);
                    }));
    probing.await();

    assertThat(failure(ASSIGN, Kind.TRANSIENT, null)).hasMessageContaining("not sent");
    assertThatExceptionOfType(CloudException.class)
        .isThrownBy(() -> breakers.check(ASSIGN, "eni-a"));
    release.countDown();
    probe.join();
    answer(ASSIGN);
    assertThat(told).containsExactly("down VPC unanswered", "up VPC");
  }

  @Test
  void shouldSayNothingMoreWhenTheProbeFindsTheCloudDown() {
    failTimes(3, Kind.TRANSIENT, null);
    pass(PAUSE.plusMillis(1));

    failTimes(1, Kind.TRANSIENT, "InternalError");

    assertThat(sent).hasValue(4);
    assertThat(failure(ASSIGN, Kind.TRANSIENT, null)).hasMessageContaining("not sent");
    assertThat(told).containsExactly("down VPC unanswered");
  }

  @Test
  void shouldProbeMoreAndMoreSeldomWhenTheCloudStaysDown() {
    failTimes(3, Kind.TRANSIENT, null);
    sent.set(0);

    for (int second = 0; second < 3_600; second++) {
      pass(Duration.ofSeconds(1));
      assertThat(failure(ASSIGN, Kind.TRANSIENT, null)).isNotNull();
    }

    // Pauses of 4 to 8 seconds in the end, each request of the hour else refused from memory.
    assertThat(sent.get()).isBetween(3_600 / 9, 3_600 / 4 + 3);
    assertThat(told).hasSize(1);
  }

  @Test
  void shouldBeUpAgainWhenTheProbeIsRefused() {
    failTimes(3, Kind.TRANSIENT, null);
    pass(PAUSE.plusMillis(1));

    failTimes(1, Kind.NOT_FOUND, "ResourceNotFound");

    answer(ASSIGN);
    assertThat(told).containsExactly("down VPC unanswered", "up VPC");
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static Object waitFor(CountDownLatch latch) {
    try {
      latch.await();
      return "answered";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(CloudAction action) {
    assertThat(breakers.call(action, "eni-a", sent::incrementAndGet)).isPositive();
  }

  private void failTimes(int times, Kind kind, String code) {
    for (int i = 0; i < times; i++) {
      assertThat(failure(ASSIGN, kind, code).code().orElse(null)).isEqualTo(code);
    }
  }

  private CloudException failure(CloudAction action, Kind kind, String code) {
    try {
      breakers.call(
          action,
          "eni-a",
          () -> {
            sent.incrementAndGet();
            throw new CloudException(kind, "asking", code, "so it was ordered", null, null);
          });
    } catch (CloudException e) {
      return e;
    }
    throw new AssertionError("it has not failed");
  }
}
