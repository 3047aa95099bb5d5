package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.VpcCloud;
import java.util.function.Supplier;

/**
 * Sends nothing to a cloud that is down. It stands behind the turns, so that those who queue for
 * one when the cloud goes down do not all find out for themselves.
 */
public final class BreakerVpcCloud extends InterceptedVpcCloud {

  private final Breakers breakers;

  /**
   * @param breakers say whether a request is sent, and learn how it ended
   */
  public BreakerVpcCloud(VpcCloud next, Breakers breakers) {
    super(next);
    this.breakers = breakers;
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    return breakers.call(action, subject, call);
  }
}
