package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SlimObjectsTest {
  private final KubernetesSerialization serialization = new KubernetesSerialization();

  @Test
  void shouldReadPodsOfAListWhichCarryNoKind() {
    var pods =
        serialization.unmarshal(
            json(
                """
                {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[
                  {"metadata":{"name":"a","uid":"u"},"spec":{"nodeName":"n"}}
                ]}\
                """),
            new TypeReference<DefaultKubernetesResourceList<SlimPod>>() {});

    assertThat(pods.getItems()).extracting(SlimPod::nodeName).containsExactly("n");
  }

  @Test
  void shouldReadNodesOfAListWhichCarryNoKind() {
    var nodes =
        serialization.unmarshal(
            json(
                """
                {"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[
                  {"metadata":{"name":"n"},"spec":{"providerID":"qcloud:///1/ins-a"}}
                ]}\
                """),
            new TypeReference<DefaultKubernetesResourceList<SlimNode>>() {});

    assertThat(nodes.getItems())
        .extracting(SlimNode::providerId)
        .containsExactly("qcloud:///1/ins-a");
  }

  @Test
  void shouldTellTheResourcesOfASidecarWhenNoOtherContainerAsks() {
    var pod =
        serialization.unmarshal(
            json(
                """
                {"metadata":{"name":"a","uid":"u"},"spec":{
                  "initContainers":[{"name":"proxy","restartPolicy":"Always","resources":
                    {"requests":{"tke.cloud.tencent.com/eni-ip":"1","cpu":"100m"}}}],
                  "containers":[{"name":"main"}]}}\
                """),
            SlimPod.class);

    assertThat(pod.resources()).containsExactly("tke.cloud.tencent.com/eni-ip");
  }

  private static ByteArrayInputStream json(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
