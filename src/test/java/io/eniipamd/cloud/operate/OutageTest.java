package io.eniipamd.cloud.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudAction.Family;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.decorate.BreakerSettings;
import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cloud that does not answer at all, and all that wait for it. */
class OutageTest {

  private static final OperationSettings QUICK =
      new OperationSettings(
          Duration.ofMillis(10),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          3,
          Duration.ofMillis(4),
          Duration.ofMillis(20));

  /** Half a dozen probes fall into the time that the operations wait, as in production. */
  private static final BreakerSettings BREAKER =
      new BreakerSettings(5, Duration.ofMillis(300), Duration.ofSeconds(4));

  private static final int ENIS = 40;

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private CloudStack stack;
  private EniOperations operations;

  @BeforeEach
  void start() {
    for (int i = 0; i < ENIS; i++) {
      cloud.addEni(eni(i), "subnet-a", Ip.parse("10.1.0." + i));
    }
    var observer =
        new CallObserver() {
          @Override
          public void down(Family family, CloudException last) {
            told.add("down");
          }

          @Override
          public void up(Family family, Duration after) {
            told.add("up");
          }
        };
    stack =
        CloudStack.build(
            cloud,
            new CloudStack.Settings(2_000, QUICK, BREAKER),
            Fence.OPEN,
            observer,
            new Random(1));
    operations = stack.operations();
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  @Test
  void shouldSendFewRequestsWhenManyAskOfACloudThatIsDown() {
    goDown();

    var stages = assignEverywhere(false);

    stages.forEach(stage -> assertThat(failure(stage).kind()).isEqualTo(Kind.TRANSIENT));
    // Those that were on their way when the fifth failed, and not three tries of each of the 40.
    assertThat(cloud.calls()).hasSizeLessThan(ENIS + 20);
    int calls = cloud.calls().size();
    assignEverywhere(true)
        .forEach(stage -> assertThat(failure(stage)).hasMessageContaining("not sent"));
    assertThat(cloud.calls().size() - calls).isLessThanOrEqualTo(2);
    assertThat(told).containsExactly("down");
  }

  @Test
  void shouldSendNothingWhenTheCloudIsDownAndNothingIsAskedFor() {
    goDown();
    assignEverywhere(false).forEach(OutageTest::failure);
    int calls = cloud.calls().size();

    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(5))
        .until(() -> cloud.calls().size() == calls);
  }

  @Test
  void shouldDoWhatIsAskedForWhenTheCloudIsBack() {
    goDown();
    assignEverywhere(false).forEach(OutageTest::failure);
    comeBack();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(assignEverywhere(true)).noneMatch(OutageTest::hasFailed));

    assertThat(told).containsExactly("down", "up");
    for (int i = 0; i < ENIS; i++) {
      assertThat(cloud.eni(eni(i)).orElseThrow().addresses()).hasSize(2);
    }
  }

  @Test
  void shouldWaitForTheEndAndNotAskAgainWhenTheCloudGoesDownAfterItHasAccepted() {
    cloud.settlesAtOnce(false);
    var stages = assignEverywhere(false);
    await().until(() -> cloud.calls(CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES).size() == ENIS);

    goDown();
    await().until(() -> told.contains("down"));
    cloud.settle();
    comeBack();

    assertThat(stages).noneMatch(OutageTest::hasFailed);
    assertThat(cloud.calls(CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(ENIS);
    assertThat(told).containsExactly("down", "up");
  }

  private void goDown() {
    for (CloudAction action : CloudAction.values()) {
      cloud.failAlways(action, Fault.LOST_BEFORE);
    }
  }

  private void comeBack() {
    cloud.failNoMore();
  }

  private List<CompletionStage<Done>> assignEverywhere(boolean again) {
    return IntStream.range(0, ENIS)
        .mapToObj(i -> operations.assign(eni(i), Ip.parse("10.2.0." + i), again))
        .toList();
  }

  private static String eni(int i) {
    return "eni-%02d".formatted(i);
  }

  private static boolean hasFailed(CompletionStage<?> stage) {
    var future = stage.toCompletableFuture();
    await().atMost(Duration.ofSeconds(40)).until(future::isDone);
    return future.isCompletedExceptionally();
  }

  private static CloudException failure(CompletionStage<?> stage) {
    assertThat(hasFailed(stage)).isTrue();
    assertThat(stage.toCompletableFuture().exceptionNow()).isInstanceOf(CloudException.class);
    return (CloudException) stage.toCompletableFuture().exceptionNow();
  }
}
