package io.eniipamd.cloud.decorate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FencedVpcCloudTest {
  private static final CloudAction CHANGE = CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES;

  private final List<String> told = new ArrayList<>();
  private final FencedVpcCloud cloud = new FencedVpcCloud(new FakeVpcCloud(), new Told());

  @Test
  void shouldTellOfTheAnswerWhenAChangeHasOne() {
    assertThat(call(CHANGE, () -> "done")).isEqualTo("done");

    assertThat(told).containsExactly("asked", "answered");
  }

  @Test
  void shouldTellOfTheAnswerWhenItIsARefusal() {
    fails(new CloudException(Kind.TRANSIENT, "it", "MutexTaskRunning", "wait", "id", null));

    assertThat(told).containsExactly("asked", "answered");
  }

  @Test
  void shouldTellOfTheAnswerWhenTheCallWasHeldBack() {
    fails(CloudException.notSent(Kind.TRANSIENT, "it", null, "the breaker is open"));

    assertThat(told).containsExactly("asked", "answered");
  }

  @Test
  void shouldTellOfALossWhenThereIsNoAnswer() {
    fails(new CloudException(Kind.TRANSIENT, "it", null, "read timed out", null, null));
    fails(new IllegalStateException("interrupted"));

    assertThat(told).containsExactly("asked", "lost", "asked", "lost");
  }

  @Test
  void shouldAskForNothingWhenTheCallIsARead() {
    assertThat(call(CloudAction.DESCRIBE_NETWORK_INTERFACES, () -> "seen")).isEqualTo("seen");

    assertThat(told).isEmpty();
  }

  private String call(CloudAction action, Supplier<String> call) {
    return cloud.around(action, "it", call);
  }

  private void fails(RuntimeException failure) {
    assertThatThrownBy(
            () ->
                call(
                    CHANGE,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  private final class Told implements Fence {
    @Override
    public void check(String step) {
      told.add("asked");
    }

    @Override
    public void answered() {
      told.add("answered");
    }

    @Override
    public void lost() {
      told.add("lost");
    }
  }
}
