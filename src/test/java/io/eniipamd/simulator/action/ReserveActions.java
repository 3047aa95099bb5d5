package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Ipv4;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.ReservationView;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reserved private addresses. */
final class ReserveActions {
  private static final int MAX_NAME_BYTES = 60;
  private static final Set<String> FILTERS =
      Set.of(
          "reserve-ip-id",
          "vpc-id",
          "subnet-id",
          "address-ip",
          "reserve-address-ip",
          "ip-type",
          "name",
          "state",
          "resource-id");

  private final VpcModel model;
  private final ClientTokens tokens;

  ReserveActions(VpcModel model, ClientTokens tokens) {
    this.model = model;
    this.tokens = tokens;
  }

  List<Action> actions() {
    return List.of(
        Action.taking(
            "CreateReserveIpAddresses",
            Action.SLOW_RATE,
            Set.of(
                "VpcId",
                "IpAddresses",
                "IpAddressCount",
                "SubnetId",
                "Name",
                "Description",
                "Tags",
                "ClientToken"),
            this::create),
        Action.reading(
            "DescribeReserveIpAddresses",
            Action.SLOW_RATE,
            Set.of("ReserveIpIds", "Filters", "Offset", "Limit"),
            this::describe),
        Action.changing(
            "DeleteReserveIpAddresses",
            Action.SLOW_RATE,
            Set.of("VpcId", "ReserveIpIds"),
            this::delete));
  }

  private ObjectNode create(Parameters parameters, Ticket ticket) {
    String vpcId = parameters.id("VpcId", "vpc");
    List<Ipv4> named = parameters.addresses("IpAddresses", Parameters.MAX_ADDRESSES);
    int count = parameters.count("IpAddressCount", Parameters.MAX_ADDRESSES);
    if (named.isEmpty() == (count == 0)) {
      throw named.isEmpty()
          ? Parameters.missing("IpAddresses")
          : new Refusal("InvalidParameter.Coexist", "Addresses and a count are both given.");
    }
    if (named.isEmpty() && !parameters.has("SubnetId")) {
      throw Parameters.missing("SubnetId");
    }
    Optional<String> subnetId =
        parameters.has("SubnetId")
            ? Optional.of(parameters.id("SubnetId", "subnet"))
            : Optional.empty();
    return tokens.once(
        "CreateReserveIpAddresses",
        parameters,
        ticket,
        () ->
            list(
                model
                    .reservations()
                    .create(
                        vpcId,
                        subnetId,
                        named,
                        count,
                        parameters.boundedText("Name", MAX_NAME_BYTES),
                        parameters.boundedText("Description", MAX_NAME_BYTES),
                        parameters.tags())));
  }

  private ObjectNode describe(Parameters parameters, Ticket ticket) {
    Filters.requireNotBoth(parameters, "ReserveIpIds");
    List<String> ids = parameters.ids("ReserveIpIds", "rsvip");
    Filters filters = Filters.of(parameters, FILTERS);
    List<ReservationView> found =
        model.reservations().all().stream()
            .filter(r -> ids.isEmpty() || ids.contains(r.id()))
            .filter(r -> filters.match(name -> valuesOf(r, name), r.tags()))
            .toList();
    ObjectNode answer = list(parameters.page().of(found));
    answer.put("TotalCount", found.size());
    return answer;
  }

  private ObjectNode delete(Parameters parameters, Ticket ticket) {
    List<String> ids = parameters.ids("ReserveIpIds", "rsvip");
    if (ids.isEmpty()) {
      throw Parameters.missing("ReserveIpIds");
    }
    model.reservations().delete(parameters.id("VpcId", "vpc"), ids);
    return Answers.empty();
  }

  private List<String> valuesOf(ReservationView reservation, String filter) {
    return switch (filter) {
      case "reserve-ip-id" -> List.of(reservation.id());
      case "vpc-id" -> List.of(model.vpcId());
      case "subnet-id" -> List.of(reservation.subnetId());
      case "address-ip", "reserve-address-ip" -> List.of(reservation.ip().toString());
      case "ip-type" -> List.of("0");
      case "name" -> List.of(reservation.name());
      case "state" -> List.of(state(reservation));
      case "resource-id" -> reservation.eniId().map(List::of).orElse(List.of());
      default -> List.of();
    };
  }

  private ObjectNode list(List<ReservationView> reservations) {
    ObjectNode answer = Answers.empty();
    ArrayNode set = answer.putArray("ReserveIpAddressSet");
    for (ReservationView one : reservations) {
      ObjectNode node = set.addObject();
      node.put("ReserveIpId", one.id());
      node.put("VpcId", model.vpcId());
      node.put("SubnetId", one.subnetId());
      node.put("ReserveIpAddress", one.ip().toString());
      node.put("ResourceId", one.eniId().orElse(""));
      node.put("IpType", 0);
      node.put("State", state(one));
      node.put("Name", one.name());
      node.put("Description", one.description());
      node.put("CreatedTime", Answers.time(one.createdAt()));
      Answers.tags(node, one.tags());
    }
    return answer;
  }

  private static String state(ReservationView reservation) {
    return reservation.eniId().isPresent() ? "Bind" : "UnBind";
  }
}
