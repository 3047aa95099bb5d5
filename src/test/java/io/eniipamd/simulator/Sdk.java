package io.eniipamd.simulator;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.vpc.v20170312.VpcClient;
import com.tencentcloudapi.vpc.v20170312.models.AssignPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.AttachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DeleteNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfacesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeSubnetsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcTaskResultRequest;
import com.tencentcloudapi.vpc.v20170312.models.DetachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.MigratePrivateIpAddressRequest;
import com.tencentcloudapi.vpc.v20170312.models.NetworkInterface;
import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import com.tencentcloudapi.vpc.v20170312.models.Subnet;
import com.tencentcloudapi.vpc.v20170312.models.Tag;
import com.tencentcloudapi.vpc.v20170312.models.UnassignPrivateIpAddressesRequest;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;

/** The real SDK against a simulated VPC, with the few calls that most tests begin with. */
public final class Sdk {
  static final String ZONE_3_SUBNET = "subnet-gz3pods1";
  static final String ZONE_4_SUBNET = "subnet-gz4pods1";
  static final String NODE_1 = "ins-node0001";
  static final String NODE_2 = "ins-node0002";
  static final String ZONE_4_NODE = "ins-node0004";

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(10);

  final VpcClient vpc;
  final CvmClient cvm;
  private final SimulatedVpc cloud;
  private final Runnable passTime;

  /** A client whose cloud's tasks end by the real clock. */
  public Sdk(SimulatedVpc cloud) {
    this(cloud, cloud.secretId(), cloud.secretKey(), cloud.region(), () -> {});
  }

  /** A client whose cloud's tasks end when the clock is moved, which {@link #awaitIdle} does. */
  Sdk(SimulatedVpc cloud, SteppedClock clock) {
    this(
        cloud,
        cloud.secretId(),
        cloud.secretKey(),
        cloud.region(),
        () -> clock.advance(Duration.ofSeconds(1)));
  }

  /** A client with other credentials. */
  Sdk(SimulatedVpc cloud, String secretId, String secretKey, String region) {
    this(cloud, secretId, secretKey, region, () -> {});
  }

  /** A client with temporary credentials. */
  Sdk(SimulatedVpc cloud, String secretId, String secretKey, String token, String region) {
    this(cloud, new Credential(secretId, secretKey, token), region, () -> {});
  }

  private Sdk(
      SimulatedVpc cloud, String secretId, String secretKey, String region, Runnable passTime) {
    this(cloud, new Credential(secretId, secretKey), region, passTime);
  }

  private Sdk(SimulatedVpc cloud, Credential credential, String region, Runnable passTime) {
    this.cloud = cloud;
    this.passTime = passTime;
    this.vpc = new VpcClient(credential, region, profile());
    this.cvm = new CvmClient(credential, region, profile());
  }

  private ClientProfile profile() {
    HttpProfile http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setEndpoint(cloud.hostAndPort());
    http.setConnTimeout(30);
    http.setReadTimeout(30);
    http.setWriteTimeout(30);
    return new ClientProfile(ClientProfile.SIGN_TC3_256, http);
  }

  /** A request for an ENI, with a primary address where one is given. */
  CreateNetworkInterfaceRequest eniRequest(String subnetId, String primaryIp) {
    CreateNetworkInterfaceRequest request = new CreateNetworkInterfaceRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(subnetId);
    request.setNetworkInterfaceName("eni-of-a-test");
    request.setSecurityGroupIds(new String[] {"sg-abc"});
    if (primaryIp != null) {
      PrivateIpAddressSpecification primary = named(primaryIp)[0];
      primary.setPrimary(true);
      request.setPrivateIpAddresses(new PrivateIpAddressSpecification[] {primary});
    }
    return request;
  }

  /** A new ENI that is ready. */
  public String createEni(String subnetId, String primaryIp) throws TencentCloudSDKException {
    String id =
        vpc.CreateNetworkInterface(eniRequest(subnetId, primaryIp))
            .getNetworkInterface()
            .getNetworkInterfaceId();
    awaitIdle();
    return id;
  }

  /** A new ENI that carries tags and is ready. */
  public String createEni(String subnetId, String primaryIp, Map<String, String> tags)
      throws TencentCloudSDKException {
    var request = eniRequest(subnetId, primaryIp);
    request.setTags(tags(tags));
    String id = vpc.CreateNetworkInterface(request).getNetworkInterface().getNetworkInterfaceId();
    awaitIdle();
    return id;
  }

  /**
   * Reserves an address.
   *
   * @return the id of the reservation
   */
  public String reserve(String subnetId, String ip, String name, Map<String, String> tags)
      throws TencentCloudSDKException {
    var request = new CreateReserveIpAddressesRequest();
    request.setVpcId(cloud.vpcId());
    request.setSubnetId(subnetId);
    request.setIpAddresses(new String[] {ip});
    request.setName(name);
    request.setTags(tags(tags));
    return vpc.CreateReserveIpAddresses(request).getReserveIpAddressSet()[0].getReserveIpId();
  }

