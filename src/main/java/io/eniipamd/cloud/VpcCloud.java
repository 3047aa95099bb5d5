package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.Collection;
import java.util.List;

/**
 * The calls to the VPC that the operator makes. Every method is one request (or the pages of one
 * listing), blocks until its answer is there and throws {@link CloudException} for anything but
 * success. The changing calls of ENIs and addresses are asynchronous in the cloud: their return
 * means "accepted", {@link #networkInterfaces} shows when they have taken effect.
 *
 * <p>Implementations may be called by many threads at once.
 */
public interface VpcCloud {

  /**
   * The subnets of these ids; ids that do not exist are left out of the answer ({@code
   * DescribeSubnets}).
   */
  Listing<Subnet> subnets(Collection<String> subnetIds);

  /**
   * All ENIs that the query selects, primary ones of instances left out ({@code
   * DescribeNetworkInterfaces}).
   */
  Listing<NetworkInterface> networkInterfaces(EniQuery query);

  /** How many ENIs and addresses an instance may have ({@code DescribeNetworkInterfaceLimit}). */
  EniLimits eniLimits(String instanceId);

  /** The instances of these ids; unknown ones are left out (CVM {@code DescribeInstances}). */
  Listing<Instance> instances(Collection<String> instanceIds);

  /** Creates an ENI with a named primary address ({@code CreateNetworkInterface}). */
  NetworkInterface createNetworkInterface(EniSpec spec);

  /**
   * Binds an ENI to an instance of the same zone ({@code AttachNetworkInterface}).
   *
   * @return the request id, as with all changes below
   */
  String attachNetworkInterface(
      String eniId, String instanceId, AttachMode mode, String clientToken);

  /** Takes an ENI from its instance ({@code DetachNetworkInterface}). */
  String detachNetworkInterface(String eniId, String instanceId);

  /** Deletes a detached ENI with all its addresses ({@code DeleteNetworkInterface}). */
  String deleteNetworkInterface(String eniId);

  /**
   * Gives an ENI these security groups in place of those that it has ({@code
   * ModifyNetworkInterfaceAttribute}); it never has fewer in between.
   *
   * @param securityGroups at least one, the first of which the cloud asks first
   * @return the request id
   */
  String setSecurityGroups(String eniId, List<String> securityGroups);

  /**
   * Puts named secondary addresses on an ENI, all of them or none ({@code
   * AssignPrivateIpAddresses}).
   *
   * @param addresses 1 to {@value #MAX_ADDRESSES_PER_CALL} addresses of the ENI's subnet
   * @return the request id, for which the support of the cloud asks
   */
  String assign(String eniId, Collection<Ip> addresses);

  /**
   * Takes secondary addresses from an ENI ({@code UnassignPrivateIpAddresses}).
   *
   * @param addresses 1 to {@value #MAX_ADDRESSES_PER_CALL} addresses
   * @return the request id
   */
  String unassign(String eniId, Collection<Ip> addresses);

  /**
   * Moves one secondary address to another ENI of the same subnet without freeing it ({@code
   * MigratePrivateIpAddress}).
   *
   * @return the request id
   */
  String migrate(String fromEniId, String toEniId, Ip address);

  /**
   * Those of the given addresses that are in use in the VPC ({@code
   * DescribeVpcPrivateIpAddresses}); {@value #MAX_ADDRESSES_PER_CALL} a request, more are asked in
   * several.
   */
  List<Ip> usedAddresses(Collection<Ip> addresses);

  /**
   * A part of the list of all used addresses of a subnet ({@code DescribeUsedIpAddress}): up to
   * {@value #MAX_IDS_PER_CALL} of them, one request.
   *
   * @param offset how many rows of the list to leave out
   */
  Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset);

  /**
   * The state of the change that a call with this request id began ({@code DescribeVpcTaskResult}).
   * Reading the ENIs costs less for many changes; this reports a failure.
   */
  Task task(String requestId);

  /** What the VPC may have in all ({@code DescribeVpcLimits}). */
  Answer<VpcLimits> vpcLimits();

  /** All reservations that the query selects ({@code DescribeReserveIpAddresses}). */
  Answer<List<Reservation>> reservations(ReservationQuery query);

  /**
   * Reserves a named free address ({@code CreateReserveIpAddresses}). Done when it returns, unlike
   * the changes of ENIs.
   */
  Answer<Reservation> createReservation(ReservationSpec spec);

  /**
   * Ends a reservation whose address is on no ENI ({@code DeleteReserveIpAddresses}). Done when it
   * returns.
   *
   * @return the request id
   */
  Answer<String> deleteReservation(String reservationId);

  /** The most addresses that one changing call takes, as the API documents. */
  int MAX_ADDRESSES_PER_CALL = 10;

  /** The most ids that one listing takes, as the API documents. */
  int MAX_IDS_PER_CALL = 100;
}
