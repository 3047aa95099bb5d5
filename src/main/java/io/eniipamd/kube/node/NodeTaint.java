package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The taint {@code eni-ip-unavailable:NoSchedule} of a Node. Taints are one list to the API server,
 * which many write: a patch says which element it adds or removes and what has to be there, so that
 * the change of another writer is never undone, and does not stop this one where it is of another
 * taint.
 */
@Singleton
public final class NodeTaint {

  /**
   * Whether nodes are tainted.
   *
   * @param enabled if not, the operator takes the taint from all nodes
   */
  public record Settings(boolean enabled) {}

  private static final Logger LOG = Logger.getLogger(NodeTaint.class);
  private static final SlimNode.Taint OURS = new SlimNode.Taint(Names.NODE_TAINT, "NoSchedule");
  private static final String TAINTS = "/spec/taints";

  /** The API server's answer to a patch whose tests fail, and to the second of two equal taints. */
  private static final int UNPROCESSABLE = 422;

  /** How often a patch is tried again at once because the list has changed in between. */
  private static final int TRIES = 5;

  private final KubernetesClient client;
  private final Settings settings;

  NodeTaint(KubernetesClient client, Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  boolean enabled() {
    return settings.enabled();
  }

  /** Whether the Node has the taint, whoever put it there, and whatever its value. */
  static boolean isOn(SlimNode node) {
    return node.taints().contains(OURS);
  }

  /**
   * Puts the taint on the Node unless it is there.
   *
   * @throws KubernetesClientException of code 409 or 422 if other writers came between each time
   */
  void put(SlimNode node) {
    change(node, true);
  }

  /**
   * Takes the taint from the Node if it is there, and nothing else.
   *
   * @throws KubernetesClientException of code 409 or 422 if other writers came between each time
   */
  void takeAway(SlimNode node) {
    change(node, false);
  }

  private void change(SlimNode seen, boolean on) {
    var name = seen.getMetadata().getName();
    var uid = seen.getMetadata().getUid();
    var node = seen;
    for (int tried = 1; isOn(node) != on; tried++) {
      try {
        client
            .nodes()
            .withName(name)
            .patch(
                PatchContext.of(PatchType.JSON),
                client.getKubernetesSerialization().asJson(on ? adding(node) : removing(node)));
        LOG.infof(
            on
                ? "node %s has no ENI that can carry Pods: it is tainted with %s"
                : "node %s is not tainted with %s any more",
            name,
            Names.NODE_TAINT);
        return;
      } catch (KubernetesClientException e) {
        if (!isOvertaken(e) || tried == TRIES) {
          throw e;
        }
      }
      node = client.resources(SlimNode.class).withName(name).get();
      if (node == null || !node.getMetadata().getUid().equals(uid)) {
        // The one that was meant is gone; the other one enqueues itself.
        return;
      }
    }
  }

  private static boolean isOvertaken(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == UNPROCESSABLE;
  }

  private static List<Map<String, Object>> adding(SlimNode node) {
    var taint = Map.of("key", OURS.key(), "effect", OURS.effect());
    return node.taints().isEmpty()
        ? List.of(sameNode(node), isAbsent(TAINTS), operation("add", TAINTS, List.of(taint)))
        : List.of(sameNode(node), operation("add", TAINTS + "/-", taint));
  }

  private static List<Map<String, Object>> removing(SlimNode node) {
    var place = TAINTS + "/" + node.taints().indexOf(OURS);
    return List.of(
        sameNode(node),
        operation("test", place + "/key", OURS.key()),
        operation("test", place + "/effect", OURS.effect()),
        Map.of("op", "remove", "path", place));
  }

  private static Map<String, Object> sameNode(SlimNode node) {
    return operation("test", "/metadata/uid", node.getMetadata().getUid());
  }

  /** So it is where there are no taints; without the test the addition would replace them all. */
  private static Map<String, Object> isAbsent(String path) {
    var test = new HashMap<String, Object>(Map.of("op", "test", "path", path));
    test.put("value", null);
    return test;
  }

  private static Map<String, Object> operation(String name, String path, Object value) {
    return Map.of("op", name, "path", path, "value", value);
  }
}
