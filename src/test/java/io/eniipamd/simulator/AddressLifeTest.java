package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.NODE_1;
import static io.eniipamd.simulator.Sdk.NODE_2;
import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static io.eniipamd.simulator.Sdk.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.vpc.v20170312.models.AssignPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeUsedIpAddressRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.IpAddressStates;
import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import com.tencentcloudapi.vpc.v20170312.models.VpcPrivateIpAddress;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.VpcSnapshot;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Secondary addresses, through the real SDK. */
class AddressLifeTest {
  private final SteppedClock clock = SteppedClock.at(Instant.now());
  private final SimulatedVpc cloud = SimulatedVpc.start(VpcLayout.standard(), 0, clock, 1);
  private final Sdk sdk = new Sdk(cloud, clock);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void shouldBeAvailableWhenTheAssigningHasEnded() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);

    // when
    sdk.assign(eni, "10.0.0.100", "10.0.0.101");

    // then
    assertThat(statesOn(eni)).contains("10.0.0.100 PENDING", "10.0.0.101 PENDING");
    sdk.awaitIdle();
    assertThat(statesOn(eni)).contains("10.0.0.100 AVAILABLE", "10.0.0.101 AVAILABLE");
    assertThat(cloud.holderOf("10.0.0.100").orElseThrow().label()).isEqualTo(eni);
  }

  @Test
  void shouldBePendingForAsLongAsTasksTakeAtLeast() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    cloud.settings().setShortestTask(Duration.ofSeconds(90));

    // when
    sdk.assign(eni, "10.0.0.100");

    // then
    clock.advance(Duration.ofSeconds(89));
    assertThat(statesOn(eni)).contains("10.0.0.100 PENDING");
    clock.advance(Duration.ofSeconds(1));
    assertThat(statesOn(eni)).contains("10.0.0.100 AVAILABLE");
  }

  @Test
  void shouldBeFreeWhenTheUnassigningHasEnded() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    VpcSnapshot before = cloud.snapshot();
    sdk.assign(eni, "10.0.0.100");
    sdk.awaitIdle();

    // when
    sdk.unassign(eni, "10.0.0.100");

    // then
    assertThat(statesOn(eni)).contains("10.0.0.100 DELETING");
    sdk.awaitIdle();
    assertThat(cloud.snapshot()).isEqualTo(before);
    assertRefused("UnsupportedOperation.AttachmentNotFound", () -> sdk.unassign(eni, "10.0.0.100"));
  }

  @Test
  void shouldNeverBeFreeWhenItMigrates() throws TencentCloudSDKException {
    // given
    String from = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    String to = sdk.createAttached(ZONE_3_SUBNET, NODE_2);
    sdk.assign(from, "10.0.0.100");
    sdk.awaitIdle();
    long available = cloud.snapshot().subnet(ZONE_3_SUBNET).available();

    // when
    sdk.migrate(from, to, "10.0.0.100");

    // then
    assertThat(statesOn(from)).contains("10.0.0.100 MIGRATING");
    assertThat(cloud.holderOf("10.0.0.100")).isPresent();
    sdk.awaitIdle();
    assertThat(statesOn(from)).hasSize(1);
    assertThat(statesOn(to)).contains("10.0.0.100 AVAILABLE");
    assertThat(cloud.snapshot().subnet(ZONE_3_SUBNET).available()).isEqualTo(available);
  }

  @Test
  void shouldBeRefusedWhenAMigrationIsNotPossible() throws TencentCloudSDKException {
    // given
    String from = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    String to = sdk.createAttached(ZONE_3_SUBNET, NODE_2);
    String elsewhere = sdk.createAttached("subnet-gz3pods2", NODE_2);
    sdk.assign(from, "10.0.0.100");
    sdk.awaitIdle();
    String primary = sdk.eni(from).getPrivateIpAddressSet()[0].getPrivateIpAddress();

    // when, then
    assertRefused("UnauthorizedOperation.PrimaryIp", () -> sdk.migrate(from, to, primary));
    assertRefused(
        "UnauthorizedOperation.AttachmentNotFound", () -> sdk.migrate(to, from, "10.0.0.100"));
    assertRefused("UnsupportedOperation", () -> sdk.migrate(from, elsewhere, "10.0.0.100"));
    assertRefused("ResourceNotFound", () -> sdk.migrate(from, "eni-nothere", "10.0.0.100"));
    sdk.vpc.AssignPrivateIpAddresses(counted(to, 9));
    sdk.awaitIdle();
    assertRefused("LimitExceeded", () -> sdk.migrate(from, to, "10.0.0.100"));
  }

  @Test
  void shouldRefuseTheWholeBatchWhenOneAddressIsInUse() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    cloud.addStranger("10.0.0.101", "lb-1");
    VpcSnapshot before = cloud.snapshot();

    // when
    assertRefused("ResourceInUse", () -> sdk.assign(eni, "10.0.0.100", "10.0.0.101"));

    // then
    assertThat(cloud.snapshot()).isEqualTo(before);
    assertThat(used("10.0.0.100", "10.0.0.101")).containsExactly("10.0.0.101");
    cloud.removeStranger("10.0.0.101");
    sdk.assign(eni, "10.0.0.100", "10.0.0.101");
    assertThat(used("10.0.0.100", "10.0.0.101")).containsExactly("10.0.0.100", "10.0.0.101");
  }

  @Test
  void shouldRefuseAnotherOperationWhenOneIsRunningOnTheEni() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    String other = sdk.createAttached(ZONE_3_SUBNET, NODE_2);

    // when
    sdk.assign(eni, "10.0.0.100");

    // then
    String mutex = "UnsupportedOperation.MutexOperationTaskRunning";
    assertRefused(mutex, () -> sdk.assign(eni, "10.0.0.101"));
    assertRefused(mutex, () -> sdk.unassign(eni, "10.0.0.100"));
    assertRefused(mutex, () -> sdk.migrate(eni, other, "10.0.0.100"));
    assertRefused("UnsupportedOperation.InvalidState", () -> sdk.detach(eni, NODE_1));
    sdk.awaitIdle();
    sdk.assign(eni, "10.0.0.101");
  }

  @Test
  void shouldBeRefusedWhenTheEniIsNotReady() throws TencentCloudSDKException {
    String eni =
        sdk.vpc.CreateNetworkInterface(sdk.eniRequest(ZONE_3_SUBNET, null))
            .getNetworkInterface()
            .getNetworkInterfaceId();

    assertRefused("UnsupportedOperation.InvalidState", () -> sdk.assign(eni, "10.0.0.100"));
  }

  @Test
  void shouldBeRefusedWhenTheEniHasNoSlotLeft() throws TencentCloudSDKException {
    // given: ten addresses for an ENI of a machine of four cores, one of them primary
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.vpc.AssignPrivateIpAddresses(counted(eni, 9));
    sdk.awaitIdle();

    // when, then
    assertRefused("LimitExceeded", () -> sdk.assign(eni, "10.0.0.100"));
    assertThat(sdk.eni(eni).getPrivateIpAddressSet()).hasSize(10);
  }

  @Test
  void shouldBeRefusedWhenTheSubnetIsFull() throws TencentCloudSDKException {
    // given
    cloud.addSubnet(new VpcLayout.Subnet("subnet-tiny", "tiny", "10.0.9.0/29", "ap-guangzhou-3"));
    String eni = sdk.createAttached("subnet-tiny", NODE_1);
    assertThat(sdk.subnet("subnet-tiny").getTotalIpAddressCount()).isEqualTo(5);

    // when
    sdk.vpc.AssignPrivateIpAddresses(counted(eni, 4));
    sdk.awaitIdle();

    // then
    assertThat(sdk.subnet("subnet-tiny").getAvailableIpAddressCount()).isZero();
    assertRefused(
        "ResourceInsufficient.Subnet", () -> sdk.vpc.AssignPrivateIpAddresses(counted(eni, 1)));
    assertRefused("ResourceInsufficient.Subnet", () -> sdk.createEni("subnet-tiny", null));
  }

  @Test
  void shouldBeRefusedWhenARequestIsWrong() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    String primary = sdk.eni(eni).getPrivateIpAddressSet()[0].getPrivateIpAddress();
    String[] eleven = IntStream.range(100, 111).mapToObj(i -> "10.0.0." + i).toArray(String[]::new);

    // when, then
    assertRefused("InvalidParameterValue.LimitExceeded", () -> sdk.assign(eni, eleven));
    assertRefused(
        "InvalidParameterValue.DuplicatePara", () -> sdk.assign(eni, "10.0.0.100", "10.0.0.100"));
    assertRefused("InvalidParameterValue.Range", () -> sdk.assign(eni, "10.0.2.100"));
    assertRefused("InvalidParameterValue.Reserved", () -> sdk.assign(eni, "10.0.0.1"));
    assertRefused("InvalidParameterValue.Malformed", () -> sdk.assign(eni, "10.0.0.999"));
    assertRefused("InvalidParameterValue.Malformed", () -> sdk.assign("nonsense", "10.0.0.100"));
    assertRefused("MissingParameter", () -> sdk.assign(eni));
    assertRefused("ResourceNotFound", () -> sdk.assign("eni-nothere", "10.0.0.100"));
    assertRefused("InvalidParameterValue.Malformed", () -> sdk.unassign(eni, primary));
  }

  @Test
  void shouldTellWhoHasAnAddressWhenUsedOnesAreAskedFor() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.assign(eni, "10.0.0.100");
    cloud.addStranger("10.0.0.200", "lb-1");
    DescribeUsedIpAddressRequest request = new DescribeUsedIpAddressRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(ZONE_3_SUBNET);
    request.setIpAddresses(new String[] {"10.0.0.100", "10.0.0.101", "10.0.0.200"});

    // when, then
    assertThat(sdk.vpc.DescribeUsedIpAddress(request).getIpAddressStates())
        .extracting(IpAddressStates::getIpAddress, IpAddressStates::getResourceId)
        .containsExactly(tuple("10.0.0.100", eni), tuple("10.0.0.200", "lb-1"));
    request.setIpAddresses(new String[] {"10.0.2.5"});
    assertRefused(
        "InvalidParameterValue.ParameterMismatch", () -> sdk.vpc.DescribeUsedIpAddress(request));
    request.setIpAddresses(null);
    request.setFilters(new Filter[] {Sdk.filter("resource-id", eni)});
    assertThat(sdk.vpc.DescribeUsedIpAddress(request).getTotalCount()).isEqualTo(2);
  }

  @Test
  void shouldCountEveryUseWhenASubnetIsDescribed() throws TencentCloudSDKException {
    // given: three machines have their own address in this subnet
    assertThat(sdk.subnet(ZONE_3_SUBNET).getTotalIpAddressCount()).isEqualTo(253);
    assertThat(sdk.subnet(ZONE_3_SUBNET).getAvailableIpAddressCount()).isEqualTo(250);

    // when
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.assign(eni, "10.0.0.100", "10.0.0.101");
    cloud.addStranger("10.0.0.200");

    // then
    assertThat(sdk.subnet(ZONE_3_SUBNET).getAvailableIpAddressCount()).isEqualTo(246);
  }

  private AssignPrivateIpAddressesRequest counted(String eni, long count) {
    AssignPrivateIpAddressesRequest request = new AssignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eni);
    request.setSecondaryPrivateIpAddressCount(count);
    return request;
  }

  private List<String> used(String... ips) throws TencentCloudSDKException {
    DescribeVpcPrivateIpAddressesRequest request = new DescribeVpcPrivateIpAddressesRequest();
    request.setVpcId(cloud.vpcId());
    request.setPrivateIpAddresses(ips);
    return Arrays.stream(sdk.vpc.DescribeVpcPrivateIpAddresses(request).getVpcPrivateIpAddressSet())
        .map(VpcPrivateIpAddress::getPrivateIpAddress)
        .toList();
  }

  private List<String> statesOn(String eni) throws TencentCloudSDKException {
    return Arrays.stream(sdk.eni(eni).getPrivateIpAddressSet())
        .map((PrivateIpAddressSpecification a) -> a.getPrivateIpAddress() + " " + a.getState())
        .toList();
  }
}
