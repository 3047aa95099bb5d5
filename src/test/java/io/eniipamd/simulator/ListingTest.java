package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.NODE_1;
import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static io.eniipamd.simulator.Sdk.ZONE_4_SUBNET;
import static io.eniipamd.simulator.Sdk.assertRefused;
import static io.eniipamd.simulator.Sdk.filter;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.Instance;
import com.tencentcloudapi.vpc.v20170312.models.CreateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DeleteReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfaceLimitRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfaceLimitResponse;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfacesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfacesResponse;
import com.tencentcloudapi.vpc.v20170312.models.DescribeReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeSubnetsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcLimitsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcsRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.ReserveIpAddressInfo;
import com.tencentcloudapi.vpc.v20170312.models.Subnet;
import com.tencentcloudapi.vpc.v20170312.models.Tag;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.layout.VpcLayout.Latencies;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Looking at the VPC through the real SDK: filters, pages, limits, machines, reserved addresses.
 */
class ListingTest {
  private final SimulatedVpc cloud =
      SimulatedVpc.start(VpcLayout.standard().withLatencies(Latencies.none()));
  private final Sdk sdk = new Sdk(cloud);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void shouldListTheSubnetsOfAZoneWhenFiltered() throws TencentCloudSDKException {
    DescribeSubnetsRequest request = new DescribeSubnetsRequest();
    request.setFilters(new Filter[] {filter("zone", "ap-guangzhou-3")});
    request.setLimit("1");
    request.setOffset("1");

    Subnet[] subnets = sdk.vpc.DescribeSubnets(request).getSubnetSet();

    assertThat(subnets).hasSize(1);
    assertThat(subnets[0].getSubnetId()).isEqualTo("subnet-gz3pods2");
    assertThat(subnets[0].getCidrBlock()).isEqualTo("10.0.1.0/24");
    assertThat(subnets[0].getZone()).isEqualTo("ap-guangzhou-3");
    assertThat(subnets[0].getVpcId()).isEqualTo(cloud.vpcId());
  }

  @Test
  void shouldRefuseWhenASubnetDoesNotExistOrTheRequestIsWrong() {
    assertRefused("ResourceNotFound", () -> sdk.subnet("subnet-nothere"));
    assertRefused("InvalidParameterValue.Malformed", () -> sdk.subnet("vpc-nothere"));
    DescribeSubnetsRequest both = new DescribeSubnetsRequest();
    both.setSubnetIds(new String[] {ZONE_3_SUBNET});
    both.setFilters(new Filter[] {filter("zone", "ap-guangzhou-3")});
    assertRefused("InvalidParameter.Coexist", () -> sdk.vpc.DescribeSubnets(both));
    DescribeSubnetsRequest unknown = new DescribeSubnetsRequest();
    unknown.setFilters(new Filter[] {filter("colour", "green")});
    assertRefused("InvalidParameter.FilterInvalidKey", () -> sdk.vpc.DescribeSubnets(unknown));
    DescribeSubnetsRequest far = new DescribeSubnetsRequest();
    far.setLimit("101");
    assertRefused("InvalidParameterValue.Range", () -> sdk.vpc.DescribeSubnets(far));
  }

  @Test
  void shouldDescribeTheVpc() throws TencentCloudSDKException {
    DescribeVpcsRequest request = new DescribeVpcsRequest();
    request.setVpcIds(new String[] {cloud.vpcId()});

    assertThat(sdk.vpc.DescribeVpcs(request).getVpcSet()[0].getCidrBlock())
        .isEqualTo("10.0.0.0/16");
  }

  @Test
  void shouldFindEnisByTagInstanceAndAddress() throws TencentCloudSDKException {
    // given
    String ours = tagged(ZONE_3_SUBNET, "10.0.0.21", "cls-1");
    String others = tagged(ZONE_3_SUBNET, "10.0.0.121", "cls-2");
    sdk.attach(ours, NODE_1);

    // when, then
    assertThat(sdk.eniIdsWhere("tag:cluster", "cls-1")).containsExactly(ours);
    assertThat(sdk.eniIdsWhere("tag-key", "cluster")).containsExactly(ours, others);
    assertThat(sdk.eniIdsWhere("attachment.instance-id", NODE_1, "is-primary", "false"))
        .containsExactly(ours);
    assertThat(sdk.eniIdsWhere("attachment.instance-id", NODE_1)).hasSize(2);
    assertThat(sdk.eniIdsWhere("address-ip", "10.0.0.21")).containsExactly(ours);
    assertThat(sdk.eniIdsWhere("address-ip", "21")).containsExactly(ours, others);
    assertThat(sdk.eniIdsWhere("address-ip", "21", "ip-exact-match", "true")).isEmpty();
    assertThat(sdk.eniIdsWhere("subnet-id", ZONE_4_SUBNET, "is-primary", "false")).isEmpty();
    assertThat(sdk.eniIdsWhere("network-interface-id", ours)).containsExactly(ours);
    assertThat(sdk.eniIdsWhere("vpc-id", "vpc-another")).isEmpty();
  }

