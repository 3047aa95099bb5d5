package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.AssignPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeUsedIpAddressRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.IpAddressStates;
import com.tencentcloudapi.vpc.v20170312.models.MigratePrivateIpAddressRequest;
import com.tencentcloudapi.vpc.v20170312.models.UnassignPrivateIpAddressesRequest;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.UsedAddresses;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The calls about secondary addresses: put onto an ENI, take from it, move, and which are in use.
 */
final class AddressCalls {

  private final SdkClients clients;
  private final String vpcId;

  AddressCalls(SdkClients clients, String vpcId) {
    this.clients = clients;
    this.vpcId = vpcId;
  }

  String assign(String eniId, Collection<Ip> addresses) {
    var request = new AssignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eniId);
    request.setPrivateIpAddresses(RequestParts.secondary(addresses));
    return clients
        .vpc(
            CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES,
            "assigning " + RequestParts.joined(addresses) + " to " + eniId,
            client -> client.AssignPrivateIpAddresses(request))
        .getRequestId();
  }

  String unassign(String eniId, Collection<Ip> addresses) {
    var request = new UnassignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eniId);
    request.setPrivateIpAddresses(RequestParts.secondary(addresses));
    return clients
        .vpc(
            CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES,
            "unassigning " + RequestParts.joined(addresses) + " from " + eniId,
            client -> client.UnassignPrivateIpAddresses(request))
        .getRequestId();
  }

  String migrate(String fromEniId, String toEniId, Ip address) {
    var request = new MigratePrivateIpAddressRequest();
    request.setSourceNetworkInterfaceId(fromEniId);
    request.setDestinationNetworkInterfaceId(toEniId);
    request.setPrivateIpAddress(address.toString());
    return clients
        .vpc(
            CloudAction.MIGRATE_PRIVATE_IP_ADDRESS,
            "migrating " + address + " from " + fromEniId + " to " + toEniId,
            client -> client.MigratePrivateIpAddress(request))
        .getRequestId();
  }

  List<Ip> usedAddresses(Collection<Ip> addresses) {
    var used = new ArrayList<Ip>();
    for (List<Ip> some : RequestParts.chunks(addresses, VpcCloud.MAX_ADDRESSES_PER_CALL)) {
      var request = new DescribeVpcPrivateIpAddressesRequest();
      request.setVpcId(vpcId);
      request.setPrivateIpAddresses(some.stream().map(Ip::toString).toArray(String[]::new));
      String step = "asking whether " + RequestParts.joined(some) + " are in use";
      var answer =
          clients.vpc(
              CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES,
              step,
              client -> client.DescribeVpcPrivateIpAddresses(request));
      used.addAll(Rows.mapped(answer.getVpcPrivateIpAddressSet(), step, SdkValues::used));
    }
    return used;
  }

  Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset) {
    var request = new DescribeUsedIpAddressRequest();
    request.setVpcId(vpcId);
    request.setSubnetId(subnetId);
    request.setOffset((long) offset);
    request.setLimit(RequestParts.PAGE);
    String step = "asking which addresses of " + subnetId + " are in use";
    return CloudErrors.ifInReach(
        () -> {
          var answer =
              clients.vpc(
                  CloudAction.DESCRIBE_USED_IP_ADDRESS,
                  step,
                  client -> client.DescribeUsedIpAddress(request));
          var rows = answer.getIpAddressStates();
          if (rows == null || answer.getTotalCount() == null) {
            throw Rows.incomplete(step);
          }
          return new UsedAddresses(readable(rows, step), rows.length, answer.getTotalCount());
        });
  }

  /** A row that cannot be read names no address; a refusal will, should it ever matter. */
  private static List<Ip> readable(IpAddressStates[] rows, String step) {
    var addresses = new ArrayList<Ip>();
    for (IpAddressStates row : rows) {
      try {
        addresses.add(
            SdkValues.ip(SdkValues.required(row, "a row", step).getIpAddress(), "IpAddress", step));
      } catch (CloudException _) {
        // Skipped, as said above.
      }
    }
    return addresses;
  }
}
