package io.eniipamd.cloud.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.tencent.Credentials;
import io.eniipamd.cloud.tencent.TencentSettings;
import io.eniipamd.cloud.tencent.TencentVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations over the adapter and the real SDK against a simulated cloud that misbehaves. */
class EniWorkersOnSimulatorTest {

  private static final String SUBNET = "subnet-gz3pods1";
  private static final String INSTANCE = "ins-node0001";

  /** As in production, with less patience. */
  private static final OperationSettings QUICK =
      new OperationSettings(
          Duration.ofMillis(30),
          Duration.ofMillis(20),
          Duration.ofMillis(60),
          Duration.ofMillis(400),
          Duration.ofMillis(1_500),
          Duration.ofMillis(500),
          6,
          Duration.ofMillis(20),
          Duration.ofMillis(100));

  private SimulatedVpc vpc;
  private VpcCloud adapter;
  private CloudStack stack;
  private EniOperations operations;

  @BeforeEach
  void start() {
    start(VpcLayout.standard(), new CloudStack.Settings(1_000, QUICK), Duration.ofMillis(600));
  }

  private void start(VpcLayout layout, CloudStack.Settings settings, Duration readTimeout) {
    start(layout, settings, readTimeout, CallObserver.NONE);
  }

  private void start(
      VpcLayout layout, CloudStack.Settings settings, Duration readTimeout, CallObserver observer) {
    vpc = SimulatedVpc.start(layout);
    adapter =
        new TencentVpcCloud(
            new TencentSettings(
                Optional.of(URI.create(vpc.endpoint())),
                vpc.region(),
                vpc.vpcId(),
                Duration.ofSeconds(2),
                readTimeout,
                Optional.empty()),
            () -> Credentials.permanent(vpc.secretId(), vpc.secretKey()));
    stack = CloudStack.build(adapter, settings, Fence.OPEN, observer);
    operations = stack.operations();
  }

  @AfterEach
  void stop() {
    stack.close();
    vpc.close();
  }

  @Test
  void shouldWaitForATurnAndCountEachRequestWhenManyIdsAreUnknown() {
    // given
    stop();
    var counted = new AtomicInteger();
    var observer =
        new CallObserver() {
          @Override
          public void called(
              CloudAction action, Optional<CloudException.Kind> failure, Duration took) {
            counted.incrementAndGet();
          }
        };
    start(
        VpcLayout.standard(), new CloudStack.Settings(20, QUICK), Duration.ofSeconds(10), observer);
    String eni = adapter.createNetworkInterface(spec(Ip.parse("10.0.0.77"), "one-of-many")).id();
    var ids = new ArrayList<>(List.of(eni));
    for (int i = 0; i < 20; i++) {
      ids.add("no ENI at all " + i);
    }
    vpc.record().reset();
    long start = System.nanoTime();

    // when
    List<NetworkInterface> found = stack.cloud().networkInterfaces(new EniQuery.ByIds(ids)).all();

    // then
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(found).extracting(NetworkInterface::id).containsExactly(eni);
    int requests = counted.get();
    assertThat(requests).isGreaterThan(30);
    await().until(() -> vpc.record().countOf("DescribeNetworkInterfaces") == requests);
    // 2 at once, the others at 18 a second.
    assertThat(took).isGreaterThan(Duration.ofMillis((requests - 2) * 1_000L / 18 - 200));
  }

