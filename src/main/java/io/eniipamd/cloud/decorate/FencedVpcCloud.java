package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.VpcCloud;
import java.util.function.Supplier;

/**
 * Asks the fence before each changing call, and never before a read, and tells it what became of
 * the call. No step that can wait may come between it and the adapter.
 */
public final class FencedVpcCloud extends InterceptedVpcCloud {

  private final Fence fence;

  public FencedVpcCloud(VpcCloud next, Fence fence) {
    super(next);
    this.fence = fence;
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    if (!action.changing()) {
      return call.get();
    }
    fence.check(action.apiName() + " of " + subject);
    T answer;
    try {
      answer = call.get();
    } catch (CloudException e) {
      if (e.answered()) {
        fence.answered();
      } else {
        fence.lost();
      }
      throw e;
    } catch (Throwable e) {
      fence.lost();
      throw e;
    }
    fence.answered();
    return answer;
  }
}
