package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.EniLimits;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.VpcLimits;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One answer for those who ask the same at the same time. Only for what this operator does not
 * change itself: a caller that asks for an ENI after a change must not get an answer from before
 * it.
 */
public final class SharedReadsVpcCloud extends InterceptedVpcCloud {

  private final Map<Question, CompletableFuture<Object>> underWay = new ConcurrentHashMap<>();

  private record Question(CloudAction action, Set<String> about) {}

  public SharedReadsVpcCloud(VpcCloud next) {
    super(next);
  }

  @Override
  public Listing<Subnet> subnets(Collection<String> subnetIds) {
    var question = new Question(CloudAction.DESCRIBE_SUBNETS, Set.copyOf(subnetIds));
    return shared(question, () -> super.subnets(subnetIds));
  }

  @Override
  public EniLimits eniLimits(String instanceId) {
    var question = new Question(CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT, Set.of(instanceId));
    return shared(question, () -> super.eniLimits(instanceId));
  }

  @Override
  public Listing<Instance> instances(Collection<String> instanceIds) {
    var question = new Question(CloudAction.DESCRIBE_INSTANCES, Set.copyOf(instanceIds));
    return shared(question, () -> super.instances(instanceIds));
  }

  @Override
  public Answer<VpcLimits> vpcLimits() {
    return shared(new Question(CloudAction.DESCRIBE_VPC_LIMITS, Set.of()), super::vpcLimits);
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    return call.get();
  }

  @SuppressWarnings("unchecked") // a question has one type of answer
  private <T> T shared(Question question, Supplier<T> call) {
    var mine = new CompletableFuture<Object>();
    CompletableFuture<Object> first = underWay.putIfAbsent(question, mine);
    if (first != null) {
      return (T) Futures.join(question.action().apiName(), first);
    }
    try {
      T answer = call.get();
      mine.complete(answer);
      return answer;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(question, mine);
    }
  }
}