  @Test
  void shouldKeepBudgetAndCapWhenAThousandAddressesAreAskedForAtOnce() {
    stop();
    start(
        fortyMachines(),
        new CloudStack.Settings(50, OperationSettings.DEFAULTS),
        Duration.ofSeconds(10));
    var addresses = new LinkedHashMap<String, List<Ip>>();
    for (int i = 0; i < 40; i++) {
      String eni = adapter.createNetworkInterface(spec(wide(i, 2), "eni-" + i)).id();
      awaitAtRest(eni);
      adapter.attachNetworkInterface(
          eni, "ins-wide%04d".formatted(i), AttachMode.STANDARD, "attach-" + i);
      var some = new ArrayList<Ip>();
      for (int j = 0; j < 25; j++) {
        some.add(wide(i, 10 + j));
      }
      addresses.put(eni, some);
    }
    addresses.keySet().forEach(this::awaitAtRest);
    vpc.record().reset();
    long start = System.nanoTime();

    var stages = new ArrayList<CompletionStage<Done>>();
    addresses.forEach(
        (eni, some) -> some.forEach(ip -> stages.add(operations.assign(eni, ip, false))));
    stages.forEach(stage -> result(stage, Duration.ofMinutes(2)));

    List<Call> assigns = vpc.record().callsOf("AssignPrivateIpAddresses");
    assertThat(assigns).allMatch(Call::succeeded);
    assertThat(assigns).hasSizeLessThanOrEqualTo(40 * (3 + 1));
    assertThat(vpc.snapshot().secondaryAddresses()).hasSize(1_000);
    // As a mean: when requests arrive at the other side is uneven on a busy machine.
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
    assertThat((double) vpc.record().calls().size()).isLessThanOrEqualTo(50 * seconds + 1);
    assertThat((double) vpc.record().countOf("DescribeNetworkInterfaces"))
        .isLessThanOrEqualTo(10 * seconds + 1);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
            Map.entry("cut before", Fault.cutBefore()),
            Map.entry("cut after", Fault.cutAfter()),
            Map.entry("503 before", Fault.http(503)),
            Map.entry("503 after", Fault.httpAfterEffect(503)),
            Map.entry("late answer", Fault.lateAnswer(Duration.ofMillis(900))),
            Map.entry("throttled", Fault.throttled()),
            Map.entry("mutex", Fault.error("UnsupportedOperation.MutexOperationTaskRunning")),
            Map.entry("internal", Fault.error("InternalError")),
            Map.entry("internal after", Fault.errorAfterEffect("InternalError")),
            Map.entry("task fails", Fault.taskFails()))
        .flatMap(
            fault ->
                Stream.of(true, false)
                    .map(behind -> Arguments.of(fault.getKey(), fault.getValue(), behind)));
  }

  @ParameterizedTest(name = "{0}, reads behind: {2}")
  @MethodSource("faults")
  void shouldEndInTheSameStateWhenACallOfTheLifeOfAnEniMeetsAFault(
      String name, Fault fault, boolean behind) {
    if (behind) {
      vpc.settings().setReadsBehind(Duration.ofMillis(150));
    }
    Ip primary = ip(50);
    EniSpec spec = spec(primary, "eni-1");

    vpc.faults().once("CreateNetworkInterface", fault);
    String eni = again(first -> operations.create(spec, !first)).id();
    String other = again(first -> operations.create(spec(ip(60), "eni-2"), !first)).id();

    vpc.faults().once("AttachNetworkInterface", fault);
    again(first -> operations.attach(eni, INSTANCE, AttachMode.STANDARD, "attach-eni-1"));

    vpc.faults().once("AssignPrivateIpAddresses", fault);
    again(first -> operations.assign(eni, ip(51), !first));
    again(first -> operations.assign(eni, ip(52), !first));
    assertThat(vpc.snapshot().secondaryAddresses()).containsExactly("10.0.0.51", "10.0.0.52");

    vpc.faults().once("MigratePrivateIpAddress", fault);
    again(first -> operations.migrate(eni, other, ip(51)));
    assertThat(vpc.snapshot().eniOf("10.0.0.51").orElseThrow().id()).isEqualTo(other);
    assertThat(vpc.snapshot().eniOf("10.0.0.52").orElseThrow().id()).isEqualTo(eni);

    vpc.faults().once("UnassignPrivateIpAddresses", fault);
    again(first -> operations.unassign(other, ip(51), () -> true));
    again(first -> operations.unassign(eni, ip(52), () -> true));
    assertThat(vpc.snapshot().secondaryAddresses()).isEmpty();
    assertThat(vpc.snapshot().secondaryEnis()).hasSize(2);

    vpc.faults().once("DetachNetworkInterface", fault);
    vpc.faults().once("DeleteNetworkInterface", fault);
    again(first -> operations.remove(eni, _ -> true));
    again(first -> operations.remove(other, _ -> true));
    assertThat(vpc.snapshot().secondaryEnis()).isEmpty();
  }

  @Test
  void shouldCallNothingTwiceWhenNothingGoesWrong() {
    String eni = result(operations.create(spec(ip(50), "eni-1"), false)).id();
    result(operations.attach(eni, INSTANCE, AttachMode.STANDARD, "attach"));
    var stages = Stream.of(51, 52, 53).map(i -> operations.assign(eni, ip(i), false)).toList();
    stages.forEach(EniWorkersOnSimulatorTest::result);
    var releases =
        Stream.of(51, 52, 53).map(i -> operations.unassign(eni, ip(i), () -> true)).toList();
    releases.forEach(EniWorkersOnSimulatorTest::result);
    result(operations.remove(eni, _ -> true));

    assertThat(vpc.record().changingCalls())
        .extracting(Call::action)
        .containsExactly(
            "CreateNetworkInterface",
            "AttachNetworkInterface",
            "AssignPrivateIpAddresses",
            "UnassignPrivateIpAddresses",
            "DetachNetworkInterface",
            "DeleteNetworkInterface");
  }

  /** A change of an address of an ENI on which a task of another caller runs. */
  private enum Change {
    ASSIGN("AssignPrivateIpAddresses"),
    UNASSIGN("UnassignPrivateIpAddresses"),
    MIGRATE_AWAY("MigratePrivateIpAddress"),
    MIGRATE_TO("MigratePrivateIpAddress");

    private final String action;

    Change(String action) {
      this.action = action;
    }

    /** Changes 10.0.0.51 of this ENI, 10.0.0.61 of the other one, or 10.0.0.53 of none. */
    CompletionStage<Done> begin(
        EniOperations operations, String eni, String other, boolean mayHaveBegun) {
      return switch (this) {
        case ASSIGN -> operations.assign(eni, ip(53), mayHaveBegun);
        case UNASSIGN -> operations.unassign(eni, ip(51), () -> true);
        case MIGRATE_AWAY -> operations.migrate(eni, other, ip(51));
        case MIGRATE_TO -> operations.migrate(other, eni, ip(61));
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void shouldSendAChangeAgainAfterTheTaskWhenAnotherTaskOfTheEniRuns(Change change) {
    // given
    String eni = eniWith(50, 51);
    String other = eniWith(60, 61);
    vpc.record().reset();
    vpc.settings().setShortestTask(Duration.ofMillis(700));
    adapter.assign(eni, List.of(ip(59)));
    vpc.settings().setShortestTask(Duration.ZERO);

    // when
    result(change.begin(operations, eni, other, false));

    // then
    long ofTheOtherCaller = change == Change.ASSIGN ? 1 : 0;
    assertThat(vpc.record().countOf(change.action) - ofTheOtherCaller).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void shouldNotSendAChangeAgainWhenItsTaskTakesLongerThanItIsWaitedFor(Change change) {
    // given
    String eni = eniWith(50, 51);
    String other = eniWith(60, 61);
    vpc.record().reset();
    vpc.settings().setShortestTask(QUICK.settleTimeout().multipliedBy(2));

    // when
    again(first -> change.begin(operations, eni, other, !first));

    // then
    assertThat(vpc.record().changingCalls())
        .extracting(Call::action)
        .containsExactly(change.action);
  }

  @ParameterizedTest
  @EnumSource(value = Change.class, names = "ASSIGN", mode = EnumSource.Mode.EXCLUDE)
  void shouldSendAChangeAgainWhenItsTaskFailsAfterItWasGivenUp(Change change) {
    // given
    String eni = eniWith(50, 51);
    String other = eniWith(60, 61);
    vpc.record().reset();
    vpc.settings().setShortestTask(QUICK.settleTimeout().multipliedBy(2));
    vpc.faults().once(change.action, Fault.taskFails());

    // when
    again(
        first -> {
          vpc.settings()
              .setShortestTask(first ? QUICK.settleTimeout().multipliedBy(2) : Duration.ZERO);
          return change.begin(operations, eni, other, !first);
        });

    // then
    assertThat(vpc.record().countOf(change.action)).isEqualTo(2);
  }

  private String eniWith(int primary, int address) {
    String eni = result(operations.create(spec(ip(primary), "eni-" + primary), false)).id();
    result(operations.assign(eni, ip(address), false));
    return eni;
  }

  private interface Attempt<T> {
    CompletionStage<T> start(boolean first);
  }

  /** Asks again after a failure that may pass, as the reconcilers do. */
  private static <T> T again(Attempt<T> attempt) {
    for (int i = 0; i < 5; i++) {
      try {
        return result(attempt.start(i == 0), Duration.ofSeconds(20));
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof CloudException c) || !c.kind().retryable()) {
          throw e;
        }
      }
    }
    throw new AssertionError("no success within five attempts");
  }

  private void awaitAtRest(String eni) {
    await()
        .until(
            () ->
                adapter.networkInterfaces(new EniQuery.ByIds(List.of(eni))).all().stream()
                    .anyMatch(seen -> seen.state() == NetworkInterface.State.AVAILABLE));
  }

  private static VpcLayout fortyMachines() {
    var machines = new ArrayList<VpcLayout.Instance>();
    var standard = VpcLayout.standard();
    for (int i = 0; i < 40; i++) {
      machines.add(
          new VpcLayout.Instance(
              "ins-wide%04d".formatted(i),
              "wide" + i,
              "ap-guangzhou-3",
              "S5.4XLARGE32",
              16,
              32,
              "subnet-gz3pods2",
              null));
    }
    var wide = new VpcLayout.Subnet(SUBNET, "wide", "10.0.128.0/17", "ap-guangzhou-3");
    var small = new VpcLayout.Subnet("subnet-gz3pods2", "small", "10.0.1.0/24", "ap-guangzhou-3");
    return standard.withSubnets(List.of(wide, small)).withInstances(machines);
  }

  private static Ip wide(int eni, int last) {
    return Ip.parse("10.0." + (130 + eni) + "." + last);
  }

  private static Ip ip(int last) {
    return Ip.parse("10.0.0." + last);
  }

  private static EniSpec spec(Ip primary, String name) {
    return new EniSpec(
        name, SUBNET, primary, List.of("sg-aaaaaaaa"), Map.of("nec", name), "create-" + name);
  }

  private static <T> T result(CompletionStage<T> stage) {
    return result(stage, Duration.ofSeconds(20));
  }

  private static <T> T result(CompletionStage<T> stage, Duration patience) {
    try {
      return stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the stage has not ended", e);
    }
  }
}
