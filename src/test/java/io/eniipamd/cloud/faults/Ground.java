package io.eniipamd.cloud.faults;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.QuickOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.BreakerSettings;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.cloud.tencent.CredentialSource;
import io.eniipamd.cloud.tencent.Credentials;
import io.eniipamd.cloud.tencent.NamedCloud;
import io.eniipamd.cloud.tencent.TencentSettings;
import io.eniipamd.cloud.tencent.TencentVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.wire.ServerCertificate;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A simulated VPC of its own, and the operator's side of the cloud, which can be killed. */
final class Ground implements AutoCloseable {

  static final String SUBNET = "subnet-gz3pods1";
  static final String INSTANCE = "ins-node0001";
  static final String OTHER_INSTANCE = "ins-node0002";

  /** Long enough for a machine that is busy with thirty cases, short enough for those that wait. */
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

  /** Longer than any caller waits. */
  static final Duration TOO_LATE = Duration.ofMillis(1_400);

  /** How often a case is prepared once more. */
  private static final int MOST_PREPARATIONS = 10;

  /** By how much reads lag where they do: well within {@link OperationSettings#staleness}. */
  static final Duration BEHIND = Duration.ofMillis(250);

  /** As in production, some twenty times as fast. */
  private static final CloudStack.Settings QUICK =
      new CloudStack.Settings(
          1_000,
          QuickOperations.attempting(5),
          Map.of("eni-ipamd-cluster", "cls-1"),
          new BreakerSettings(5, Duration.ofMillis(20), Duration.ofMillis(200)));

  /** The caller has to come back twice before its end. */
  static final Duration LONG_TASK =
      QUICK.operations().settleTimeout().multipliedBy(2).plusMillis(200);

  /** Of loopback, as the clouds' own; none of them listens there. */
  private static final String DEAD = "127.0.0.2";

  private static final String ADDRESS = "127.0.0.1";

  /** Of every cloud that speaks HTTPS. */
  static final ServerCertificate CERTIFICATE =
      ServerCertificate.create(Clock.systemUTC(), ADDRESS, NamedCloud.HOST);

  private final List<Setting> settings;

  private final SimulatedVpc vpc;
  private final Random random;
  private CloudStack stack;
  private AtomicBoolean death;
  private volatile boolean restarted;

  /**
   * @param settings how its cloud is from the start
   */
  Ground(long seed, List<Setting> settings) {
    this.settings = settings;
    random = new Random(seed);
    vpc =
        settings.contains(Setting.ENCRYPTED)
            ? SimulatedVpc.startEncrypted(VpcLayout.standard(), CERTIFICATE)
            : SimulatedVpc.start(VpcLayout.standard());
    // As the real cloud does; by its documents it may leave out what it does not know.
    vpc.settings().setUnknownIdsRefused(true);
    vpc.rateLimits().enable();
    stack = newStack();
  }

  private CloudStack newStack() {
    var endpoint =
        new TencentSettings(
            Optional.of(URI.create(vpc.endpoint())),
            vpc.region(),
            vpc.vpcId(),
            Duration.ofSeconds(2),
            CALL_TIMEOUT,
            Optional.empty());
    CredentialSource keys = () -> Credentials.permanent(vpc.secretId(), vpc.secretKey());
    VpcCloud adapter =
        settings.contains(Setting.DEAD_ADDRESS)
            ? NamedCloud.of(endpoint, keys, DEAD, ADDRESS)
            : new TencentVpcCloud(endpoint, keys);
    var dead = new AtomicBoolean();
    death = dead;
    Fence fence =
        step -> {
          if (dead.get()) {
            throw new CloudException(Kind.TRANSIENT, step, null, "the process is dead", null, null);
          }
        };
    return CloudStack.build(adapter, QUICK, fence, CallObserver.NONE, random);
  }

  SimulatedVpc vpc() {
    return vpc;
  }

  synchronized VpcCloud cloud() {
    return stack.cloud();
  }

  synchronized EniOperations operations() {
    return stack.operations();
  }

  synchronized AddressReservations reservations() {
    return stack.reservations();
  }

  /** Whether the process is not the first one, so that it does not know what was sent. */
  boolean restarted() {
    return restarted;
  }

  /** The process dies in the middle of whatever it does, and another one begins with no memory. */
  synchronized void restart() {
    restarted = true;
    // Threads that outlive the interruption for a moment send nothing more, as those of the dead.
    death.set(true);
    stack.close();
    stack = newStack();
  }

  /** Between two tries of a goal, as it grows in the reconcilers. */
  long pauseMillis(int tries) {
    long bound = Math.min(50L << Math.min(tries, 3), 400);
    return bound / 2 + random.nextLong(bound / 2 + 1);
  }

  static Ip ip(int last) {
    return Ip.parse("10.0.0." + last);
  }

  static EniSpec spec(int primary) {
    String record = "record-" + primary;
    return new EniSpec(
        "eni-of-" + primary,
        SUBNET,
        ip(primary),
        List.of("sg-aaaaaaaa"),
        Map.of("record", record),
        "create-" + record);
  }

  /** An ENI that is there already, on no machine, without any fault. */
  String given(int primary) {
    return prepared(again -> operations().create(spec(primary), again)).id();
  }

  /** As the goals do: on a machine that is busy a look may come too late. */
  private static <T> T prepared(Function<Boolean, CompletionStage<T>> step) {
    for (int i = 0; ; i++) {
      try {
        return step.apply(i > 0).toCompletableFuture().get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        boolean passes = e.getCause() instanceof CloudException c && c.kind().retryable();
        if (!passes || i == MOST_PREPARATIONS) {
          throw new IllegalStateException("preparing a case: " + e, e);
        }
      } catch (InterruptedException | TimeoutException e) {
        throw new IllegalStateException("preparing a case: " + e, e);
      }
    }
  }

  /** Addresses that are on an ENI already. */
  void given(String eniId, List<Ip> addresses) {
    var stages = addresses.stream().map(ip -> operations().assign(eniId, ip, false)).toList();
    for (int i = 0; i < addresses.size(); i++) {
      var first = stages.get(i);
      Ip address = addresses.get(i);
      var unused = prepared(again -> again ? operations().assign(eniId, address, true) : first);
    }
  }

  /** Addresses that are reserved already, by this cluster. */
  void givenReserved(List<Ip> addresses) {
    for (Ip address : addresses) {
      var unused = prepared(again -> reservations().reserve(SUBNET, address));
    }
  }

  /** An ENI that is on a machine already. */
  String givenOn(int primary, String instanceId) {
    String eniId = given(primary);
    var unused =
        prepared(
            again ->
                operations().attach(eniId, instanceId, AttachMode.STANDARD, "attach-" + primary));
    return eniId;
  }

  @Override
  public synchronized void close() {
    stack.close();
    vpc.close();
  }
}