  private static Tag[] tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(
            entry -> {
              var tag = new Tag();
              tag.setKey(entry.getKey());
              tag.setValue(entry.getValue());
              return tag;
            })
        .toArray(Tag[]::new);
  }

  /** A new ENI that is ready and on a machine. */
  String createAttached(String subnetId, String instanceId) throws TencentCloudSDKException {
    String id = createEni(subnetId, null);
    attach(id, instanceId);
    awaitIdle();
    return id;
  }

  /**
   * Puts an ENI on a machine.
   *
   * @return the id of the request
   */
  public String attach(String eniId, String instanceId) throws TencentCloudSDKException {
    AttachNetworkInterfaceRequest request = new AttachNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    request.setInstanceId(instanceId);
    return vpc.AttachNetworkInterface(request).getRequestId();
  }

  /** Takes an ENI from its machine. */
  public void detach(String eniId, String instanceId) throws TencentCloudSDKException {
    DetachNetworkInterfaceRequest request = new DetachNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    request.setInstanceId(instanceId);
    vpc.DetachNetworkInterface(request);
  }

  /** Deletes an ENI that is on no machine. */
  public void delete(String eniId) throws TencentCloudSDKException {
    DeleteNetworkInterfaceRequest request = new DeleteNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    vpc.DeleteNetworkInterface(request);
  }

  /**
   * Puts addresses on an ENI.
   *
   * @return the id of the request
   */
  public String assign(String eniId, String... ips) throws TencentCloudSDKException {
    AssignPrivateIpAddressesRequest request = new AssignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eniId);
    request.setPrivateIpAddresses(named(ips));
    return vpc.AssignPrivateIpAddresses(request).getRequestId();
  }

  /** Takes addresses from an ENI. */
  public void unassign(String eniId, String... ips) throws TencentCloudSDKException {
    UnassignPrivateIpAddressesRequest request = new UnassignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eniId);
    request.setPrivateIpAddresses(named(ips));
    vpc.UnassignPrivateIpAddresses(request);
  }

  void migrate(String from, String to, String ip) throws TencentCloudSDKException {
    MigratePrivateIpAddressRequest request = new MigratePrivateIpAddressRequest();
    request.setSourceNetworkInterfaceId(from);
    request.setDestinationNetworkInterfaceId(to);
    request.setPrivateIpAddress(ip);
    vpc.MigratePrivateIpAddress(request);
  }

  String taskStatus(String requestId) throws TencentCloudSDKException {
    DescribeVpcTaskResultRequest request = new DescribeVpcTaskResultRequest();
    request.setTaskId(requestId);
    return vpc.DescribeVpcTaskResult(request).getStatus();
  }

  NetworkInterface eni(String eniId) throws TencentCloudSDKException {
    DescribeNetworkInterfacesRequest request = new DescribeNetworkInterfacesRequest();
    request.setNetworkInterfaceIds(new String[] {eniId});
    return vpc.DescribeNetworkInterfaces(request).getNetworkInterfaceSet()[0];
  }

  /** The ENIs that match filters given as name, value, name, value… */
  List<String> eniIdsWhere(String... nameAndValue) throws TencentCloudSDKException {
    DescribeNetworkInterfacesRequest request = new DescribeNetworkInterfacesRequest();
    Filter[] filters = new Filter[nameAndValue.length / 2];
    for (int i = 0; i < filters.length; i++) {
      filters[i] = filter(nameAndValue[2 * i], nameAndValue[2 * i + 1]);
    }
    request.setFilters(filters);
    return Arrays.stream(vpc.DescribeNetworkInterfaces(request).getNetworkInterfaceSet())
        .map(NetworkInterface::getNetworkInterfaceId)
        .toList();
  }

  static Filter filter(String name, String... values) {
    Filter filter = new Filter();
    filter.setName(name);
    filter.setValues(values);
    return filter;
  }

  Subnet subnet(String subnetId) throws TencentCloudSDKException {
    DescribeSubnetsRequest request = new DescribeSubnetsRequest();
    request.setSubnetIds(new String[] {subnetId});
    return vpc.DescribeSubnets(request).getSubnetSet()[0];
  }

  static PrivateIpAddressSpecification[] named(String... ips) {
    return Arrays.stream(ips)
        .map(
            ip -> {
              PrivateIpAddressSpecification one = new PrivateIpAddressSpecification();
              one.setPrivateIpAddress(ip);
              return one;
            })
        .toArray(PrivateIpAddressSpecification[]::new);
  }

  /** Waits until nothing is going on in the cloud. */
  public void awaitIdle() {
    passTime.run();
    Awaitility.await().atMost(PATIENCE).pollInterval(LOOK).until(() -> cloud.runningTasks() == 0);
  }

  /** Expects the API to refuse a call with this code. */
  static void assertRefused(String code, ThrowingCallable call) {
    Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TencentCloudSDKException.class,
            e -> Assertions.assertThat(e.getErrorCode()).isEqualTo(code));
  }
}
