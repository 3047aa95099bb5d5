package io.eniipamd.kubelet;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a node reads of a {@code VpcIPClaim}: the fields of {@code docs/node-contract.md}, absent
 * ones empty.
 */
record Claim(
    String phase,
    String podUid,
    String nodeName,
    String address,
    String subnetCidr,
    String gateway,
    String eniId,
    String eniMac) {

  private static final String BOUND = "Bound";

  static Claim of(GenericKubernetesResource resource) {
    Object raw = resource.getAdditionalProperties().get("status");
    Map<?, ?> status = raw instanceof Map<?, ?> map ? map : Map.of();
    return new Claim(
        text(status, "phase"),
        text(status, "podUID"),
        text(status, "nodeName"),
        text(status, "address"),
        text(status, "subnetCIDR"),
        text(status, "gateway"),
        text(status, "eniId"),
        text(status, "eniMac"));
  }

  private static String text(Map<?, ?> status, String field) {
    return Objects.toString(status.get(field), "");
  }

  /** Whether a Pod on a node may use its address. */
  boolean isBoundTo(String uid, String node) {
    return phase.equals(BOUND) && podUid.equals(uid) && nodeName.equals(node);
  }

  /** The fields that are missing to plug a Pod in. */
  List<String> missing() {
    return Stream.of(
            Map.entry("address", address),
            Map.entry("subnetCIDR", subnetCidr),
            Map.entry("gateway", gateway),
            Map.entry("eniId", eniId),
            Map.entry("eniMac", eniMac))
        .filter(field -> field.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }
}