  @Test
  void shouldListPageByPageWhenThereAreManyEnis() throws TencentCloudSDKException {
    // given
    for (int i = 0; i < 25; i++) {
      tagged(ZONE_3_SUBNET, null, "cls-1");
    }
    DescribeNetworkInterfacesRequest request = new DescribeNetworkInterfacesRequest();
    request.setFilters(new Filter[] {filter("tag:cluster", "cls-1")});

    // when
    DescribeNetworkInterfacesResponse first = sdk.vpc.DescribeNetworkInterfaces(request);
    request.setOffset(20L);
    DescribeNetworkInterfacesResponse second = sdk.vpc.DescribeNetworkInterfaces(request);

    // then
    assertThat(first.getTotalCount()).isEqualTo(25);
    assertThat(first.getNetworkInterfaceSet()).hasSize(20);
    assertThat(second.getNetworkInterfaceSet()).hasSize(5);
  }

  @Test
  void shouldLeaveOutWhatDoesNotExistWhenEnisAreAskedById() throws TencentCloudSDKException {
    String eni = tagged(ZONE_3_SUBNET, null, "cls-1");
    DescribeNetworkInterfacesRequest request = new DescribeNetworkInterfacesRequest();
    request.setNetworkInterfaceIds(new String[] {eni, "eni-nothere"});
    request.setLimit(100L);

    assertThat(sdk.vpc.DescribeNetworkInterfaces(request).getTotalCount()).isEqualTo(1);
    cloud.settings().setUnknownIdsRefused(true);
    assertRefused("ResourceNotFound", () -> sdk.vpc.DescribeNetworkInterfaces(request));
  }

  @Test
  void shouldShowTheStateOfBeforeWhenReadsAreBehind() throws TencentCloudSDKException {
    // given
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    cloud.settings().setReadsBehind(Duration.ofSeconds(30));

    // when
    sdk.assign(eni, "10.0.0.100");
    String late = tagged(ZONE_3_SUBNET, null, "cls-1");

    // then
    assertThat(sdk.eni(eni).getPrivateIpAddressSet()).hasSize(1);
    assertThat(sdk.eniIdsWhere("network-interface-id", late)).isEmpty();
    cloud.settings().setReadsBehind(Duration.ZERO);
    assertThat(sdk.eni(eni).getPrivateIpAddressSet()).hasSize(2);
    assertThat(sdk.eniIdsWhere("network-interface-id", late)).containsExactly(late);
  }

  @Test
  void shouldTellTheLimitsOfAMachineByItsCores() throws TencentCloudSDKException {
    cloud.addInstance(
        new VpcLayout.Instance(
            "ins-big00001", "big", "ap-guangzhou-3", "S5.6XLARGE", 24, 96, ZONE_3_SUBNET, null));

    assertThat(limits(NODE_1).getEniQuantity()).isEqualTo(4);
    assertThat(limits(NODE_1).getEniPrivateIpAddressQuantity()).isEqualTo(10);
    assertThat(limits("ins-big00001").getEniQuantity()).isEqualTo(8);
    assertThat(limits("ins-big00001").getEniPrivateIpAddressQuantity()).isEqualTo(30);
    assertRefused("InvalidInstanceId.NotFound", () -> limits("ins-nothere"));
    assertRefused("InvalidParameterValue.Malformed", () -> limits("node-1"));
  }

  @Test
  void shouldTellTheLimitsOfTheVpc() throws TencentCloudSDKException {
    cloud.settings().setEnisPerVpc(12);
    DescribeVpcLimitsRequest request = new DescribeVpcLimitsRequest();
    request.setLimitTypes(new String[] {"vpc-max-enis"});

    assertThat(sdk.vpc.DescribeVpcLimits(request).getVpcLimitSet()[0].getLimitValue())
        .isEqualTo(12);
  }

