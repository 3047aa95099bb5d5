package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.domain.claim.GateStep;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.node.ZoneLabel;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Takes the scheduling gate from Pods, and tells the scheduler the zone of a fixed IP in the same
 * patch. The node selector is the only place for it: the terms of a node affinity are alternatives,
 * so that one more binds nothing.
 */
@Singleton
final class SchedulingGate {
  private static final Logger LOG = Logger.getLogger(SchedulingGate.class);

  /** The API server's answer to a change of a Pod that is gated no more. */
  private static final int UNPROCESSABLE = 422;

  /** The Pod is gone, is another one of the name, or has lost its gate: the watch shows it. */
  private static final Set<Integer> OVERTAKEN =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT, UNPROCESSABLE);

  private final KubernetesClient client;
  private final GateDecisions decisions;

  SchedulingGate(KubernetesClient client, GateDecisions decisions) {
    this.client = client;
    this.decisions = decisions;
  }

  /**
   * Opens the gate of a Pod that has it, where the zone of its address is known, or none needed.
   *
   * @return whether the Pod has to come again for what enqueues it by no event
   */
  boolean openOrAskAgain(SlimPod pod, PodRequest request) {
    if (!pod.isGated() || pod.isMarkedForDeletion()) {
      return false;
    }
    return switch (decisions.of(pod, request)) {
      case GateStep.AwaitClaim() -> false;
      case GateStep.AwaitSubnets() -> true;
      case GateStep.Open(var zone) -> {
        open(pod, zone);
        yield false;
      }
    };
  }

  private void open(SlimPod pod, Optional<ZoneLabel> zone) {
    var meta = pod.getMetadata();
    try {
      client
          .resources(SlimPod.class)
          .inNamespace(meta.getNamespace())
          .withName(meta.getName())
          .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch(meta.getUid(), zone));
      LOG.debugf("Pod %s/%s is ungated for %s", meta.getNamespace(), meta.getName(), zone);
    } catch (KubernetesClientException e) {
      if (!OVERTAKEN.contains(e.getCode())) {
        throw e;
      }
    }
  }

  /** For this very Pod, whatever else of it has changed. */
  private String patch(String uid, Optional<ZoneLabel> zone) {
    var spec = new HashMap<String, Object>();
    spec.put("schedulingGates", List.of(Map.of("$patch", "delete", "name", Names.ZONE_GATE)));
    zone.ifPresent(label -> spec.put("nodeSelector", Map.of(label.key(), label.value())));
    return client
        .getKubernetesSerialization()
        .asJson(Map.of("metadata", Map.of("uid", uid), "spec", spec));
  }
}
