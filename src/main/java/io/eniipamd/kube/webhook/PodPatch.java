package io.eniipamd.kube.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.Names;
import io.eniipamd.domain.claim.Admission;
import java.util.List;

/** What a Pod gets, as a JSON patch (RFC 6902) of the Pod as the API server has sent it. */
final class PodPatch {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String ONE = "1";

  private final ArrayNode operations = JSON.arrayNode();

  private PodPatch() {}

  /** The operations; none where the Pod stays as it is. */
  static ArrayNode of(JsonNode pod, Admission admission) {
    var patch = new PodPatch();
    var spec = pod.path("spec");
    admission
        .zone()
        .ifPresent(
            zone ->
                patch.entry(
                    "/spec/nodeSelector", spec.path("nodeSelector"), zone.key(), zone.value()));
    if (admission.gate()) {
      patch.gate(spec.path("schedulingGates"));
    }
    // A Pod without containers is refused by the API server later on.
    if (admission.counted() && spec.path("containers").has(0)) {
      patch.request(spec.path("containers").path(0).path("resources"));
    }
    return patch.operations;
  }

  private void gate(JsonNode gates) {
    var gate = JSON.objectNode().put("name", Names.ZONE_GATE);
    if (isThere(gates)) {
      add("/spec/schedulingGates/-", gate);
    } else {
      add("/spec/schedulingGates", JSON.arrayNode().add(gate));
    }
  }

  /** For an extended resource the API server wants the limit too, and the same. */
  private void request(JsonNode resources) {
    var path = "/spec/containers/0/resources";
    if (!isThere(resources)) {
      add(path, JSON.objectNode());
    }
    for (var amounts : List.of("requests", "limits")) {
      entry(path + "/" + amounts, resources.path(amounts), Names.ENI_IP, ONE);
    }
  }

  private void entry(String path, JsonNode map, String key, String value) {
    if (isThere(map)) {
      add(path + "/" + key.replace("~", "~0").replace("/", "~1"), JSON.textNode(value));
    } else {
      add(path, JSON.objectNode().put(key, value));
    }
  }

  private static boolean isThere(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private void add(String path, JsonNode value) {
    ObjectNode operation = JSON.objectNode().put("op", "add").put("path", path);
    operations.add(operation.set("value", value));
  }
}
