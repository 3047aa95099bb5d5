package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.VpcCloud;
import java.util.function.Supplier;

/** Reports throttling answers to the request limits. */
public final class ThrottleWatchVpcCloud extends InterceptedVpcCloud {

  private final RequestLimits limits;

  /**
   * @param limits hear of every answer
   */
  public ThrottleWatchVpcCloud(VpcCloud next, RequestLimits limits) {
    super(next);
    this.limits = limits;
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    try {
      T answer = call.get();
      limits.answered(action);
      return answer;
    } catch (CloudException e) {
      switch (e.kind()) {
        case THROTTLED -> limits.throttled(action);
        case QUOTA, SUBNET_FULL, ADDRESS_TAKEN, NOT_FOUND, DENIED, INVALID ->
            limits.answered(action);
        // Perhaps there was no answer.
        case TRANSIENT -> {}
      }
      throw e;
    }
  }
}
