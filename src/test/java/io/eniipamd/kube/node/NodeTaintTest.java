package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.property.memory.InProcessHttp;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent to the API server; what it makes of it is shown by {@code NodeTaintIT}. */
class NodeTaintTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
  private static final String DATE = "Mon, 30 Nov 2026 10:00:00 GMT";
  private static final String OURS = "tke.cloud.tencent.com/eni-ip-unavailable:NoSchedule";
  private static final String OTHER = "example.com/a:NoSchedule";

  /** The effect is part of what a taint is. */
  private static final String EVICTING = "tke.cloud.tencent.com/eni-ip-unavailable:NoExecute";

  private final Deque<Integer> answers = new ArrayDeque<>();
  private final List<JsonNode> patches = new ArrayList<>();
  private String stored = node("uid-1");
  private final KubernetesClient client = InProcessHttp.client(this::answer);
  private final NodeTaint taint = new NodeTaint(client, new NodeTaint.Settings(true));

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldTestThatThereIsNoneWhenTheFirstTaintIsPut() {
    taint.put(read(node("uid-1")));

    assertThat(operations())
        .containsExactly("test /metadata/uid", "test /spec/taints", "add /spec/taints");
    assertThat(patches.getFirst().get(1).get("value").isNull()).isTrue();
  }

  @Test
  void shouldAddAtTheEndWhenThereAreOthers() {
    taint.put(read(node("uid-1", OTHER, EVICTING)));

    assertThat(operations()).containsExactly("test /metadata/uid", "add /spec/taints/-");
  }

  @Test
  void shouldRemoveTheOneWhoseKeyAndEffectAreThere() {
    taint.takeAway(read(node("uid-1", OTHER, EVICTING, OURS)));

    assertThat(operations())
        .containsExactly(
            "test /metadata/uid",
            "test /spec/taints/2/key",
            "test /spec/taints/2/effect",
            "remove /spec/taints/2");
  }

  @Test
  void shouldSendNothingWhenItIsSoAlready() {
    taint.put(read(node("uid-1", OURS)));
    taint.takeAway(read(node("uid-1", EVICTING)));

    assertThat(patches).isEmpty();
  }

  @Test
  void shouldGoByAFreshReadWhenTheListHasChanged() {
    answers.addAll(List.of(422, 409));
    stored = node("uid-1", OTHER, OURS);

    taint.takeAway(read(node("uid-1", OURS)));

    assertThat(patches).hasSize(3);
    assertThat(operations()).contains("remove /spec/taints/1");
  }

  @Test
  void shouldEndWhenAnotherWriterHasDoneItOrTheNodeIsAnotherOne() {
    answers.add(422);
    taint.takeAway(read(node("uid-1", OURS)));

    answers.add(422);
    stored = node("uid-2", OURS);
    taint.takeAway(read(node("uid-1", OURS)));

    assertThat(patches).hasSize(2);
  }

  @Test
  void shouldLeaveItToALaterPassWhenOthersComeBetweenEachTime() {
    answers.addAll(List.of(422, 422, 422, 422, 422));
    stored = node("uid-1", OURS);

    assertThatThrownBy(() -> taint.takeAway(read(node("uid-1", OURS))))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(patches).hasSize(5);
  }

  private List<String> operations() {
    var operations = new ArrayList<String>();
    patches
        .getLast()
        .forEach(o -> operations.add(o.get("op").asText() + " " + o.get("path").asText()));
    return operations;
  }

  private InProcessHttp.Reply answer(StandardHttpRequest request) throws JsonProcessingException {
    if (request.method().equals("GET")) {
      return new InProcessHttp.Reply(200, DATE, stored);
    }
    assertThat(request.method()).isEqualTo("PATCH");
    assertThat(request.getContentType()).isEqualTo("application/json-patch+json");
    patches.add(JSON.readTree(request.bodyString()));
    int code = answers.isEmpty() ? 200 : answers.remove();
    return new InProcessHttp.Reply(
        code,
        DATE,
        code == 200
            ? stored
            : "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":" + code + "}");
  }

  private static String node(String uid, String... taints) {
    var list =
        Stream.of(taints)
            .map(t -> t.split(":", 2))
            .map(t -> "{\"key\":\"" + t[0] + "\",\"effect\":\"" + t[1] + "\"}")
            .collect(Collectors.joining(","));
    return """
        {"kind":"Node","apiVersion":"v1","metadata":{"name":"node-a","uid":"%s"},
         "spec":{"taints":[%s]}}"""
        .formatted(uid, list);
  }

  private static SlimNode read(String json) {
    return KUBERNETES.unmarshal(json, SlimNode.class);
  }
}