  @Test
  void shouldDescribeMachinesWithZoneAndCores() throws TencentCloudSDKException {
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceIds(new String[] {NODE_1, "ins-nothere"});

    Instance[] found = sdk.cvm.DescribeInstances(request).getInstanceSet();

    assertThat(found).hasSize(1);
    assertThat(found[0].getPlacement().getZone()).isEqualTo("ap-guangzhou-3");
    assertThat(found[0].getCPU()).isEqualTo(4);
    assertThat(found[0].getInstanceState()).isEqualTo("RUNNING");
    assertThat(found[0].getVirtualPrivateCloud().getVpcId()).isEqualTo(cloud.vpcId());
    assertThat(found[0].getPrivateIpAddresses()).hasSize(1);
    request.setInstanceIds(new String[] {"node-1"});
    assertRefused("InvalidInstanceId.Malformed", () -> sdk.cvm.DescribeInstances(request));
  }

  @Test
  void shouldKeepAReservedAddressFromOthersUntilItIsDeleted() throws TencentCloudSDKException {
    // given
    CreateReserveIpAddressesRequest request = new CreateReserveIpAddressesRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(ZONE_3_SUBNET);
    request.setIpAddresses(new String[] {"10.0.0.40"});
    ReserveIpAddressInfo made =
        sdk.vpc.CreateReserveIpAddresses(request).getReserveIpAddressSet()[0];
    assertThat(made.getReserveIpId()).startsWith("rsvip-");
    assertThat(made.getState()).isEqualTo("UnBind");
    assertRefused("ResourceInUse", () -> sdk.vpc.CreateReserveIpAddresses(request));

    // when: it is told to refuse an assign by name
    cloud.settings().setAssignTakesReserved(false);
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    assertRefused("ResourceInUse", () -> sdk.assign(eni, "10.0.0.40"));

    // then: or to take it
    cloud.settings().setAssignTakesReserved(true);
    sdk.assign(eni, "10.0.0.40");
    assertThat(reservations()).extracting(ReserveIpAddressInfo::getState).containsExactly("Bind");
    assertThat(reservations().getFirst().getResourceId()).isEqualTo(eni);
    DeleteReserveIpAddressesRequest delete = new DeleteReserveIpAddressesRequest();
    delete.setVpcId(cloud.vpcId());
    delete.setReserveIpIds(new String[] {made.getReserveIpId()});
    assertRefused("ResourceInUse", () -> sdk.vpc.DeleteReserveIpAddresses(delete));
    sdk.unassign(eni, "10.0.0.40");
    assertThat(cloud.holderOf("10.0.0.40")).isPresent();
    sdk.vpc.DeleteReserveIpAddresses(delete);
    assertThat(cloud.holderOf("10.0.0.40")).isEmpty();
    assertThat(reservations()).isEmpty();
  }

  @Test
  void shouldShowWhoHasWhatWhenItIsRendered() throws TencentCloudSDKException {
    String eni = sdk.createAttached(ZONE_3_SUBNET, NODE_1);
    sdk.assign(eni, "10.0.0.100");
    cloud.addStranger("10.0.2.200", "lb-1");

    assertThat(cloud.render())
        .contains(ZONE_3_SUBNET, eni, "INUSE", "10.0.0.100", "10.0.2.200 (lb-1)");
  }

  private List<ReserveIpAddressInfo> reservations() throws TencentCloudSDKException {
    DescribeReserveIpAddressesRequest request = new DescribeReserveIpAddressesRequest();
    request.setFilters(new Filter[] {filter("address-ip", "10.0.0.40")});
    return Arrays.asList(sdk.vpc.DescribeReserveIpAddresses(request).getReserveIpAddressSet());
  }

  private DescribeNetworkInterfaceLimitResponse limits(String instance)
      throws TencentCloudSDKException {
    DescribeNetworkInterfaceLimitRequest request = new DescribeNetworkInterfaceLimitRequest();
    request.setInstanceId(instance);
    return sdk.vpc.DescribeNetworkInterfaceLimit(request);
  }

  private String tagged(String subnet, String ip, String cluster) throws TencentCloudSDKException {
    CreateNetworkInterfaceRequest request = sdk.eniRequest(subnet, ip);
    Tag tag = new Tag();
    tag.setKey("cluster");
    tag.setValue(cluster);
    request.setTags(new Tag[] {tag});
    return sdk.vpc.CreateNetworkInterface(request).getNetworkInterface().getNetworkInterfaceId();
  }
}
