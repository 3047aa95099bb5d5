package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.VpcCloud;
import java.util.function.Supplier;

/**
 * Sends nothing to a cloud that is down. It comes after the turns, so that requests that queue for
 * a turn when the cloud goes down do not all find out by themselves.
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
