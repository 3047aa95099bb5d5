package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.NODE_1;
import static io.eniipamd.simulator.Sdk.NODE_2;
import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static io.eniipamd.simulator.Sdk.ZONE_4_NODE;
import static io.eniipamd.simulator.Sdk.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.vpc.v20170312.models.CreateAndAttachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.MigrateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.ModifyNetworkInterfaceAttributeRequest;
import com.tencentcloudapi.vpc.v20170312.models.NetworkInterface;
import com.tencentcloudapi.vpc.v20170312.models.Tag;
import com.tencentcloudapi.vpc.v20170312.models.UnassignPrivateIpAddressesRequest;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.layout.VpcLayout.Latencies;
import io.eniipamd.simulator.model.VpcSnapshot;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of an ENI, through the real SDK. */
class EniLifecycleTest {
  private final SteppedClock clock = SteppedClock.at(Instant.now());
  private final SimulatedVpc cloud = SimulatedVpc.start(VpcLayout.standard(), 0, clock, 1);
  private final Sdk sdk = new Sdk(cloud, clock);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void shouldHaveTheNamedPrimaryAddressWhenAnEniIsCreated() throws TencentCloudSDKException {
    // given
    CreateNetworkInterfaceRequest request = sdk.eniRequest(ZONE_3_SUBNET, "10.0.0.77");
    Tag tag = new Tag();
    tag.setKey("cluster");
    tag.setValue("cls-1");
    request.setTags(new Tag[] {tag});

    // when
    NetworkInterface made = sdk.vpc.CreateNetworkInterface(request).getNetworkInterface();

    // then
    assertThat(made.getState()).isEqualTo("PENDING");
    assertThat(made.getNetworkInterfaceId()).startsWith("eni-");
    assertThat(made.getZone()).isEqualTo("ap-guangzhou-3");
    assertThat(made.getMacAddress()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    assertThat(made.getCreatedTime()).matches("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}");
    assertThat(made.getTagSet()[0].getValue()).isEqualTo("cls-1");
    assertThat(made.getGroupSet()).containsExactly("sg-abc");
    assertThat(made.getPrivateIpAddressSet()[0].getPrivateIpAddress()).isEqualTo("10.0.0.77");
    assertThat(made.getPrivateIpAddressSet()[0].getPrimary()).isTrue();
    sdk.awaitIdle();
    NetworkInterface ready = sdk.eni(made.getNetworkInterfaceId());
    assertThat(ready.getState()).isEqualTo("AVAILABLE");
    assertThat(ready.getAttachment()).isNull();
    assertThat(ready.getPrivateIpAddressSet()[0].getState()).isEqualTo("AVAILABLE");
  }

  @Test
  void shouldHaveTheGroupsThatItWasGivenAndRefuseThoseThatDoNotExist()
      throws TencentCloudSDKException {
    // given
    String eni = sdk.createEni(ZONE_3_SUBNET, null);
    cloud.settings().setMissingSecurityGroups(List.of("sg-gone"));

    // when
    sdk.vpc.ModifyNetworkInterfaceAttribute(groups(eni, "sg-b", "sg-a"));

    // then
    assertThat(sdk.eni(eni).getGroupSet()).containsExactly("sg-b", "sg-a");
    assertRefused(
        "ResourceNotFound",
        () -> sdk.vpc.ModifyNetworkInterfaceAttribute(groups(eni, "sg-a", "sg-gone")));
    assertRefused(
        "ResourceNotFound",
        () -> sdk.vpc.ModifyNetworkInterfaceAttribute(groups("eni-00000000", "sg-a")));
    assertRefused("MissingParameter", () -> sdk.vpc.ModifyNetworkInterfaceAttribute(groups(eni)));
    CreateNetworkInterfaceRequest another = sdk.eniRequest(ZONE_3_SUBNET, null);
    another.setSecurityGroupIds(new String[] {"sg-gone"});
    assertRefused("ResourceNotFound", () -> sdk.vpc.CreateNetworkInterface(another));
    assertThat(sdk.eni(eni).getGroupSet()).containsExactly("sg-b", "sg-a");
  }

  private static ModifyNetworkInterfaceAttributeRequest groups(String eni, String... groups) {
    var request = new ModifyNetworkInterfaceAttributeRequest();
    request.setNetworkInterfaceId(eni);
    request.setSecurityGroupIds(groups);
    return request;
  }

  @Test
  void shouldBeInUseWhenTheAttachingHasEnded() throws TencentCloudSDKException {
    // given
    String eni = sdk.createEni(ZONE_3_SUBNET, null);

    // when
    String task = sdk.attach(eni, NODE_1);

    // then
    NetworkInterface meanwhile = sdk.eni(eni);
    assertThat(meanwhile.getState()).isEqualTo("ATTACHING");
    assertThat(sdk.taskStatus(task)).isEqualTo("RUNNING");
    sdk.awaitIdle();
    NetworkInterface after = sdk.eni(eni);
    assertThat(after.getState()).isEqualTo("AVAILABLE");
    assertThat(after.getNetworkInterfaceState()).isEqualTo("INUSE");
    assertThat(after.getAttachment().getInstanceId()).isEqualTo(NODE_1);
    assertThat(after.getAttachment().getDeviceIndex()).isEqualTo(1);
    assertThat(sdk.taskStatus(task)).isEqualTo("SUCCESS");
  }

  @Test
  void shouldLeaveNothingBehindWhenAnEniIsDetachedAndDeleted() throws TencentCloudSDKException {
    // given
    VpcSnapshot before = cloud.snapshot();
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    assertRefused("ResourceInUse", () -> sdk.delete(eni));

    // when
    sdk.detach(eni, NODE_1);
    assertRefused("UnsupportedOperation.InvalidState", () -> sdk.delete(eni));
    sdk.awaitIdle();
    sdk.delete(eni);
    assertThat(sdk.eni(eni).getState()).isEqualTo("DELETING");
    sdk.awaitIdle();

    // then
    assertThat(cloud.snapshot()).isEqualTo(before);
    assertRefused("ResourceNotFound", () -> sdk.delete(eni));
  }

  @Test
  void shouldKeepItsAddressesWhenAnEniMovesToAnotherMachine() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.assign(eni, "10.0.0.100");
    sdk.awaitIdle();
    assertRefused("UnsupportedOperation.AttachmentNotFound", () -> move(eni, NODE_2, NODE_1));
    assertRefused("UnsupportedOperation.ZoneMismatch", () -> move(eni, NODE_1, ZONE_4_NODE));

    // when
    move(eni, NODE_1, NODE_2);

    // then
    assertThat(sdk.eni(eni).getAttachment().getInstanceId()).isEqualTo(NODE_1);
    assertThat(sdk.eni(eni).getState()).isEqualTo("DETACHING");
    sdk.awaitIdle();
    assertThat(sdk.eni(eni).getAttachment().getInstanceId()).isEqualTo(NODE_2);
    assertThat(cloud.snapshot().secondaryAddresses()).containsExactly("10.0.0.100");
  }

