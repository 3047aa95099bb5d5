package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.VpcCloud;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The adapter with everything before it: limits of requests, then the fence, then the breaker, then
 * the counting, then the adapter; and the operations on top of them.
 */
public final class CloudStack implements AutoCloseable {

  private final VpcCloud cloud;
  private final EniWorkers operations;

  /**
   * What can be set.
   *
   * @param requestsPerSecond the cap on requests of the cluster in each family of the API
   */
  public record Settings(
      int requestsPerSecond, OperationSettings operations, BreakerSettings breaker) {

    /** As much as the cloud's own daemon allows itself: the account's limits are shared. */
    public static final int DEFAULT_REQUESTS_PER_SECOND = 50;

    public static final Settings DEFAULTS =
        new Settings(DEFAULT_REQUESTS_PER_SECOND, OperationSettings.DEFAULTS);

    public Settings {
      if (requestsPerSecond < 1) {
        throw new IllegalArgumentException(
            "requests per second: " + requestsPerSecond + " is less than 1");
      }
    }

    /** With the breaker of production. */
    public Settings(int requestsPerSecond, OperationSettings operations) {
      this(requestsPerSecond, operations, BreakerSettings.DEFAULTS);
    }
  }

  private CloudStack(VpcCloud cloud, EniWorkers operations) {
    this.cloud = cloud;
    this.operations = operations;
  }

  /** Builds the stack on an adapter. */
  public static CloudStack build(
      VpcCloud adapter, Settings settings, Fence fence, CallObserver observer) {
    return build(adapter, settings, fence, observer, new Random());
  }

  /**
   * The same with a source of chance, which decides how long pauses are.
   *
   * @param random may be asked by many threads at once
   */
  public static CloudStack build(
      VpcCloud adapter,
      Settings settings,
      Fence fence,
      CallObserver observer,
      RandomGenerator random) {
    var breakers = new Breakers(settings.breaker(), random, System::nanoTime, observer);
    var limits = new RequestLimits(settings.requestsPerSecond(), breakers, observer);
    var counted = new MeteredVpcCloud(adapter, observer);
    var afterTurn = new FencedVpcCloud(new BreakerVpcCloud(counted, breakers), fence);
    var cloud = new SharedReadsVpcCloud(new RateLimitedVpcCloud(afterTurn, limits));
    var threads = EniWorkers.virtualThreads();
    var context =
        new OperationContext(
            cloud,
            afterTurn,
            limits,
            new SharedLooks(cloud, afterTurn, limits, settings.operations(), threads),
            new RecentPlacements(settings.operations().staleness()),
            settings.operations(),
            random);
    return new CloudStack(cloud, new EniWorkers(context, threads));
  }

  /** For reads; a call blocks until it has its turn and its answer. */
  public VpcCloud cloud() {
    return cloud;
  }

  /** For changes; nothing blocks. */
  public EniOperations operations() {
    return operations;
  }

  @Override
  public void close() {
    operations.close();
  }
}
