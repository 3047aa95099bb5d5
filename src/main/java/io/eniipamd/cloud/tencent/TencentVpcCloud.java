package io.eniipamd.cloud.tencent;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.AttachMode;
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
import okhttp3.Dns;

/**
 * The port on Tencent Cloud's own SDK, API version 2017-03-12. Each request is signed with the
 * credentials that are in force when it goes out, ends within {@link TencentSettings#callTimeout}
 * and is sent once. A question about ids is one request, which is refused as {@code NOT_FOUND}
 * where one of them is unknown; a row of the answer that cannot be read makes that one thing
 * unclear, not the others.
 *
 * <p>Each family of calls is a class of its own, all on the same {@link SdkClients}.
 */
public final class TencentVpcCloud implements VpcCloud {

  private final EniCalls eniCalls;
  private final AddressCalls addressCalls;
  private final ReservationCalls reservationCalls;
  private final VpcCalls vpcCalls;
  private final InstanceCalls instanceCalls;

  public TencentVpcCloud(TencentSettings settings, CredentialSource credentials) {
    this(settings, credentials, Dns.SYSTEM);
  }

  /** With an own answer to which addresses a host has. */
  TencentVpcCloud(TencentSettings settings, CredentialSource credentials, Dns dns) {
    var clients = new SdkClients(settings, credentials, dns);
    this.eniCalls = new EniCalls(clients, settings.vpcId());
    this.addressCalls = new AddressCalls(clients, settings.vpcId());
    this.reservationCalls = new ReservationCalls(clients, settings.vpcId());
    this.vpcCalls = new VpcCalls(clients, settings.vpcId());
    this.instanceCalls = new InstanceCalls(clients);
  }

  @Override
  public Listing<Subnet> subnets(Collection<String> subnetIds) {
    return vpcCalls.subnets(subnetIds);
  }

  @Override
  public Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    return eniCalls.networkInterfaces(query);
  }

  @Override
  public EniLimits eniLimits(String instanceId) {
    return eniCalls.eniLimits(instanceId);
  }

  @Override
  public Listing<Instance> instances(Collection<String> instanceIds) {
    return instanceCalls.instances(instanceIds);
  }

  @Override
  public NetworkInterface createNetworkInterface(EniSpec spec) {
    return eniCalls.createNetworkInterface(spec);
  }

  @Override
  public String attachNetworkInterface(
      String eniId, String instanceId, AttachMode mode, String clientToken) {
    return eniCalls.attachNetworkInterface(eniId, instanceId, mode, clientToken);
  }

  @Override
  public String detachNetworkInterface(String eniId, String instanceId) {
    return eniCalls.detachNetworkInterface(eniId, instanceId);
  }

  @Override
  public String deleteNetworkInterface(String eniId) {
    return eniCalls.deleteNetworkInterface(eniId);
  }

  @Override
  public String setSecurityGroups(String eniId, List<String> securityGroups) {
    return eniCalls.setSecurityGroups(eniId, securityGroups);
  }

  @Override
  public String assign(String eniId, Collection<Ip> addresses) {
    return addressCalls.assign(eniId, addresses);
  }

  @Override
  public String unassign(String eniId, Collection<Ip> addresses) {
    return addressCalls.unassign(eniId, addresses);
  }

  @Override
  public String migrate(String fromEniId, String toEniId, Ip address) {
    return addressCalls.migrate(fromEniId, toEniId, address);
  }

  @Override
  public List<Ip> usedAddresses(Collection<Ip> addresses) {
    return addressCalls.usedAddresses(addresses);
  }

  @Override
  public Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset) {
    return addressCalls.usedAddressesIn(subnetId, offset);
  }

  @Override
  public Task task(String requestId) {
    return vpcCalls.task(requestId);
  }

  @Override
  public Answer<VpcLimits> vpcLimits() {
    return vpcCalls.vpcLimits();
  }

  @Override
  public Answer<List<Reservation>> reservations(ReservationQuery query) {
    return reservationCalls.reservations(query);
  }

  @Override
  public Answer<Reservation> createReservation(ReservationSpec spec) {
    return reservationCalls.createReservation(spec);
  }

  @Override
  public Answer<String> deleteReservation(String reservationId) {
    return reservationCalls.deleteReservation(reservationId);
  }
}
