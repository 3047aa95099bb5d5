package io.eniipamd.kube.node;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.VpcLimits;
import io.eniipamd.domain.node.QuotaUse;
import io.eniipamd.kube.support.CloudReaders;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The value and the use of the quota of ENIs, for those who are told that it is used up. The cloud
 * is asked once for each time that it is found so, however many nodes find it.
 */
@Singleton
final class VpcQuota {
  private record Asked(Optional<String> refusal, CompletableFuture<QuotaUse> answer) {}

  private final VpcCloud cloud;
  private final Executor readers;
  private Asked last =
      new Asked(Optional.empty(), CompletableFuture.completedFuture(QuotaUse.UNKNOWN));

  /**
   * @param readers where the cloud is asked
   */
  VpcQuota(VpcCloud cloud, @CloudReaders Executor readers) {
    this.cloud = cloud;
    this.readers = readers;
  }

  /** What is known now. */
  synchronized QuotaUse use() {
    return last.answer().getNow(QuotaUse.UNKNOWN);
  }

  /**
   * Asks, unless it was asked for this refusal. It never fails.
   *
   * @param refusal what the cloud said, whichever node has heard it
   */
  synchronized CompletionStage<QuotaUse> ask(CloudException refusal) {
    var id = refusal.requestId();
    if (id.isEmpty() || !id.equals(last.refusal())) {
      last = new Asked(id, CompletableFuture.supplyAsync(this::read, readers));
    }
    return last.answer();
  }

  private QuotaUse read() {
    return new QuotaUse(
        told(() -> cloud.vpcLimits().known().map(VpcLimits::enis)),
        told(
            () ->
                Optional.of(
                    cloud.networkInterfaces(new EniQuery.ByTags(Map.of())).found().size())));
  }

  /** It is for a message only, which does without. */
  private static Optional<Integer> told(Supplier<Optional<Integer>> call) {
    try {
      return call.get();
    } catch (CloudException e) {
      return Optional.empty();
    }
  }
}
