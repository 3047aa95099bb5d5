package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.domain.node.QuotaUse;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VpcQuotaTest {
  private final FakeVpcCloud vpc = new FakeVpcCloud();
  private final VpcQuota quota = new VpcQuota(vpc, Thread::startVirtualThread);

  @Test
  void shouldAskOnceForEachRefusalHoweverManyHearOfIt() throws Exception {
    assertThat(quota.use()).isEqualTo(QuotaUse.UNKNOWN);

    var all = new ArrayList<CompletableFuture<QuotaUse>>();
    for (int node = 0; node < 100; node++) {
      all.add(quota.ask(refusal("req-1")).toCompletableFuture());
    }
    for (var one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS).used()).contains(0);
    }
    assertThat(quota.use().limit()).isPresent();
    assertThat(vpc.calls(CloudAction.DESCRIBE_VPC_LIMITS)).hasSize(1);

    quota.ask(refusal("req-2")).toCompletableFuture().get(30, TimeUnit.SECONDS);

    assertThat(vpc.calls(CloudAction.DESCRIBE_VPC_LIMITS)).hasSize(2);
  }

  @Test
  void shouldKnowTheUseAloneWhenTheValueMayNotBeRead() throws Exception {
    vpc.allowOptionalCalls(false);

    var use = quota.ask(refusal("req-1")).toCompletableFuture().get(30, TimeUnit.SECONDS);

    assertThat(use).isEqualTo(new QuotaUse(Optional.empty(), Optional.of(0)));
  }

  private static CloudException refusal(String requestId) {
    return new CloudException(Kind.QUOTA, "creating", "LimitExceeded", "full", requestId, null);
  }
}
