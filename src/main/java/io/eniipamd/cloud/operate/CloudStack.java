package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.BreakerSettings;
import io.eniipamd.cloud.decorate.BreakerVpcCloud;
import io.eniipamd.cloud.decorate.Breakers;
import io.eniipamd.cloud.decorate.EniQuota;
import io.eniipamd.cloud.decorate.FencedVpcCloud;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import io.eniipamd.cloud.decorate.MeteredVpcCloud;
import io.eniipamd.cloud.decorate.QuotaVpcCloud;
import io.eniipamd.cloud.decorate.RateLimitedVpcCloud;
import io.eniipamd.cloud.decorate.RequestLimits;
import io.eniipamd.cloud.decorate.SharedReadsVpcCloud;
import io.eniipamd.cloud.decorate.ThrottleWatchVpcCloud;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The adapter with everything before it: the search for ids that do not exist, then the quota of
 * ENIs around the limits of requests, then the fence, then the breaker, then the watch for answers
 * that say "too many", then the counting, then the adapter; and the operations on top of them.
 */
public final class CloudStack implements AutoCloseable {

  private final VpcCloud cloud;
  private final EniWorkers operations;
  private final ReservedAddresses reservations;
  private final EniQuota quota;

  /**
   * What can be set.
   *
   * @param requestsPerSecond the cap on requests of the cluster in each family of the API
   * @param marks the tags that identify this cluster's reservations; without any, nothing is
   *     reserved
   */
  public record Settings(
      int requestsPerSecond,
      OperationSettings operations,
      Map<String, String> marks,
      BreakerSettings breaker) {

    /** As much as the cloud's own daemon allows itself: the account's limits are shared. */
    public static final int DEFAULT_REQUESTS_PER_SECOND = 50;

    public static final Settings DEFAULTS =
        new Settings(DEFAULT_REQUESTS_PER_SECOND, OperationSettings.DEFAULTS);

    /** Settings of a cluster that reserves nothing. */
    public Settings(int requestsPerSecond, OperationSettings operations) {
      this(requestsPerSecond, operations, Map.of(), BreakerSettings.DEFAULTS);
    }

    /** With the breaker of production. */
    public Settings(
        int requestsPerSecond, OperationSettings operations, Map<String, String> marks) {
      this(requestsPerSecond, operations, marks, BreakerSettings.DEFAULTS);
    }

    /** Settings of a cluster that reserves nothing, with a breaker of its own. */
    public Settings(int requestsPerSecond, OperationSettings operations, BreakerSettings breaker) {
      this(requestsPerSecond, operations, Map.of(), breaker);
    }

    public Settings {
      marks = Map.copyOf(marks);
      if (requestsPerSecond < 1) {
        throw new IllegalArgumentException(
            "requests per second: " + requestsPerSecond + " is less than 1");
      }
    }
  }

  private CloudStack(
      VpcCloud cloud, EniWorkers operations, ReservedAddresses reservations, EniQuota quota) {
    this.cloud = cloud;
    this.operations = operations;
    this.reservations = reservations;
    this.quota = quota;
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
    var limits =
        new RequestLimits(settings.requestsPerSecond(), breakers, System::nanoTime, observer);
    var counted = new MeteredVpcCloud(adapter, observer);
    var afterTurn =
        new FencedVpcCloud(
            new BreakerVpcCloud(new ThrottleWatchVpcCloud(counted, limits), breakers), fence);
    var quota = new EniQuota(System::nanoTime);
    var cloud =
        new SharedReadsVpcCloud(
            new KnownIdsVpcCloud(
                QuotaVpcCloud.beforeTurns(
                    new RateLimitedVpcCloud(QuotaVpcCloud.afterTurns(afterTurn, quota), limits),
                    quota)));
    var threads = EniWorkers.virtualThreads();
    var context =
        new OperationContext(
            cloud,
            afterTurn,
            limits,
            new EniPoller(afterTurn, limits, settings.operations(), threads),
            new RecentWrites(settings.operations().staleness()),
            new UnendedChanges(),
            settings.operations(),
            random);
    var workers = new EniWorkers(context, threads);
    return new CloudStack(
        cloud, workers, new ReservedAddresses(context, workers, threads, settings.marks()), quota);
  }

  /** For reads; a call blocks until it has its turn and its answer. */
  public VpcCloud cloud() {
    return cloud;
  }

  /** For changes; nothing blocks. */
  public EniOperations operations() {
    return operations;
  }

  /** For addresses that are on no ENI; nothing blocks. */
  public AddressReservations reservations() {
    return reservations;
  }

  /** Says when the VPC can have ENIs again. */
  public EniQuota quota() {
    return quota;
  }

  @Override
  public void close() {
    operations.close();
  }
}
