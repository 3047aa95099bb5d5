package io.eniipamd.cloud.operate;

import static io.eniipamd.cloud.CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.ATTACH_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.CREATE_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.DELETE_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_NETWORK_INTERFACES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DETACH_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.MIGRATE_PRIVATE_IP_ADDRESS;
import static io.eniipamd.cloud.CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EniWorkersTest {

  /** As in production, only faster; patient, since the machine may be busy. */
  private static final OperationSettings QUICK = settings(Duration.ofSeconds(20));

  /** For what is never to be seen. */
  private static final OperationSettings IMPATIENT = settings(Duration.ofMillis(200));

  /** For what is given up before the time-out. */
  private static final OperationSettings IMPATIENT_BUT_NOT_AT_ONCE =
      settings(Duration.ofSeconds(20), Duration.ofMillis(200));

  /** A caller that waited for reads to catch up would wait beyond the end of any test. */
  private static final OperationSettings NEVER_STALE_ENOUGH =
      settings(Duration.ofSeconds(20), Duration.ofHours(1));

  private static OperationSettings settings(Duration patience) {
    return settings(patience, patience);
  }

  private static OperationSettings settings(Duration patience, Duration staleness) {
    return new OperationSettings(
        Duration.ofMillis(30),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        patience,
        staleness,
        4,
        Duration.ofMillis(4),
        Duration.ofMillis(20));
  }

  private static final String ENI = "eni-a";
  private static final String OTHER = "eni-b";

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final AtomicBoolean leader = new AtomicBoolean(true);

  /** So many changing calls to come are held back by the fence. */
  private final AtomicInteger heldBack = new AtomicInteger();

  private CloudStack stack;
  private EniOperations operations;

  @BeforeEach
  void start() {
    cloud.addEni(ENI, "subnet-a", ip(2));
    cloud.addEni(OTHER, "subnet-a", ip(3));
    start(QUICK);
  }

  private void start(OperationSettings settings) {
    start(settings, 2_000);
  }

  private void start(OperationSettings settings, int requestsPerSecond) {
    Fence fence =
        step -> {
          if (!leader.get() || heldBack.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw CloudException.notSent(Kind.TRANSIENT, step, null, "no leader");
          }
        };
    stack =
        CloudStack.build(
            cloud, new CloudStack.Settings(requestsPerSecond, settings), fence, CallObserver.NONE);
    operations = stack.operations();
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  @Test
  void shouldCarryTenAddressesACallWhenManyAreAskedForAtOnce() {
    var stages = assignAll(100, 27);

    stages.forEach(EniWorkersTest::result);

    var calls = cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES);
    assertThat(calls).hasSizeBetween(3, 4);
    assertThat(calls).allSatisfy(call -> assertThat(call.addresses()).hasSizeLessThanOrEqualTo(10));
    assertThat(cloud.eni(ENI).orElseThrow().addresses()).hasSize(28);
  }

  @Test
  void shouldNotCallTheCloudWhenNothingIsAskedFor() {
    result(operations.assign(ENI, ip(10), false));
    int calls = cloud.calls().size();

    await()
        .during(Duration.ofMillis(150))
        .atMost(Duration.ofSeconds(2))
        .until(() -> cloud.calls().size() == calls);
  }

  @Test
  void shouldShareLooksWhenManyEnisAreWaitedFor() {
    cloud.settlesAtOnce(false);
    for (int i = 0; i < 60; i++) {
      cloud.addEni("eni-" + i, "subnet-a", ip(20 + i));
    }

    var stages =
        IntStream.range(0, 60)
            .mapToObj(i -> operations.assign("eni-" + i, ip(100 + i), false))
            .toList();
    // All of them in one request.
    await().atMost(Duration.ofSeconds(20)).until(() -> mostEnisInALook() == 60);
    cloud.settle();

    stages.forEach(EniWorkersTest::result);
  }

  private int mostEnisInALook() {
    return cloud.calls(DESCRIBE_NETWORK_INTERFACES).stream()
        .mapToInt(call -> call.eniId().split("eni-", -1).length - 1)
        .max()
        .orElse(0);
  }

  @Test
  void shouldWaitForTheAddressToBeAvailableWhenTheCloudHasOnlyAccepted() {
    cloud.settlesAtOnce(false);

    var stage = operations.assign(ENI, ip(10), false).toCompletableFuture();
    await().until(() -> !cloud.calls(DESCRIBE_NETWORK_INTERFACES).isEmpty());
    assertThat(stage).isNotDone();
    cloud.settle();

    assertThat(result(stage).requestId()).startsWith("request-");
  }

  @Test
  void shouldFailTheTakenAddressOnlyWhenABatchIsRefused() {
    cloud.addStranger(ip(12));

    var stages = assignAll(10, 5);

    requireOnlyTheThirdTaken(stages);
    assertThat(failure(stages.get(2))).hasMessageContaining("assigning 10.0.0.12 to eni-a: ");
    // The batch, the taken one alone, the others.
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(3);
    assertThat(cloud.calls(DESCRIBE_VPC_PRIVATE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldAssignAFreeAddressWhenTheListOfUsedOnesIsBehind() {
    cloud.addStranger(ip(12));
    cloud.nameAsUsed(ip(10));

    var stages = assignAll(10, 3);

    result(stages.get(0));
    result(stages.get(1));
    assertThat(failure(stages.get(2)).kind()).isEqualTo(Kind.ADDRESS_TAKEN);
  }

  @Test
  void shouldAssignAFreeAddressWhenTheListIsBehindAndAnEarlierRunMayHaveAssignedIt() {
    stack.close();
    start(IMPATIENT_BUT_NOT_AT_ONCE);
    cloud.addStranger(ip(12));
    cloud.nameAsUsed(ip(10));

    var stages =
        IntStream.of(10, 11, 12).mapToObj(i -> operations.assign(ENI, ip(i), true)).toList();

    result(stages.get(0));
    result(stages.get(1));
    assertThat(failure(stages.get(2)).kind()).isEqualTo(Kind.ADDRESS_TAKEN);
    // The batch, the one that is free, and each that the list has named alone.
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(4);
  }

  @Test
  void shouldFindTheTakenAddressOneByOneWhenTheCloudMayNotBeAsked() {
    cloud.addStranger(ip(12));
    cloud.fail(DESCRIBE_VPC_PRIVATE_IP_ADDRESSES, Fault.DENIED);

    var stages = assignAll(10, 3);

    assertThat(failure(stages.get(2)).kind()).isEqualTo(Kind.ADDRESS_TAKEN);
    result(stages.get(0));
    result(stages.get(1));
  }

  @Test
  void shouldAssignAsManyAsFitWhenTheEniHasTooFewSlots() {
    cloud.limitAddressesPerEni(4);

    var stages = assignAll(10, 6);

    var failures = stages.stream().filter(stage -> failed(stage)).toList();
    assertThat(failures).hasSize(3);
    assertThat(failures).allSatisfy(s -> assertThat(failure(s).kind()).isEqualTo(Kind.QUOTA));
    assertThat(cloud.eni(ENI).orElseThrow().addresses()).hasSize(4);
  }

  @Test
  void shouldNotAssignTwiceWhenTheAnswerIsLost() {
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_AFTER);

    result(operations.assign(ENI, ip(10), false));

    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldAssignAgainWhenTheRequestIsLost() {
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_BEFORE, Fault.MUTEX, Fault.THROTTLED);

    result(operations.assign(ENI, ip(10), false));

    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(4);
  }

  @Test
  void shouldFailAsTransientWhenAttemptsAreUsedUp() {
    cloud.fail(
        ASSIGN_PRIVATE_IP_ADDRESSES,
        Fault.LOST_BEFORE,
        Fault.LOST_BEFORE,
        Fault.LOST_BEFORE,
        Fault.LOST_BEFORE);

    assertThat(failure(operations.assign(ENI, ip(10), false)).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(4);
  }

  @Test
  void shouldNotCallWhenAnEarlierRunHasAssignedAlready() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);

    result(operations.assign(ENI, ip(10), true));

    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).isEmpty();
  }

  @Test
  void shouldRecogniseItsOwnAddressWhenReadsLagBehindALostAnswer() {
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_AFTER);
    cloud.freezeReads();

    var stage = operations.assign(ENI, ip(10), false);
    await().until(() -> cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES).size() >= 2);
    cloud.thawReads();

    result(stage);
    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isPresent();
  }

  @Test
  void shouldWaitForNoEchoWhenEveryCallWasAnswered() {
    stack.close();
    start(NEVER_STALE_ENOUGH);
    cloud.addStranger(ip(12));
    noListNamesIt();
    // Busy with a task, which is an answer: it has not done what was asked for.
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.MUTEX, Fault.THROTTLED);

    var stages = assignAll(10, 5);

    requireOnlyTheThirdTaken(stages);
  }

  @Test
  void shouldWaitForNoEchoWhenACallWasHeldBack() {
    stack.close();
    start(NEVER_STALE_ENOUGH);
    cloud.addStranger(ip(12));
    noListNamesIt();
    heldBack.set(2);

    var stages = assignAll(10, 5);

    requireOnlyTheThirdTaken(stages);
    assertThat(heldBack).hasValue(0);
  }

  @Test
  void shouldWaitForTheEchoOfALostCallOnce() {
    stack.close();
    var staleness = Duration.ofSeconds(3);
    start(settings(Duration.ofSeconds(20), staleness));
    cloud.addStranger(ip(12));
    noListNamesIt();
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_BEFORE);

    long begun = System.nanoTime();
    var stages = assignAll(10, 5);

    requireOnlyTheThirdTaken(stages);
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(staleness, staleness.multipliedBy(2));
  }

  /** Of five addresses the third is taken, and the others have got onto the ENI. */
  private static void requireOnlyTheThirdTaken(List<CompletionStage<Done>> stages) {
    assertThat(failure(stages.get(2)).kind()).isEqualTo(Kind.ADDRESS_TAKEN);
    for (int i : List.of(0, 1, 3, 4)) {
      result(stages.get(i));
    }
  }

  /** The cloud does not say which of the addresses it refused was taken. */
  private void noListNamesIt() {
    cloud.fail(
        DESCRIBE_VPC_PRIVATE_IP_ADDRESSES,
        Collections.nCopies(9, Fault.DENIED).toArray(Fault[]::new));
  }

  @Test
  void shouldFailAsTransientWhenAnAcceptedAddressIsNeverSeen() {
    stack.close();
    start(IMPATIENT);
    cloud.freezeReads();

    CloudException failure = failure(operations.assign(ENI, ip(10), false));

    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure).hasMessageContaining("not seen in the cloud");
  }

  @Test
  void shouldFailWithTheTasksReasonWhenTheCloudAcceptedAndThenFailed() {
    cloud.settlesAtOnce(false);
    var stage = operations.assign(ENI, ip(10), false);
    await().until(() -> !cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES).isEmpty());

    cloud.failTasks();

    CloudException failure = failure(stage);
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure).hasMessageContaining("it was ordered to");
    assertThat(failure.requestId()).contains("request-1");
  }

  @Test
  void shouldServeBothWhenTheSameAddressIsAskedForTwice() {
    var first = operations.assign(ENI, ip(10), false);
    var second = operations.assign(ENI, ip(10), true);

    result(first);
    result(second);

    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void shouldSucceedWhenWhatIsToBeUnassignedIsGone() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);

    var there = operations.unassign(ENI, ip(10), () -> true);
    var gone = operations.unassign(ENI, ip(11), () -> true);
    var noEni = operations.unassign("eni-none", ip(12), () -> true);

    result(there);
    result(gone);
    result(noEni);
    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isEmpty();
  }

  @Test
  void shouldUnassignNothingWhenItIsNoLongerWanted() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);
    cloud.addAddress(ENI, ip(11), AddressState.AVAILABLE);
    cloud.addAddress(ENI, ip(12), AddressState.AVAILABLE);

    var withdrawn = operations.unassign(ENI, ip(10), () -> false);
    var wanted = operations.unassign(ENI, ip(11), () -> true);
    var unknown =
        operations.unassign(
            ENI,
            ip(12),
            () -> {
              throw new IllegalStateException("no answer");
            });

    assertThat(failure(withdrawn).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure(unknown).kind()).isEqualTo(Kind.TRANSIENT);
    result(wanted);
    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isPresent();
    assertThat(cloud.eni(ENI).orElseThrow().address(ip(12))).isPresent();
    assertThat(cloud.calls(UNASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldAskAgainBeforeEachCallWhenAnUnassignIsRepeated() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);
    cloud.fail(UNASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_BEFORE);
    var asked = new AtomicInteger();

    var stage = operations.unassign(ENI, ip(10), () -> asked.incrementAndGet() == 1);

    assertThat(failure(stage).kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isPresent();
  }

  @Test
  void shouldNotUnassignTwiceWhenTheAnswerIsLost() {
    stack.close();
    start(settings(Duration.ofSeconds(5), Duration.ofMillis(1)));
    // Its memory reaches back further than a read may lag.
    result(operations.assign(ENI, ip(11), false));
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);
    cloud.fail(UNASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_AFTER);

    result(operations.unassign(ENI, ip(10), () -> true));

    assertThat(cloud.calls(UNASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldNotTakeALaggingReadForAReleaseWhenTheAnswerIsLost() {
    cloud.remember();
    result(operations.assign(ENI, ip(10), false));
    cloud.showRemembered();
    cloud.fail(UNASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_BEFORE);

    result(operations.unassign(ENI, ip(10), () -> true));

    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isEmpty();
  }

  @Test
  void shouldNotTakeALaggingReadForAReleaseWhenAProcessBeforeHasAssigned() {
    cloud.remember();
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);
    cloud.showRemembered();
    cloud.fail(UNASSIGN_PRIVATE_IP_ADDRESSES, Fault.LOST_BEFORE);

    result(operations.unassign(ENI, ip(10), () -> true));

    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isEmpty();
  }

  @Test
  void shouldMigrateInOneCallWhenTheAddressIsOnAnotherEni() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);

    result(operations.migrate(ENI, OTHER, ip(10)));

    assertThat(cloud.calls(MIGRATE_PRIVATE_IP_ADDRESS)).hasSize(1);
    assertThat(cloud.eni(OTHER).orElseThrow().address(ip(10))).isPresent();
  }

  @Test
  void shouldMigrateBackAndForthWhenAsked() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);

    result(operations.migrate(ENI, OTHER, ip(10)));
    result(operations.migrate(OTHER, ENI, ip(10)));

    assertThat(cloud.calls(MIGRATE_PRIVATE_IP_ADDRESS)).hasSize(2);
    assertThat(cloud.eni(ENI).orElseThrow().address(ip(10))).isPresent();
  }

  @Test
  void shouldNotMigrateTwiceWhenTheAnswerIsLost() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);
    cloud.fail(MIGRATE_PRIVATE_IP_ADDRESS, Fault.LOST_AFTER);

    result(operations.migrate(ENI, OTHER, ip(10)));

    assertThat(cloud.calls(MIGRATE_PRIVATE_IP_ADDRESS)).hasSize(1);
  }

  @Test
  void shouldFailAsNotFoundWhenTheAddressToMigrateIsNowhere() {
    stack.close();
    start(IMPATIENT);
    assertThat(failure(operations.migrate(ENI, OTHER, ip(10))).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void shouldMakeOneEniWhenTheAnswerOfTheCreationIsLost() {
    cloud.fail(CREATE_NETWORK_INTERFACE, Fault.LOST_AFTER);

    NetworkInterface eni = result(operations.create(spec(ip(50)), false));

    assertThat(eni.primaryIp()).contains(ip(50));
    assertThat(cloud.calls(CREATE_NETWORK_INTERFACE)).hasSize(1);
  }

  @Test
  void shouldAdoptTheEniWhenAnEarlierRunMadeIt() {
    NetworkInterface made = result(operations.create(spec(ip(50)), false));

    NetworkInterface adopted = result(operations.create(spec(ip(51)), true));

    assertThat(adopted.id()).isEqualTo(made.id());
    assertThat(cloud.calls(CREATE_NETWORK_INTERFACE)).hasSize(1);
  }

  @Test
  void shouldFailAsQuotaWhenNoMoreEnisAreAllowed() {
    cloud.limitEnis(2);

    CloudException failure = failure(operations.create(spec(ip(50)), false));

    assertThat(failure.kind()).isEqualTo(Kind.QUOTA);
    assertThat(failure.code()).contains("LimitExceeded.NetworkInterfaceLimitExceeded");
  }

  @Test
  void shouldAttachOnceWhenTheAnswerIsLost() {
    cloud.fail(ATTACH_NETWORK_INTERFACE, Fault.LOST_AFTER);

    NetworkInterface eni = result(operations.attach(ENI, "ins-1", AttachMode.STANDARD, "token"));

    assertThat(eni.attachedTo("ins-1")).isTrue();
    assertThat(cloud.calls(ATTACH_NETWORK_INTERFACE)).hasSize(1);
    result(operations.attach(ENI, "ins-1", AttachMode.STANDARD, "token"));
    assertThat(cloud.calls(ATTACH_NETWORK_INTERFACE)).hasSize(1);
    assertThat(failure(operations.attach(ENI, "ins-2", AttachMode.STANDARD, "token")).kind())
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void shouldTakeAnEniOffItsInstanceAndKeepIt() {
    result(operations.attach(ENI, "ins-1", AttachMode.EXTENSION, "token"));

    result(operations.detach(ENI, eni -> eni.extension()));

    assertThat(cloud.eni(ENI).orElseThrow().instanceId()).isEmpty();
    result(operations.detach(ENI, _ -> false));
    assertThat(cloud.calls(DETACH_NETWORK_INTERFACE)).hasSize(1);
    assertThat(cloud.calls(DELETE_NETWORK_INTERFACE)).isEmpty();
  }

  @Test
  void shouldLeaveAnEniOnItsInstanceWhenTheDetachIsNotDueAnyMore() {
    cloud.attached(ENI, "ins-1");

    var failure = failure(operations.detach(ENI, _ -> false));

    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(cloud.calls(DETACH_NETWORK_INTERFACE)).isEmpty();
  }

  @Test
  void shouldRemoveAnEniOnlyWhenItsPrimaryAddressIsAloneOnIt() {
    cloud.attached(ENI, "ins-1");
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);

    CloudException failure = failure(operations.remove(ENI, _ -> true));
    assertThat(failure).hasMessageContaining("it still carries 10.0.0.10");
    assertThat(cloud.eni(ENI)).isPresent();

    result(operations.unassign(ENI, ip(10), () -> true));
    result(operations.remove(ENI, _ -> true));

    assertThat(cloud.eni(ENI)).isEmpty();
    result(operations.remove(ENI, _ -> true));
    assertThat(cloud.calls(DELETE_NETWORK_INTERFACE)).hasSize(1);
  }

  @Test
  void shouldDetachNothingWhenTheRemovalIsNotDueAnyMore() {
    cloud.attached(ENI, "ins-1");

    var failure = failure(operations.remove(ENI, _ -> false));

    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure).hasMessageContaining("it is not due any more");
    assertThat(cloud.calls(DETACH_NETWORK_INTERFACE)).isEmpty();
  }

  @Test
  void shouldDetachNothingWhenItIsUnclearWhetherTheRemovalIsDue() {
    cloud.attached(ENI, "ins-1");

    var failure =
        failure(
            operations.remove(
                ENI,
                _ -> {
                  throw new IllegalStateException("no answer");
                }));

    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(cloud.calls(DETACH_NETWORK_INTERFACE)).isEmpty();
  }

  @Test
  void shouldAskBeforeTheDeletionTooWhetherTheRemovalIsDue() {
    cloud.attached(ENI, "ins-1");

    var failure = failure(operations.remove(ENI, eni -> eni.instanceId().isPresent()));

    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(cloud.calls(DETACH_NETWORK_INTERFACE)).hasSize(1);
    assertThat(cloud.calls(DELETE_NETWORK_INTERFACE)).isEmpty();
    assertThat(cloud.eni(ENI)).isPresent();
  }

  @Test
  void shouldChangeNothingWhenTheFenceIsClosed() {
    leader.set(false);

    assertThat(failure(operations.assign(ENI, ip(10), false))).hasMessageContaining("no leader");
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).isEmpty();
  }

  @Test
  void shouldFailWhatIsUnderWayWhenItIsClosed() {
    cloud.settlesAtOnce(false);
    var stage = operations.assign(ENI, ip(10), false);
    await().until(() -> !cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES).isEmpty());

    stack.close();

    assertThat(failure(stage).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void shouldFailWhatIsAskedForWhenItHasBeenClosed() {
    stack.close();

    var stages =
        List.of(
            operations.assign(ENI, ip(10), false),
            operations.assign(ENI, ip(11), false),
            operations.unassign(ENI, ip(12), () -> true),
            operations.migrate(ENI, OTHER, ip(13)),
            operations.remove(ENI, _ -> true));

    assertThat(stages).allMatch(stage -> failure(stage).kind() == Kind.TRANSIENT);
  }

  @Test
  void shouldTellAtOnceThatTheEniIsGoneWhenItWasDeletedOutside() {
    cloud.removeEni(ENI);

    var assigned = failure(operations.assign(ENI, ip(10), false));
    var attached = failure(operations.attach(ENI, "ins-a", AttachMode.STANDARD, "t-1"));

    assertThat(List.of(assigned, attached))
        .allSatisfy(
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
              assertThat(e.missingEni()).contains(ENI);
            });
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldGoOnWhenTheCloudDoesNotFindAnEniThatItShows() {
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.NOT_FOUND, Fault.NOT_FOUND);

    result(operations.assign(ENI, ip(10), false));

    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(3);
  }

  @Test
  void shouldTellThatTheEniIsGoneWhenItIsDeletedBeforeTheEnd() {
    stack.close();
    start(IMPATIENT_BUT_NOT_AT_ONCE);
    cloud.settlesAtOnce(false);
    var stage = operations.assign(ENI, ip(10), false);
    await().until(() -> !cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES).isEmpty());

    cloud.removeEni(ENI);

    assertThat(failure(stage).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure(stage).missingEni()).contains(ENI);
  }

  @Test
  void shouldTellWhichEniIsGoneWhenAnAddressCannotBeMigrated() {
    cloud.addAddress(ENI, ip(10), AddressState.AVAILABLE);
    cloud.removeEni(OTHER);

    var destination = failure(operations.migrate(ENI, OTHER, ip(10)));
    var source = failure(operations.migrate(OTHER, ENI, ip(11)));

    assertThat(List.of(destination, source)).allMatch(e -> e.kind() == Kind.NOT_FOUND);
    assertThat(List.of(destination, source))
        .allSatisfy(e -> assertThat(e.missingEni()).contains(OTHER));
  }

  @Test
  void shouldSucceedWhenTheAddressHasArrivedFromAnEniThatIsGone() {
    cloud.addAddress(OTHER, ip(10), AddressState.AVAILABLE);
    cloud.removeEni(ENI);

    result(operations.migrate(ENI, OTHER, ip(10)));

    assertThat(cloud.calls(MIGRATE_PRIVATE_IP_ADDRESS)).hasSize(1);
  }

  @Test
  void shouldLookTenTimesASecondWhenThousandsOfEnisAreAskedForAtOnce() {
    stack.close();
    start(OperationSettings.DEFAULTS, CloudStack.Settings.DEFAULT_REQUESTS_PER_SECOND);
    long start = System.nanoTime();

    var stages =
        IntStream.range(0, 4_000)
            .mapToObj(
                i ->
                    operations
                        .create(
                            new EniSpec(
                                "eni-" + i,
                                "subnet-a",
                                Ip.parse("10.1." + i / 250 + "." + (2 + i % 250)),
                                List.of(),
                                Map.of("nec", "u-" + i),
                                "t-" + i),
                            false)
                        .toCompletableFuture())
            .toList();
    await()
        .atMost(Duration.ofSeconds(25))
        .until(() -> cloud.calls(DESCRIBE_NETWORK_INTERFACES).size() >= 30);

    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
    int looks = cloud.calls(DESCRIBE_NETWORK_INTERFACES).size();
    int creations = cloud.calls(CREATE_NETWORK_INTERFACE).size();
    assertThat((double) looks).isLessThanOrEqualTo(10 * seconds + 1);
    assertThat((double) looks + creations).isLessThanOrEqualTo(50 * seconds + 1);
    // Each is served by the next look or the one after it, not when all have been asked for.
    assertThat(stages.stream().filter(CompletableFuture::isDone).count())
        .isGreaterThan(creations / 2);
  }

  @Test
  void shouldGoOnWhenAnotherTaskOfTheEniTakesLongerThanAllAttempts() {
    Fault[] longTask = Stream.generate(() -> Fault.MUTEX).limit(15).toArray(Fault[]::new);
    cloud.fail(ASSIGN_PRIVATE_IP_ADDRESSES, longTask);
    cloud.fail(UNASSIGN_PRIVATE_IP_ADDRESSES, longTask);
    cloud.fail(MIGRATE_PRIVATE_IP_ADDRESS, longTask);

    result(operations.assign(ENI, ip(10), false));
    result(operations.migrate(ENI, OTHER, ip(10)));
    result(operations.unassign(OTHER, ip(10), () -> true));

    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(16);
  }

  @Test
  void shouldFailWhenAnotherTaskOfTheEniDoesNotEnd() {
    stack.close();
    start(IMPATIENT);
    cloud.failAlways(ASSIGN_PRIVATE_IP_ADDRESSES, Fault.MUTEX);
    long start = System.nanoTime();

    var failure = failure(operations.assign(ENI, ip(10), false));

    assertThat(failure.code()).contains("UnsupportedOperation.MutexOperationTaskRunning");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
  }

  private List<CompletionStage<Done>> assignAll(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> operations.assign(ENI, ip(i), false))
        .toList();
  }

  private static EniSpec spec(Ip primary) {
    return new EniSpec(
        "eni-of-node", "subnet-a", primary, List.of(), Map.of("cluster", "c", "nec", "u-0"), "t-0");
  }

  private static Ip ip(int last) {
    return Ip.parse("10.0.0." + last);
  }

  private static <T> T result(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(40, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the stage has not succeeded", e);
    }
  }

  private static boolean failed(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    await().until(future::isDone);
    return future.isCompletedExceptionally();
  }

  private static CloudException failure(CompletionStage<?> stage) {
    assertThat(failed(stage)).isTrue();
    assertThat(stage.toCompletableFuture().exceptionNow()).isInstanceOf(CloudException.class);
    return (CloudException) stage.toCompletableFuture().exceptionNow();
  }
}
