package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.VpcCloud;
import java.util.function.Supplier;

/**
 * Asks the fence before each changing call, and never before a read. No step that can wait may come
 * between it and the adapter.
 */
public final class FencedVpcCloud extends InterceptedVpcCloud {

  private final Fence fence;

  public FencedVpcCloud(VpcCloud next, Fence fence) {
    super(next);
    this.fence = fence;
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    if (action.changing()) {
      fence.check(action.apiName() + " of " + subject);
    }
    return call.get();
  }
}
