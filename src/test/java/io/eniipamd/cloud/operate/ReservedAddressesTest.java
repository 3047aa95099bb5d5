package io.eniipamd.cloud.operate;

import static io.eniipamd.cloud.CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.CREATE_RESERVE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DELETE_RESERVE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedAddressesTest {

  private static final Map<String, String> MARKS = Map.of("cluster", "cls-1");
  private static final String ENI = "eni-a";
  private static final String SUBNET = "subnet-a";
  private static final Ip ADDRESS = Ip.parse("10.0.0.7");

  private static final OperationSettings QUICK =
      new OperationSettings(
          Duration.ofMillis(10),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          4,
          Duration.ofMillis(4),
          Duration.ofMillis(20));

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private CloudStack stack;
  private AddressReservations reservations;

  @BeforeEach
  void start() {
    cloud.addEni(ENI, SUBNET, Ip.parse("10.0.0.2"));
    start(MARKS);
  }

  private void start(Map<String, String> marks) {
    stack =
        CloudStack.build(
            cloud, new CloudStack.Settings(2_000, QUICK, marks), Fence.OPEN, CallObserver.NONE);
    reservations = stack.reservations();
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  @Test
  void shouldHoldTheAddressUnderTheClustersTagsWhenItIsReserved() {
    Reservation held = known(reservations.reserve(SUBNET, ADDRESS));

    assertThat(cloud.reserved()).containsExactly(held);
    assertThat(held.name()).isEqualTo("eni-ipamd-10.0.0.7");
    assertThat(held.tags()).isEqualTo(MARKS);
    assertThat(cloud.calls()).hasSize(1);
  }

  @Test
  void shouldFindOurOwnWhenTheAddressIsReservedAlready() {
    Reservation held = known(reservations.reserve(SUBNET, ADDRESS));

    assertThat(known(reservations.reserve(SUBNET, ADDRESS))).isEqualTo(held);
    assertThat(cloud.reserved()).hasSize(1);
  }

  @Test
  void shouldLookWhenTheAnswerToReservingIsLost() {
    cloud.fail(CREATE_RESERVE_IP_ADDRESSES, Fault.LOST_AFTER);

    Reservation held = known(reservations.reserve(SUBNET, ADDRESS));

    assertThat(cloud.reserved()).containsExactly(held);
    assertThat(cloud.calls(CREATE_RESERVE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldReserveAgainWhenTheRequestToReserveIsLost() {
    cloud.fail(CREATE_RESERVE_IP_ADDRESSES, Fault.LOST_BEFORE, Fault.THROTTLED);

    assertThat(known(reservations.reserve(SUBNET, ADDRESS)).address()).isEqualTo(ADDRESS);
    assertThat(cloud.reserved()).hasSize(1);
  }

  @Test
  void shouldSayTakenWhenSomebodyElseHasTheAddress() {
    cloud.addStranger(ADDRESS);

    assertThat(failure(reservations.reserve(SUBNET, ADDRESS)).kind()).isEqualTo(Kind.ADDRESS_TAKEN);
  }

  @Test
  void shouldSayTakenWhenAnotherClusterReservedTheAddress() {
    reservedBy("cls-2");

    assertThat(failure(reservations.reserve(SUBNET, ADDRESS)).kind()).isEqualTo(Kind.ADDRESS_TAKEN);
  }

  @Test
  void shouldSayQuotaWhenThereMayBeNoMoreReservations() {
    cloud.limitReservations(0);

    assertThat(failure(reservations.reserve(SUBNET, ADDRESS)).kind()).isEqualTo(Kind.QUOTA);
    assertThat(cloud.calls(CREATE_RESERVE_IP_ADDRESSES)).hasSize(1);
  }

  @Test
  void shouldNotKnowWhenTheAccountMayNotReserve() {
    cloud.allowOptionalCalls(false);

    assertThat(result(reservations.reserve(SUBNET, ADDRESS))).isInstanceOf(Answer.Unknown.class);
    assertThat(result(reservations.unreserve(ADDRESS, () -> true)))
        .isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void shouldReserveNothingWhenThereAreNoTagsToTellItBy() {
    stop();
    start(Map.of());

    assertThat(result(reservations.reserve(SUBNET, ADDRESS))).isInstanceOf(Answer.Unknown.class);
    assertThat(cloud.calls()).isEmpty();
  }

  @Test
  void shouldGiveTheAddressBackWhenItIsNoLongerReserved() {
    known(reservations.reserve(SUBNET, ADDRESS));

    assertThat(known(reservations.unreserve(ADDRESS, () -> true)).requestId()).isNotEmpty();

    assertThat(cloud.reserved()).isEmpty();
  }

  @Test
  void shouldEndWhatAnEarlierProcessReservedWhenItIsAsked() {
    known(reservations.reserve(SUBNET, ADDRESS));
    stop();
    start(MARKS);

    known(reservations.unreserve(ADDRESS, () -> true));

    assertThat(cloud.reserved()).isEmpty();
  }

  @Test
  void shouldEndWhatItHasJustReservedWhenListsAreStale() {
    cloud.showReservations(false);
    known(reservations.reserve(SUBNET, ADDRESS));

    known(reservations.unreserve(ADDRESS, () -> true));

    assertThat(cloud.reserved()).isEmpty();
  }

  @Test
  void shouldSucceedWhenThereIsNoReservationToEnd() {
    assertThat(known(reservations.unreserve(ADDRESS, () -> true))).isEqualTo(new Done(""));
  }

  @Test
  void shouldLeaveTheReservationOfOthersWhenTheirAddressIsToBeGivenBack() {
    reservedBy("cls-2");

    assertThat(known(reservations.unreserve(ADDRESS, () -> true))).isEqualTo(new Done(""));

    assertThat(cloud.reserved()).hasSize(1);
    assertThat(cloud.calls(DELETE_RESERVE_IP_ADDRESSES)).isEmpty();
  }

  @Test
  void shouldSucceedWhenTheAnswerToTheEndIsLost() {
    known(reservations.reserve(SUBNET, ADDRESS));
    cloud.fail(DELETE_RESERVE_IP_ADDRESSES, Fault.LOST_AFTER);

    known(reservations.unreserve(ADDRESS, () -> true));

    assertThat(cloud.reserved()).isEmpty();
  }

  @Test
  void shouldFindTheNewReservationWhenAnotherLeaderMadeItInPlaceOfOurs() {
    Reservation first = known(reservations.reserve(SUBNET, ADDRESS));
    cloud.deleteReservation(first.id());
    reservedBy("cls-1");

    known(reservations.unreserve(ADDRESS, () -> true));

    assertThat(cloud.reserved()).isEmpty();
  }

  @Test
  void shouldKeepTheReservationWhenItsEndIsNoLongerWanted() {
    known(reservations.reserve(SUBNET, ADDRESS));

    assertThat(failure(reservations.unreserve(ADDRESS, () -> false)).kind())
        .isEqualTo(Kind.TRANSIENT);
    assertThat(
            failure(
                reservations.unreserve(
                    ADDRESS,
                    () -> {
                      throw new IllegalStateException("no answer");
                    })))
        .hasMessageContaining("cannot tell whether it is still needed");

    assertThat(cloud.reserved()).hasSize(1);
    assertThat(cloud.calls(DELETE_RESERVE_IP_ADDRESSES)).isEmpty();
  }

  @Test
  void shouldAskForNothingButTheAddressWhenTheCloudGivesItAsItIs() {
    cloud.assignTakesReserved(true);
    known(reservations.reserve(SUBNET, ADDRESS));

    result(reservations.assignReserved(ENI, ADDRESS, false));

    assertThat(isOnTheEni()).isTrue();
    assertThat(cloud.reserved())
        .singleElement()
        .extracting(Reservation::boundTo)
        .isEqualTo(Optional.of(ENI));
    assertThat(cloud.calls(DESCRIBE_RESERVE_IP_ADDRESSES)).isEmpty();
  }

  @Test
  void shouldEndTheReservationWhenTheCloudRefusesTheAddressOverIt() {
    known(reservations.reserve(SUBNET, ADDRESS));

    result(reservations.assignReserved(ENI, ADDRESS, false));

    assertThat(isOnTheEni()).isTrue();
    assertThat(cloud.reserved()).isEmpty();
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSize(2);
  }

  @Test
  void shouldNotWaitForAnEchoWhenTheAddressMayBeThere() {
    known(reservations.reserve(SUBNET, ADDRESS));
    long start = System.nanoTime();

    result(reservations.assignReserved(ENI, ADDRESS, true));

    assertThat(isOnTheEni()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(QUICK.staleness());
  }

  @Test
  void shouldShareTheCallsWhenManyReservedAddressesReturn() {
    var addresses = IntStream.range(20, 30).mapToObj(i -> Ip.parse("10.0.0." + i)).toList();
    addresses.forEach(address -> known(reservations.reserve(SUBNET, address)));

    var stages = addresses.stream().map(ip -> reservations.assignReserved(ENI, ip, false)).toList();
    stages.forEach(ReservedAddressesTest::result);

    assertThat(cloud.reserved()).isEmpty();
    assertThat(cloud.calls(ASSIGN_PRIVATE_IP_ADDRESSES)).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void shouldAssignWhatAProcessBeforeHasFreedWhenTheListOfUsedAddressesIsBehind() {
    Ip freed = Ip.parse("10.0.0.8");
    cloud.nameAsUsed(freed);
    reservedBy("cls-1");

    var first = reservations.assignReserved(ENI, ADDRESS, true);
    var second = reservations.assignReserved(ENI, freed, true);

    result(first);
    result(second);
    assertThat(cloud.eni(ENI).orElseThrow().addresses()).hasSize(3);
  }

  @Test
  void shouldSayTakenWhenTheReservedAddressIsNotOurs() {
    reservedBy("cls-2");

    assertThat(failure(reservations.assignReserved(ENI, ADDRESS, false)).kind())
        .isEqualTo(Kind.ADDRESS_TAKEN);
    assertThat(cloud.reserved()).hasSize(1);
  }

  @Test
  void shouldSayDeniedWhenOurReservationCannotBeEnded() {
    reservedBy("cls-1");
    cloud.denyEndingReservations(true);

    CloudException e = failure(reservations.assignReserved(ENI, ADDRESS, false));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining("cannot end the reservation");
  }

  @ParameterizedTest(name = "made by this process: {0}")
  @ValueSource(booleans = {true, false})
  void shouldNotSayThatItIsOverWhenOurReservationCannotBeEnded(boolean remembered) {
    if (remembered) {
      known(reservations.reserve(SUBNET, ADDRESS));
    } else {
      reservedBy("cls-1");
    }
    cloud.denyEndingReservations(true);

    CloudException e = failure(reservations.unreserve(ADDRESS, () -> true));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(cloud.reserved()).hasSize(1);
  }

  @Test
  void shouldHoldTheAddressAgainWhenTheEniHasNoRoomAfterAll() {
    known(reservations.reserve(SUBNET, ADDRESS));
    cloud.limitAddressesPerEni(1);

    assertThat(failure(reservations.assignReserved(ENI, ADDRESS, false)).kind())
        .isEqualTo(Kind.QUOTA);

    assertThat(cloud.reserved()).extracting(Reservation::address).containsExactly(ADDRESS);
  }

  private boolean isOnTheEni() {
    return cloud.eni(ENI).orElseThrow().address(ADDRESS).isPresent();
  }

  private void reservedBy(String cluster) {
    cloud.addReservation(
        new Reservation(
            "rsvip-theirs",
            SUBNET,
            ADDRESS,
            "eni-ipamd-" + ADDRESS,
            Optional.empty(),
            Map.of("cluster", cluster)));
  }

  private static <T> T known(CompletionStage<Answer<T>> stage) {
    return result(stage).known().orElseThrow();
  }

  private static <T> T result(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static CloudException failure(CompletionStage<?> stage) {
    try {
      Object unexpected = stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
      throw new AssertionError("no failure but " + unexpected);
    } catch (ExecutionException e) {
      return (CloudException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
