package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looking at ENIs. */
final class EniListing {
  private static final String ADDRESS_IP = "address-ip";
  private static final String EXACT = "ip-exact-match";
  private static final Set<String> FILTERS =
      Set.of(
          "vpc-id",
          "subnet-id",
          "network-interface-id",
          "attachment.instance-id",
          "groups.security-group-id",
          "network-interface-name",
          "network-interface-description",
          ADDRESS_IP,
          EXACT,
          "is-primary",
          "eni-type",
          "eni-qos",
          "address-ipv6",
          "public-address-ip");

  private final VpcModel model;

  EniListing(VpcModel model) {
    this.model = model;
  }

  List<Action> actions() {
    return List.of(
        Action.reading(
            "DescribeNetworkInterfaces",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceIds", "Filters", "Offset", "Limit"),
            this::describe));
  }

  private ObjectNode describe(Parameters parameters, Ticket ticket) {
    Filters.requireNotBoth(parameters, "NetworkInterfaceIds");
    List<String> ids = parameters.ids("NetworkInterfaceIds", "eni");
    Filters filters = Filters.of(parameters, FILTERS);
    Optional<List<EniView>> earlier = model.earlierEnis();
    List<EniView> found;
    if (parameters.has("NetworkInterfaceIds") && earlier.isEmpty()) {
      found = model.enis(ids).stream().map(this::asShown).toList();
    } else {
      found =
          earlier.orElseGet(model::enis).stream()
              .map(this::asShown)
              .filter(e -> ids.isEmpty() || ids.contains(e.id()))
              .filter(e -> matches(e, filters))
              .toList();
    }
    if (model.settings().unknownIdsRefused()) {
      for (String id : ids) {
        if (found.stream().noneMatch(e -> e.id().equals(id))) {
          throw Refusal.notFound(id);
        }
      }
    }
    ObjectNode answer = Answers.empty();
    ArrayNode set = answer.putArray("NetworkInterfaceSet");
    parameters.page().of(found).forEach(e -> set.add(Answers.networkInterface(e, model)));
    answer.put("TotalCount", found.size());
    return answer;
  }

  /** A new ENI is there before its tags are. */
  private EniView asShown(EniView eni) {
    boolean tagged = model.settings().tagsShown(eni.createdAt());
    return tagged ? eni : eni.untagged();
  }

  private boolean matches(EniView eni, Filters filters) {
    return filters.match(name -> valuesOf(eni, name), eni.tags())
        && filters.valuesOf(ADDRESS_IP).map(asked -> hasAddress(eni, asked, filters)).orElse(true);
  }

  /** One address matches the end of an address unless an exact match is asked for. */
  private static boolean hasAddress(EniView eni, List<String> asked, Filters filters) {
    boolean exact =
        asked.size() > 1
            || filters
                .valuesOf(EXACT)
                .flatMap(v -> v.stream().findFirst())
                .filter("true"::equalsIgnoreCase)
                .isPresent();
    return eni.addresses().stream()
        .map(a -> a.ip().toString())
        .anyMatch(ip -> exact ? asked.contains(ip) : asked.stream().anyMatch(ip::endsWith));
  }

  private Collection<String> valuesOf(EniView eni, String filter) {
    return switch (filter) {
      case ADDRESS_IP, EXACT -> null;
      case "vpc-id" -> List.of(model.vpcId());
      case "subnet-id" -> List.of(eni.subnetId());
      case "network-interface-id" -> List.of(eni.id());
      case "attachment.instance-id" -> list(eni.instanceId());
      case "groups.security-group-id" -> eni.securityGroups();
      case "network-interface-name" -> List.of(eni.name());
      case "network-interface-description" -> List.of(eni.description());
      case "is-primary" -> List.of(String.valueOf(eni.primary()));
      case "eni-type" -> List.of(eni.primary() ? "1" : "0");
      case "eni-qos" -> List.of(eni.qosLevel());
      default -> List.of();
    };
  }

  private static List<String> list(Optional<String> value) {
    return value.map(List::of).orElse(List.of());
  }
}
