package io.eniipamd.cloud.decorate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Instance;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedReadsVpcCloudTest {

  private final FakeVpcCloud fake = new FakeVpcCloud();
  private final CountDownLatch open = new CountDownLatch(1);
  private final SharedReadsVpcCloud cloud = new SharedReadsVpcCloud(new Held());

  @Test
  void shouldAskOnceWhenManyAskTheSameAtTheSameTime() {
    fake.addInstance(new Instance("ins-1", "S5", "zone", 4));
    var answers = new ConcurrentLinkedQueue<List<Instance>>();
    var askers =
        IntStream.rangeClosed(0, 20)
            .mapToObj(i -> List.of(i == 0 ? "ins-2" : "ins-1"))
            .map(ids -> Thread.startVirtualThread(() -> answers.add(cloud.instances(ids).all())))
            .toList();
    // Each of them waits for the cloud, or for the one that does.
    await().until(() -> askers.stream().allMatch(a -> a.getState() == Thread.State.WAITING));

    open.countDown();

    await().until(() -> answers.size() == 21);
    assertThat(answers).filteredOn(List::isEmpty).hasSize(1);
    assertThat(fake.calls(CloudAction.DESCRIBE_INSTANCES)).hasSize(2);
  }

  @Test
  void shouldAskAgainWhenTheFirstAnswerWasAFailure() {
    open.countDown();
    fake.fail(CloudAction.DESCRIBE_INSTANCES, Fault.LOST_BEFORE);

    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(cloud.instances(List.of("ins-1")).all()).isEmpty());

    assertThat(fake.calls(CloudAction.DESCRIBE_INSTANCES)).hasSize(2);
  }

  /** Lets nothing through until it is open. */
  private final class Held extends InterceptedVpcCloud {
    Held() {
      super(fake);
    }

    @Override
    <T> T around(CloudAction action, String subject, Supplier<T> call) {
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return call.get();
    }
  }
}
