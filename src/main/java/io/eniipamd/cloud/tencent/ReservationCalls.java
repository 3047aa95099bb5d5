package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.CreateReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DeleteReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.ReservationSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The calls about reserved addresses. An account, or a region, may be without them. */
final class ReservationCalls {

  private final SdkClients clients;
  private final String vpcId;

  ReservationCalls(SdkClients clients, String vpcId) {
    this.clients = clients;
    this.vpcId = vpcId;
  }

  Answer<List<Reservation>> reservations(ReservationQuery query) {
    return switch (query) {
      case ReservationQuery.ByTags(Map<String, String> tags) ->
          listReservations("listing the reserved addresses with " + tags, tags, _ -> true);
      case ReservationQuery.ByName(String name, Map<String, String> tags) ->
          listReservations(
              "looking for the reserved address " + name,
              tags,
              name::equals,
              RequestParts.filter("name", name));
    };
  }

  private Answer<List<Reservation>> listReservations(
      String step, Map<String, String> tags, Predicate<String> isNamed, Filter... more) {
    var filters = new ArrayList<>(List.of(more));
    filters.add(RequestParts.filter("vpc-id", vpcId));
    new TreeMap<>(tags)
        .forEach((key, value) -> filters.add(RequestParts.filter("tag:" + key, value)));
    return CloudErrors.ifInReach(
        () ->
            pagesOfReservations(step, filters.toArray(Filter[]::new)).stream()
                // How exactly the cloud compares is not documented.
                .filter(found -> isNamed.test(found.name()))
                .filter(found -> found.tags().entrySet().containsAll(tags.entrySet()))
                .toList());
  }

  private List<Reservation> pagesOfReservations(String step, Filter... filters) {
    var all = new LinkedHashMap<String, Reservation>();
    long offset = 0;
    while (true) {
      var request = new DescribeReserveIpAddressesRequest();
      request.setFilters(filters);
      request.setOffset(offset);
      request.setLimit(RequestParts.PAGE);
      var answer =
          clients.vpc(
              CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES,
              step,
              client -> client.DescribeReserveIpAddresses(request));
      if (answer.getTotalCount() == null) {
        throw Rows.incomplete(step);
      }
      var rows = Rows.mapped(answer.getReserveIpAddressSet(), step, SdkValues::reservation);
      rows.forEach(row -> all.put(row.id(), row));
      offset += rows.size();
      if (rows.isEmpty() || offset >= answer.getTotalCount()) {
        return List.copyOf(all.values());
      }
    }
  }

  Answer<Reservation> createReservation(ReservationSpec spec) {
    var request = new CreateReserveIpAddressesRequest();
    request.setVpcId(vpcId);
    request.setSubnetId(spec.subnetId());
    request.setIpAddresses(new String[] {spec.address().toString()});
    request.setName(spec.name());
    request.setTags(RequestParts.tags(spec.tags()));
    String step = "reserving " + spec.address() + " in " + spec.subnetId();
    return CloudErrors.ifInReach(
        () -> {
          var answer =
              clients.vpc(
                  CloudAction.CREATE_RESERVE_IP_ADDRESSES,
                  step,
                  client -> client.CreateReserveIpAddresses(request));
          return Rows.mapped(answer.getReserveIpAddressSet(), step, SdkValues::reservation).stream()
              .filter(made -> made.address().equals(spec.address()))
              .findFirst()
              .orElseThrow(() -> Rows.incomplete(step));
        });
  }

  Answer<String> deleteReservation(String reservationId) {
    var request = new DeleteReserveIpAddressesRequest();
    request.setVpcId(vpcId);
    request.setReserveIpIds(new String[] {reservationId});
    return CloudErrors.ifInReach(
        () ->
            clients
                .vpc(
                    CloudAction.DELETE_RESERVE_IP_ADDRESSES,
                    "ending the reservation " + reservationId,
                    client -> client.DeleteReserveIpAddresses(request))
                .getRequestId());
  }
}
