package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.EniLimits;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.ReservationSpec;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.UsedAddresses;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.VpcLimits;
import io.eniipamd.domain.address.Ip;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** A port before another one, with one place that every call goes through. */
abstract class InterceptedVpcCloud implements VpcCloud {

  private final VpcCloud next;

  InterceptedVpcCloud(VpcCloud next) {
    this.next = next;
  }

  /**
   * Makes the call, or does not.
   *
   * @param subject what the call is about, for messages
   */
  abstract <T> T around(CloudAction action, String subject, Supplier<T> call);

  @Override
  public Listing<Subnet> subnets(Collection<String> subnetIds) {
    return around(CloudAction.DESCRIBE_SUBNETS, "subnets", () -> next.subnets(subnetIds));
  }

  @Override
  public Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    return around(
        CloudAction.DESCRIBE_NETWORK_INTERFACES, "ENIs", () -> next.networkInterfaces(query));
  }

  @Override
  public EniLimits eniLimits(String instanceId) {
    return around(
        CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT, instanceId, () -> next.eniLimits(instanceId));
  }

  @Override
  public Listing<Instance> instances(Collection<String> instanceIds) {
    return around(CloudAction.DESCRIBE_INSTANCES, "instances", () -> next.instances(instanceIds));
  }

  @Override
  public NetworkInterface createNetworkInterface(EniSpec spec) {
    return around(
        CloudAction.CREATE_NETWORK_INTERFACE, spec.name(), () -> next.createNetworkInterface(spec));
  }

  @Override
  public String attachNetworkInterface(
      String eniId, String instanceId, AttachMode mode, String clientToken) {
    return around(
        CloudAction.ATTACH_NETWORK_INTERFACE,
        eniId,
        () -> next.attachNetworkInterface(eniId, instanceId, mode, clientToken));
  }

  @Override
  public String detachNetworkInterface(String eniId, String instanceId) {
    return around(
        CloudAction.DETACH_NETWORK_INTERFACE,
        eniId,
        () -> next.detachNetworkInterface(eniId, instanceId));
  }

  @Override
  public String deleteNetworkInterface(String eniId) {
    return around(
        CloudAction.DELETE_NETWORK_INTERFACE, eniId, () -> next.deleteNetworkInterface(eniId));
  }

  @Override
  public String setSecurityGroups(String eniId, List<String> securityGroups) {
    return around(
        CloudAction.MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
        eniId,
        () -> next.setSecurityGroups(eniId, securityGroups));
  }

  @Override
  public String assign(String eniId, Collection<Ip> addresses) {
    return around(
        CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES, eniId, () -> next.assign(eniId, addresses));
  }

  @Override
  public String unassign(String eniId, Collection<Ip> addresses) {
    return around(
        CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES, eniId, () -> next.unassign(eniId, addresses));
  }

  @Override
  public String migrate(String fromEniId, String toEniId, Ip address) {
    return around(
        CloudAction.MIGRATE_PRIVATE_IP_ADDRESS,
        address.toString(),
        () -> next.migrate(fromEniId, toEniId, address));
  }

  @Override
  public List<Ip> usedAddresses(Collection<Ip> addresses) {
    return around(
        CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES,
        "addresses",
        () -> next.usedAddresses(addresses));
  }

  @Override
  public Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset) {
    return around(
        CloudAction.DESCRIBE_USED_IP_ADDRESS,
        subnetId,
        () -> next.usedAddressesIn(subnetId, offset));
  }

  @Override
  public Task task(String requestId) {
    return around(CloudAction.DESCRIBE_VPC_TASK_RESULT, requestId, () -> next.task(requestId));
  }

  @Override
  public Answer<VpcLimits> vpcLimits() {
    return around(CloudAction.DESCRIBE_VPC_LIMITS, "the VPC", next::vpcLimits);
  }

  @Override
  public Answer<List<Reservation>> reservations(ReservationQuery query) {
    return around(
        CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES, "addresses", () -> next.reservations(query));
  }

  @Override
  public Answer<Reservation> createReservation(ReservationSpec spec) {
    return around(
        CloudAction.CREATE_RESERVE_IP_ADDRESSES,
        spec.address().toString(),
        () -> next.createReservation(spec));
  }

  @Override
  public Answer<String> deleteReservation(String reservationId) {
    return around(
        CloudAction.DELETE_RESERVE_IP_ADDRESSES,
        reservationId,
        () -> next.deleteReservation(reservationId));
  }
}
