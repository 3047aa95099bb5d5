package io.eniipamd.cloud.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.tencent.Credentials;
import io.eniipamd.cloud.tencent.TencentSettings;
import io.eniipamd.cloud.tencent.TencentVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.Holder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reserved addresses through the real SDK; the cloud may treat an assign of one in two ways. */
class ReservedAddressesOnSimulatorTest {

  private static final String SUBNET = "subnet-gz3pods1";
  private static final Ip ADDRESS = Ip.parse("10.0.0.77");

  private static final OperationSettings QUICK =
      new OperationSettings(
          Duration.ofMillis(10),
          Duration.ofMillis(20),
          Duration.ofMillis(60),
          Duration.ofMillis(400),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          6,
          Duration.ofMillis(20),
          Duration.ofMillis(100));

  private SimulatedVpc vpc;
  private CloudStack stack;
  private AddressReservations reservations;
  private String eni;

  @BeforeEach
  void start() {
    vpc = SimulatedVpc.start(VpcLayout.standard().withLatencies(VpcLayout.Latencies.none()));
    var adapter =
        new TencentVpcCloud(
            TencentSettings.of(Optional.of(URI.create(vpc.endpoint())), vpc.region(), vpc.vpcId()),
            () -> Credentials.permanent(vpc.secretId(), vpc.secretKey()));
    stack =
        CloudStack.build(
            adapter,
            new CloudStack.Settings(1_000, QUICK, Map.of("eni-ipamd-cluster", "cls-1")),
            Fence.OPEN,
            CallObserver.NONE);
    reservations = stack.reservations();
    eni =
        adapter
            .createNetworkInterface(
                new EniSpec(
                    "eni-of-test", SUBNET, Ip.parse("10.0.0.70"), List.of(), Map.of(), "token"))
            .id();
  }

  @AfterEach
  void stop() {
    stack.close();
    vpc.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldComeBackToAnEniWhenTheAddressWasReserved(boolean assignTakesReserved) {
    vpc.settings().setAssignTakesReserved(assignTakesReserved);
    assertThat(result(reservations.reserve(SUBNET, ADDRESS)).known()).isPresent();
    assertThat(vpc.holderOf(ADDRESS.toString()).orElseThrow()).isInstanceOf(Holder.Reserved.class);

    var unused = result(reservations.assignReserved(eni, ADDRESS, false));

    assertThat(vpc.holderOf(ADDRESS.toString())).contains(new Holder.Eni(eni));
    assertThat(vpc.snapshot().reservations()).hasSize(assignTakesReserved ? 1 : 0);
    assertThat(vpc.record().countOf("DeleteReserveIpAddresses"))
        .isEqualTo(assignTakesReserved ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldComeBackToAnEniWhenEveryAnswerIsLostOnce(boolean assignTakesReserved) {
    vpc.settings().setAssignTakesReserved(assignTakesReserved);
    for (String action :
        List.of(
            "CreateReserveIpAddresses", "AssignPrivateIpAddresses", "DeleteReserveIpAddresses")) {
      vpc.faults().once(action, Fault.cutAfter());
    }
    assertThat(result(reservations.reserve(SUBNET, ADDRESS)).known()).isPresent();

    var unused = result(reservations.assignReserved(eni, ADDRESS, false));

    assertThat(vpc.holderOf(ADDRESS.toString())).contains(new Holder.Eni(eni));
    assertThat(vpc.record().countOf("CreateReserveIpAddresses")).isEqualTo(1);
  }

  @Test
  void shouldBeFreeForEverybodyWhenTheAddressIsTakenOffAndItsReservationEnded() {
    assertThat(result(reservations.reserve(SUBNET, ADDRESS)).known()).isPresent();
    var assigned = result(reservations.assignReserved(eni, ADDRESS, false));
    var taken = result(stack.operations().unassign(eni, ADDRESS, () -> true));
    assertThat(vpc.holderOf(ADDRESS.toString()).orElseThrow()).isInstanceOf(Holder.Reserved.class);

    var ended = result(reservations.unreserve(ADDRESS, () -> true));

    assertThat(List.of(assigned, taken, ended.known().orElseThrow())).doesNotContainNull();
    assertThat(vpc.holderOf(ADDRESS.toString())).isEmpty();
  }

  @Test
  void shouldNotKnowWhenTheRoleMayNotReserve() {
    vpc.faults().once("CreateReserveIpAddresses", Fault.error("AuthFailure.UnauthorizedOperation"));

    assertThat(result(reservations.reserve(SUBNET, ADDRESS))).isInstanceOf(Answer.Unknown.class);
    assertThat(vpc.holderOf(ADDRESS.toString())).isEmpty();
  }

  @Test
  void shouldLeaveTheAddressAloneWhenAStrangerHasIt() {
    vpc.addStranger(ADDRESS.toString());

    assertThatThrownBy(() -> result(reservations.assignReserved(eni, ADDRESS, false)))
        .hasStackTraceContaining("in use by another user of the VPC");
    assertThat(vpc.record().countOf("DeleteReserveIpAddresses")).isZero();
  }

  private static <T> T result(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
