package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SharedLooksTest {
  private static final int MANY = 100;

  private final FakeVpcCloud vpc = new FakeVpcCloud();
  private final NodeSettings settings = new NodeSettings("cls-a", Duration.ZERO, Duration.ZERO);
  private final SharedLooks looks =
      new SharedLooks(
          vpc,
          new NodeCloud(
              vpc,
              null,
              new VpcQuota(vpc, Thread::startVirtualThread),
              settings,
              Thread::startVirtualThread),
          settings,
          Thread::startVirtualThread);

  @Test
  void shouldAskTheCloudAFewTimesWhenAHundredNodesAreGone() {
    for (int i = 0; i < MANY; i++) {
      vpc.addEni("eni-" + i, "subnet-a", new Ip(Ip.parse("10.0.0.2").bits() + i));
      vpc.attached("eni-" + i, "ins-" + i);
    }

    var answers = askForAll();

    for (int i = 0; i < MANY; i++) {
      assertThat(answers.get(i).gone()).containsExactly("eni-gone-" + i);
    }
    // Those that come while the first is asked for share the next one: a list, and their IDs.
    assertThat(vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES)).hasSizeLessThan(20);
  }

  @Test
  void shouldFailForTheNodesWhoseEniCannotBeRead() {
    for (int i = 0; i < MANY; i++) {
      vpc.addEni("eni-gone-" + i, "subnet-a", new Ip(Ip.parse("10.0.0.2").bits() + i));
    }
    vpc.describeUnreadably("eni-gone-7");

    var stages = ask();

    for (int i = 0; i < MANY; i++) {
      if (i == 7) {
        assertThat(failure(stages.get(i))).isInstanceOf(CloudException.class);
      } else {
        assertThat(stages.get(i).toCompletableFuture().join().gone()).isEmpty();
      }
    }
  }

  private static Throwable failure(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  private List<NodeCloud.Look> askForAll() {
    return ask().stream()
        .map(CompletionStage::toCompletableFuture)
        .map(CompletableFuture::join)
        .toList();
  }

  private List<CompletionStage<NodeCloud.Look>> ask() {
    var stages = new ArrayList<CompletionStage<NodeCloud.Look>>();
    for (int i = 0; i < MANY; i++) {
      stages.add(looks.look("node-" + i, "ins-" + i, Set.of("eni-gone-" + i)));
    }
    return stages;
  }
}
