package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import java.util.function.Supplier;

/**
 * Asks for no ENI while the quota of the VPC is known to be used up. It stands before the turns, so
 * that those that would be refused take none, and behind them, where it learns.
 */
public final class QuotaVpcCloud extends InterceptedVpcCloud {

  private final EniQuota quota;
  private final boolean learns;

  private QuotaVpcCloud(VpcCloud next, EniQuota quota, boolean learns) {
    super(next);
    this.quota = quota;
    this.learns = learns;
  }

  /** Before the turns. */
  public static QuotaVpcCloud beforeTurns(VpcCloud next, EniQuota quota) {
    return new QuotaVpcCloud(next, quota, false);
  }

  /** Behind the turns, around the request itself. */
  public static QuotaVpcCloud afterTurns(VpcCloud next, EniQuota quota) {
    return new QuotaVpcCloud(next, quota, true);
  }

  @Override
  public NetworkInterface createNetworkInterface(EniSpec spec) {
    if (learns) {
      return quota.call(spec, () -> super.createNetworkInterface(spec));
    }
    quota.check(spec);
    return super.createNetworkInterface(spec);
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    return call.get();
  }
}