  @Test
  void shouldHaveAPlaceThereWhenAnEniIsOnItsWayToAMachine() throws TencentCloudSDKException {
    // given: room for three secondary ENIs, two of them taken
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.createAttached(ZONE_3_SUBNET, NODE_2);
    sdk.createAttached(ZONE_3_SUBNET, NODE_2);
    String late = sdk.createEni(ZONE_3_SUBNET, null);

    // when
    move(eni, NODE_1, NODE_2);

    // then
    assertRefused("LimitExceeded", () -> sdk.attach(late, NODE_2));
  }

  @Test
  void shouldLeaveTheMachineWhenAnUnassignNamesIt() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.assign(eni, "10.0.0.100", "10.0.0.101");
    sdk.awaitIdle();
    UnassignPrivateIpAddressesRequest request = new UnassignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eni);
    request.setPrivateIpAddresses(Sdk.named("10.0.0.100"));
    request.setInstanceId(NODE_2);
    assertRefused(
        "UnsupportedOperation.AttachmentNotFound",
        () -> sdk.vpc.UnassignPrivateIpAddresses(request));

    // when
    request.setInstanceId(NODE_1);
    sdk.vpc.UnassignPrivateIpAddresses(request);
    sdk.awaitIdle();

    // then
    assertThat(sdk.eni(eni).getAttachment()).isNull();
    assertThat(cloud.snapshot().secondaryAddresses()).containsExactly("10.0.0.101");
  }

  private void move(String eni, String from, String to) throws TencentCloudSDKException {
    MigrateNetworkInterfaceRequest request = new MigrateNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eni);
    request.setSourceInstanceId(from);
    request.setDestinationInstanceId(to);
    sdk.vpc.MigrateNetworkInterface(request);
  }

  @Test
  void shouldMakeOneEniOnlyWhenARequestIsRepeatedWithItsToken() throws TencentCloudSDKException {
    // given
    CreateNetworkInterfaceRequest request = sdk.eniRequest(ZONE_3_SUBNET, "10.0.0.9");
    request.setClientToken("token-1");
    String first =
        sdk.vpc.CreateNetworkInterface(request).getNetworkInterface().getNetworkInterfaceId();

    // when
    String second =
        sdk.vpc.CreateNetworkInterface(request).getNetworkInterface().getNetworkInterfaceId();

    // then
    assertThat(second).isEqualTo(first);
    assertThat(cloud.snapshot().secondaryEnis()).hasSize(1);
    request.setNetworkInterfaceName("another");
    assertRefused(
        "UnsupportedOperation.IdempotentParameterMismatch",
        () -> sdk.vpc.CreateNetworkInterface(request));
  }

  @Test
  void shouldBeAskedToWaitWhenATokenIsUsedAgainWhileItsTaskRuns() throws TencentCloudSDKException {
    // given
    cloud.settings().setTokensWaitForTasks(true);
    CreateNetworkInterfaceRequest request = sdk.eniRequest(ZONE_3_SUBNET, "10.0.0.9");
    request.setClientToken("token-1");
    sdk.vpc.CreateNetworkInterface(request);

    // when
    assertRefused(
        "UnsupportedOperation.IdempotentProcessing", () -> sdk.vpc.CreateNetworkInterface(request));
    sdk.awaitIdle();

    // then
    assertThat(sdk.vpc.CreateNetworkInterface(request).getNetworkInterface()).isNotNull();
    assertThat(cloud.snapshot().secondaryEnis()).hasSize(1);
  }

  @Test
  void shouldBeRefusedWhenTheVpcHasAllItsEnis() throws TencentCloudSDKException {
    // given
    cloud.settings().setEnisPerVpc(1);
    sdk.createEni(ZONE_3_SUBNET, null);

    // when, then
    assertRefused(
        "LimitExceeded.NetworkInterfaceLimitExceeded", () -> sdk.createEni(ZONE_3_SUBNET, null));
    cloud.settings().setEnisPerVpc(2);
    assertThat(sdk.createEni(ZONE_3_SUBNET, null)).startsWith("eni-");
  }

  @Test
  void shouldBeRefusedWhenTheInstanceHasAllItsEnis() throws TencentCloudSDKException {
    // given: four cores, so four ENIs with the primary one
    sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    String fourth = sdk.createEni(ZONE_3_SUBNET, null);

    // when, then
    assertRefused("LimitExceeded", () -> sdk.attach(fourth, NODE_1));
    assertThat(sdk.eni(fourth).getAttachment()).isNull();
  }

  @Test
  void shouldBeRefusedWhenTheInstanceIsInAnotherZone() throws TencentCloudSDKException {
    String eni = sdk.createEni(ZONE_3_SUBNET, null);

    assertRefused("UnsupportedOperation.ZoneMismatch", () -> sdk.attach(eni, ZONE_4_NODE));
  }

  @Test
  void shouldBeRefusedWhenTheEniIsOnAnInstanceAlready() throws TencentCloudSDKException {
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);

    assertRefused("UnsupportedOperation.AttachmentAlreadyExists", () -> sdk.attach(eni, NODE_1));
    assertRefused("UnsupportedOperation.AttachmentAlreadyExists", () -> sdk.attach(eni, NODE_2));
    assertRefused("UnsupportedOperation.InvalidState", () -> sdk.detach(eni, NODE_2));
  }

  @Test
  void shouldBeRefusedWhenTheInstanceIsShutDown() throws TencentCloudSDKException {
    String eni = sdk.createEni(ZONE_3_SUBNET, null);
    cloud.setInstanceState(NODE_1, "SHUTDOWN");

    assertRefused("UnsupportedOperation.ResourceIsInvalidState", () -> sdk.attach(eni, NODE_1));
  }

  @Test
  void shouldBeRefusedWhenThePrimaryAddressCannotBeTaken() throws TencentCloudSDKException {
    cloud.addStranger("10.0.0.50");

    assertRefused("ResourceInUse", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.0.50"));
    assertRefused("InvalidParameterValue.Range", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.1.5"));
    assertRefused(
        "InvalidParameterValue.Reserved", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.0.255"));
    assertRefused("InvalidParameterValue.Malformed", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.0"));
    assertRefused("ResourceNotFound", () -> sdk.createEni("subnet-nothere", null));
  }

  @Test
  void shouldMakeAndAttachInOneStepWhenAskedTo() throws TencentCloudSDKException {
    // given
    CreateAndAttachNetworkInterfaceRequest request = new CreateAndAttachNetworkInterfaceRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(ZONE_3_SUBNET);
    request.setInstanceId(NODE_1);
    request.setNetworkInterfaceName("direct");
    request.setAttachType(1L);

    // when
    String eni =
        sdk.vpc.CreateAndAttachNetworkInterface(request)
            .getNetworkInterface()
            .getNetworkInterfaceId();
    sdk.awaitIdle();

    // then
    assertThat(sdk.eni(eni).getAttachment().getInstanceId()).isEqualTo(NODE_1);
    assertThat(sdk.eni(eni).getAttachType()).isEqualTo(1);
  }

  @Test
  void shouldStayWithoutAMachineWhenItsMachineEnds() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);

    // when
    cloud.removeInstance(NODE_1);

    // then
    assertThat(sdk.eni(eni).getAttachment()).isNull();
    assertThat(sdk.eniIdsWhere("attachment.instance-id", NODE_1)).isEmpty();
  }

  @Test
  void shouldBeTakenBackWhenTheTaskFails() throws TencentCloudSDKException {
    // given
    VpcSnapshot before = cloud.snapshot();
    cloud.faults().once("CreateNetworkInterface", Fault.taskFails());

    // when
    sdk.vpc.CreateNetworkInterface(sdk.eniRequest(ZONE_3_SUBNET, null));
    sdk.awaitIdle();

    // then
    assertThat(cloud.snapshot()).isEqualTo(before);
  }

  @Test
  void shouldBeReadyAtOnceWhenTasksTakeNoTime() throws TencentCloudSDKException {
    try (SimulatedVpc quick =
        SimulatedVpc.start(VpcLayout.standard().withLatencies(Latencies.none()))) {
      Sdk client = new Sdk(quick);
      String eni =
          client.vpc.CreateNetworkInterface(client.eniRequest(ZONE_3_SUBNET, null))
              .getNetworkInterface()
              .getNetworkInterfaceId();

      assertThat(client.eni(eni).getState()).isEqualTo("AVAILABLE");
    }
  }
}
