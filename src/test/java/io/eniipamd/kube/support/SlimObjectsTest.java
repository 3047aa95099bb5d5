package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
                  {"metadata":{"name":"n"},"spec":{"providerID":"qcloud:///1/ins-a","taints":[
                    {"key":"a","value":"b","effect":"NoExecute","timeAdded":"2026-11-30T10:00:00Z"},
                    {"key":"c","effect":"NoSchedule"}]}}
                ]}\
                """),
            new TypeReference<DefaultKubernetesResourceList<SlimNode>>() {});

    assertThat(nodes.getItems().getFirst().taints())
        .containsExactly(
            new SlimNode.Taint("a", "NoExecute"), new SlimNode.Taint("c", "NoSchedule"));

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

  @Test
  void shouldKeepAStubOfAPodThatAsksNothingOfUs() {
    var pod =
        serialization.unmarshal(
            json(
                """
                {"metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"7",
                   "generateName":"a-","creationTimestamp":"2026-01-31T12:00:00Z",
                   "deletionTimestamp":"2026-01-31T13:00:00Z","finalizers":["example.com/f"],
                   "annotations":{"example.com/a":"b"},
                   "ownerReferences":[{"kind":"ReplicaSet","name":"a","uid":"r"}]},
                 "spec":{"nodeName":"node","hostNetwork":true,
                   "containers":[{"name":"main","resources":{"requests":{"cpu":"1"}}}]},
                 "status":{"phase":"Failed","podIP":"10.0.0.9"}}\
                """),
            SlimPod.class);

    assertThat(serialization.asJson(pod))
        .isEqualTo(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2026-01-31T12:00:00Z",\
            "deletionTimestamp":"2026-01-31T13:00:00Z","name":"a","namespace":"n",\
            "resourceVersion":"7","uid":"u"},"spec":{"nodeName":"node","hostNetwork":true},\
            "status":{"phase":"Failed","podIP":"10.0.0.9"}}""");
    assertThat(pod.isMarkedForDeletion()).isTrue();
    assertThat(pod.hasFinalizer("example.com/f")).isFalse();
    assertThat(pod.annotations()).isEmpty();
    assertThat(pod.resources()).isEmpty();
  }

  @Test
  void shouldKeepOfAGatedPodWhatItSaysOfZones() {
    var pod =
        serialization.unmarshal(
            json(
                """
                {"metadata":{"name":"a","annotations":{"tke.cloud.tencent.com/networks":"tke-route-eni"}},
                 "spec":{"schedulingGates":[{"name":"example.org/mine"},
                     {"name":"tke.cloud.tencent.com/fixed-ip-zone"}],
                   "nodeSelector":{"disk":"ssd","topology.kubernetes.io/zone":"160001"},
                   "affinity":{"podAffinity":{},"nodeAffinity":{
                     "requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
                       {"matchExpressions":[{"key":"disk","operator":"Exists"},
                         {"key":"topology.kubernetes.io/zone","operator":"In","values":["160001"]}]}]}}},
                   "containers":[]}}\
                """),
            SlimPod.class);

    assertThat(pod.isGated()).isTrue();
    assertThat(pod.zoneSelector()).isEqualTo(Map.of("topology.kubernetes.io/zone", "160001"));
    assertThat(pod.zoneTerms())
        .containsExactly(
            List.of(
                new SlimPod.Expression("topology.kubernetes.io/zone", "In", List.of("160001"))));
  }

  @Test
  void shouldSayNothingOfZonesWhenOneTermOfTheAffinityAllowsAny() {
    var pod =
        serialization.unmarshal(
            json(
                """
                {"metadata":{"name":"a","annotations":{"tke.cloud.tencent.com/networks":"tke-route-eni"}},
                 "spec":{"schedulingGates":[{"name":"example.org/mine"}],
                   "nodeSelector":{"disk":"ssd"},
                   "affinity":{"nodeAffinity":{
                     "requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
                       {"matchExpressions":[{"key":"disk","operator":"Exists"}]},
                       {"matchExpressions":[
                         {"key":"topology.kubernetes.io/zone","operator":"In","values":["160001"]}]}]}}},
                   "containers":[]}}\
                """),
            SlimPod.class);

    assertThat(pod.isGated()).isFalse();
    assertThat(pod.zoneSelector()).isEmpty();
    assertThat(pod.zoneTerms()).isEmpty();
    assertThat(serialization.asJson(pod)).doesNotContain("affinity", "nodeSelector", "Gates");
  }

  @Test
  void shouldKeepTheGateOfAPodThatAsksNothingOfUs() {
    var pod =
        serialization.unmarshal(
            json(
                """
                {"metadata":{"name":"a","uid":"u"},"spec":{
                  "schedulingGates":[{"name":"tke.cloud.tencent.com/fixed-ip-zone"}],
                  "nodeSelector":{"topology.kubernetes.io/zone":"160001"},"containers":[]}}\
                """),
            SlimPod.class);

    assertThat(pod.isGated()).isTrue();
    assertThat(pod.zoneSelector()).isEmpty();
  }

  @Test
  void shouldKeepTheOwnersOfAPodThatWantsAnAddress() {
    var pod =
        serialization.unmarshal(
            json(
                """
                {"spec":{"containers":[]},
                 "metadata":{"name":"a","annotations":{"tke.cloud.tencent.com/networks":"tke-route-eni"},
                   "ownerReferences":[{"kind":"ReplicaSet","name":"a","uid":"r"}]}}\
                """),
            SlimPod.class);

    assertThat(pod.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(pod.annotations()).hasSize(1);
  }

  private static ByteArrayInputStream json(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
