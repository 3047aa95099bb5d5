package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.NODE_1;
import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static io.eniipamd.simulator.Sdk.assertRefused;
import static io.eniipamd.simulator.Sdk.filter;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.vpc.v20170312.models.CreateAndAttachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.ReserveIpAddressInfo;
import com.tencentcloudapi.vpc.v20170312.models.Tag;
import io.eniipamd.simulator.layout.VpcLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that share a VPC, its subnets and its limits, and know their own by tags. */
class ManyClustersTest {
  private static final String CLUSTER = "cluster-id";

  private final SimulatedVpc cloud = SimulatedVpc.start(VpcLayout.standard());
  private final Sdk sdk = new Sdk(cloud);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void shouldFindItsOwnEnisOnlyWhenTwoClustersHaveSome() throws TencentCloudSDKException {
    // given
    String first = attached("cls-1");
    String second = created("cls-2");
    String third = created("cls-2");

    // when, then
    assertThat(sdk.eniIdsWhere("tag:" + CLUSTER, "cls-1")).containsExactly(first);
    assertThat(sdk.eniIdsWhere("tag:" + CLUSTER, "cls-2")).containsExactly(second, third);
    assertThat(sdk.eniIdsWhere("tag:" + CLUSTER, "cls-2", "attachment.instance-id", NODE_1))
        .isEmpty();
    assertThat(sdk.eniIdsWhere("tag-key", CLUSTER)).containsExactly(first, second, third);
    assertThat(sdk.eniIdsWhere("tag:" + CLUSTER, "cls-3")).isEmpty();
    assertThat(cloud.render()).contains(CLUSTER + "=cls-1", CLUSTER + "=cls-2");
  }

  @Test
  void shouldCountTheEnisOfAllClustersWhenTheLimitOfTheVpcIsReached()
      throws TencentCloudSDKException {
    cloud.settings().setEnisPerVpc(2);
    created("cls-1");
    created("cls-2");

    assertRefused("LimitExceeded.NetworkInterfaceLimitExceeded", () -> created("cls-1"));
  }

  @Test
  void shouldFindItsOwnReservationsOnlyWhenTwoClustersHaveSome() throws TencentCloudSDKException {
    // given
    reserve("cls-1", "10.0.0.40");
    reserve("cls-2", "10.0.0.41");

    // when, then
    assertThat(reserved("tag:" + CLUSTER, "cls-1")).containsExactly("10.0.0.40");
    assertThat(reserved("tag:" + CLUSTER, "cls-2")).containsExactly("10.0.0.41");
    assertThat(reserved("tag-key", CLUSTER)).containsExactly("10.0.0.40", "10.0.0.41");
    assertRefused("ResourceInUse", () -> reserve("cls-1", "10.0.0.41"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"address-ip", "reserve-address-ip"})
  void shouldFindAReservationByItsAddressWhenTheFilterIsSpelledEitherWay(String filter)
      throws TencentCloudSDKException {
    reserve("cls-1", "10.0.0.40");
    reserve("cls-1", "10.0.0.41");

    assertThat(reserved(filter, "10.0.0.41")).containsExactly("10.0.0.41");
  }

  @Test
  void shouldBeInTheSubnetOfItsAddressWhenAReservationNamesNone() throws TencentCloudSDKException {
    // given
    CreateReserveIpAddressesRequest request = new CreateReserveIpAddressesRequest();
    request.setVpcId(cloud.vpcId());
    request.setIpAddresses(new String[] {"10.0.2.9"});

    // when
    ReserveIpAddressInfo made =
        sdk.vpc.CreateReserveIpAddresses(request).getReserveIpAddressSet()[0];

    // then
    assertThat(made.getSubnetId()).isEqualTo(Sdk.ZONE_4_SUBNET);
    request.setIpAddresses(new String[] {"10.9.0.9"});
    assertRefused("InvalidParameterValue.Range", () -> sdk.vpc.CreateReserveIpAddresses(request));
    request.setIpAddresses(null);
    request.setIpAddressCount(1L);
    assertRefused("MissingParameter", () -> sdk.vpc.CreateReserveIpAddresses(request));
  }

  private String created(String cluster) throws TencentCloudSDKException {
    CreateNetworkInterfaceRequest request = sdk.eniRequest(ZONE_3_SUBNET, null);
    request.setTags(tags(cluster));
    return sdk.vpc.CreateNetworkInterface(request).getNetworkInterface().getNetworkInterfaceId();
  }

  private String attached(String cluster) throws TencentCloudSDKException {
    CreateAndAttachNetworkInterfaceRequest request = new CreateAndAttachNetworkInterfaceRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(ZONE_3_SUBNET);
    request.setNetworkInterfaceName("eni-of-a-test");
    request.setInstanceId(NODE_1);
    request.setTags(tags(cluster));
    return sdk.vpc.CreateAndAttachNetworkInterface(request)
        .getNetworkInterface()
        .getNetworkInterfaceId();
  }

  private void reserve(String cluster, String ip) throws TencentCloudSDKException {
    CreateReserveIpAddressesRequest request = new CreateReserveIpAddressesRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(ZONE_3_SUBNET);
    request.setIpAddresses(new String[] {ip});
    request.setTags(tags(cluster));
    sdk.vpc.CreateReserveIpAddresses(request);
  }

  private List<String> reserved(String filter, String value) throws TencentCloudSDKException {
    DescribeReserveIpAddressesRequest request = new DescribeReserveIpAddressesRequest();
    request.setFilters(new Filter[] {filter(filter, value)});
    return Arrays.stream(sdk.vpc.DescribeReserveIpAddresses(request).getReserveIpAddressSet())
        .map(ReserveIpAddressInfo::getReserveIpAddress)
        .toList();
  }

  private static Tag[] tags(String cluster) {
    Tag tag = new Tag();
    tag.setKey(CLUSTER);
    tag.setValue(cluster);
    return new Tag[] {tag};
  }
}
