package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.AttachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.DeleteNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfaceLimitRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfacesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DetachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.ModifyNetworkInterfaceAttributeRequest;
import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.EniLimits;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls about ENIs: which there are, create, attach, detach, delete, their security groups, and
 * how many an instance may have.
 */
final class EniCalls {

  private final SdkClients clients;
  private final String vpcId;

  EniCalls(SdkClients clients, String vpcId) {
    this.clients = clients;
    this.vpcId = vpcId;
  }

  Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    return switch (query) {
      case EniQuery.ByIds(List<String> ids) ->
          CloudErrors.aboutIds(ids, this::describeNetworkInterfaces);
      case EniQuery.ByInstance(String instanceId) ->
          listNetworkInterfaces(
              "listing the ENIs of " + instanceId,
              RequestParts.filter("vpc-id", vpcId),
              RequestParts.filter("attachment.instance-id", instanceId));
      case EniQuery.ByTags(Map<String, String> tags) -> {
        var filters = new ArrayList<Filter>();
        filters.add(RequestParts.filter("vpc-id", vpcId));
        new TreeMap<>(tags)
            .forEach((key, value) -> filters.add(RequestParts.filter("tag:" + key, value)));
        yield listNetworkInterfaces("listing the ENIs with " + tags, filters.toArray(Filter[]::new))
            .only(eni -> eni.tags().entrySet().containsAll(tags.entrySet()));
      }
      // Without ip-exact-match 10.0.0.1 finds 110.0.0.1 too; the answer is gone through as well.
      case EniQuery.ByAddress(Ip address) ->
          listNetworkInterfaces(
                  "looking for the ENI that has " + address,
                  RequestParts.filter("vpc-id", vpcId),
                  RequestParts.filter("address-ip", address.toString()),
                  RequestParts.filter("ip-exact-match", "true"))
              .only(eni -> eni.address(address).isPresent());
    };
  }

  private Listing<NetworkInterface> describeNetworkInterfaces(List<String> ids) {
    var request = new DescribeNetworkInterfacesRequest();
    request.setNetworkInterfaceIds(ids.toArray(String[]::new));
    request.setOffset(0L);
    request.setLimit(RequestParts.PAGE);
    return page(request, ids, "describing " + String.join(", ", ids)).enis();
  }

  private Listing<NetworkInterface> listNetworkInterfaces(String step, Filter... filters) {
    // By id: an ENI that slides to another page while they are read is there once all the same.
    Listing<NetworkInterface> all = Listing.none();
    long offset = 0;
    while (true) {
      var request = new DescribeNetworkInterfacesRequest();
      request.setFilters(filters);
      request.setOffset(offset);
      request.setLimit(RequestParts.PAGE);
      Page page = page(request, List.of(), step);
      all = all.and(page.enis());
      offset += page.rows();
      if (page.rows() == 0 || offset >= page.total()) {
        return all;
      }
    }
  }

  private record Page(Listing<NetworkInterface> enis, int rows, long total) {}

  private Page page(DescribeNetworkInterfacesRequest request, List<String> ids, String step) {
    var answer =
        clients.vpc(
            CloudAction.DESCRIBE_NETWORK_INTERFACES,
            step,
            client -> client.DescribeNetworkInterfaces(request));
    var rows = answer.getNetworkInterfaceSet();
    if (rows == null || answer.getTotalCount() == null) {
      throw Rows.incomplete(step);
    }
    var secondary =
        Arrays.stream(rows).filter(row -> row == null || SdkValues.isSecondary(row)).toList();
    var enis =
        new Rows<>(secondary, CloudAction.DESCRIBE_NETWORK_INTERFACES, step, answer.getRequestId())
            .listing(
                ids,
                com.tencentcloudapi.vpc.v20170312.models.NetworkInterface::getNetworkInterfaceId,
                SdkValues::networkInterface);
    return new Page(enis, rows.length, answer.getTotalCount());
  }

  EniLimits eniLimits(String instanceId) {
    var request = new DescribeNetworkInterfaceLimitRequest();
    request.setInstanceId(instanceId);
    String step = "asking for the ENI limits of " + instanceId;
    var answer =
        clients.vpc(
            CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT,
            step,
            client -> client.DescribeNetworkInterfaceLimit(request));
    if (answer.getEniQuantity() == null || answer.getEniPrivateIpAddressQuantity() == null) {
      throw Rows.incomplete(step);
    }
    return new EniLimits(
        answer.getEniQuantity().intValue(),
        answer.getEniPrivateIpAddressQuantity().intValue(),
        // Not every family of instances can have such ENIs.
        answer.getExtendEniQuantity() == null ? 0 : answer.getExtendEniQuantity().intValue());
  }

  NetworkInterface createNetworkInterface(EniSpec spec) {
    var request = new CreateNetworkInterfaceRequest();
    request.setVpcId(vpcId);
    request.setSubnetId(spec.subnetId());
    request.setNetworkInterfaceName(spec.name());
    request.setPrivateIpAddresses(
        new PrivateIpAddressSpecification[] {RequestParts.specification(spec.primaryIp(), true)});
    if (!spec.securityGroups().isEmpty()) {
      request.setSecurityGroupIds(spec.securityGroups().toArray(String[]::new));
    }
    request.setTags(RequestParts.tags(spec.tags()));
    request.setClientToken(spec.clientToken());
    String step =
        "creating ENI " + spec.name() + " as " + spec.primaryIp() + " in " + spec.subnetId();
    var answer =
        clients.vpc(
            CloudAction.CREATE_NETWORK_INTERFACE,
            step,
            client -> client.CreateNetworkInterface(request));
    if (answer.getNetworkInterface() == null) {
      throw Rows.incomplete(step);
    }
    return SdkValues.networkInterface(answer.getNetworkInterface(), step);
  }

  String attachNetworkInterface(
      String eniId, String instanceId, AttachMode mode, String clientToken) {
    var request = new AttachNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    request.setInstanceId(instanceId);
    request.setAttachType(mode.code());
    request.setClientToken(clientToken);
    return clients
        .vpc(
            CloudAction.ATTACH_NETWORK_INTERFACE,
            "attaching " + eniId + " to " + instanceId,
            client -> client.AttachNetworkInterface(request))
        .getRequestId();
  }

  String detachNetworkInterface(String eniId, String instanceId) {
    var request = new DetachNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    request.setInstanceId(instanceId);
    return clients
        .vpc(
            CloudAction.DETACH_NETWORK_INTERFACE,
            "detaching " + eniId + " from " + instanceId,
            client -> client.DetachNetworkInterface(request))
        .getRequestId();
  }

  String deleteNetworkInterface(String eniId) {
    var request = new DeleteNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    return clients
        .vpc(
            CloudAction.DELETE_NETWORK_INTERFACE,
            "deleting " + eniId,
            client -> client.DeleteNetworkInterface(request))
        .getRequestId();
  }

  String setSecurityGroups(String eniId, List<String> securityGroups) {
    if (securityGroups.isEmpty()) {
      // What the cloud would make of it is not documented.
      throw new IllegalArgumentException("no security group for " + eniId);
    }
    var request = new ModifyNetworkInterfaceAttributeRequest();
    request.setNetworkInterfaceId(eniId);
    request.setSecurityGroupIds(securityGroups.toArray(String[]::new));
    return clients
        .vpc(
            CloudAction.MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
            "setting security groups " + String.join(", ", securityGroups),
            client -> client.ModifyNetworkInterfaceAttribute(request))
        .getRequestId();
  }
}
