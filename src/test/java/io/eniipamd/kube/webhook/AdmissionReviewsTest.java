package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.metrics.IpamMetrics;
import io.eniipamd.property.memory.Bench;
import io.eniipamd.testing.NewPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.zjsonpatch.JsonPatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionReviewsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
  private static final String NAMESPACE = "shop";
  private static final String GATE = "tke.cloud.tencent.com/fixed-ip-zone";
  private static final String ZONE = "topology.kubernetes.io/zone";

  private final Bench bench = new Bench();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private boolean current = true;
  private final AdmissionReviews reviews =
      new AdmissionReviews(
          KUBERNETES,
          bench.operator().podAdmission(),
          new Caches() {
            @Override
            public boolean complete() {
              return true;
            }

            @Override
            public boolean current() {
              return current;
            }
          },
          new IpamMetrics(registry));

  @BeforeEach
  void makeANode() {
    bench.create(
        SlimNode.class,
        """
        {"metadata": {"name": "node-a", "labels": {"%s": "zone-1"}}, "spec": {}}"""
            .formatted(ZONE));
  }

  static Stream<NewPods.Case> cases() {
    return NewPods.in(NAMESPACE).cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGateAndCountWhatThePoliciesDo(NewPods.Case of) throws Exception {
    var pod = JSON.readTree(KUBERNETES.asJson(of.pod()));

    var changed = changed(of.namespace(), pod);

    assertThat(changed).isEqualTo(NewPods.changed(of.pod().getSpec(), of.gated(), of.counted()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldAddNothingWhenItIsAskedASecondTime(NewPods.Case of) throws Exception {
    var once = patched(of.namespace(), JSON.readTree(KUBERNETES.asJson(of.pod())));

    assertThat(patched(of.namespace(), once)).isEqualTo(once);
  }

  @Test
  void shouldTellTheZoneWithoutAGateWhenTheAddressIsRetained() throws Exception {
    retained();

    var spec = changed(NAMESPACE, pod("web-0", ""));

    assertThat(spec.getNodeSelector()).isEqualTo(Map.of(ZONE, "zone-1"));
    assertThat(spec.getSchedulingGates()).isEmpty();
    assertThat(registry.get("ipamd.webhook.reviews").tag("answer", "zone").counter().count())
        .isEqualTo(1);
  }

  @Test
  void shouldSetTheGateWhenTheCachesDoNotFollow() throws Exception {
    retained();
    current = false;

    assertGated(changed(NAMESPACE, pod("web-0", "")));
  }

  @Test
  void shouldSetTheGateWhenTheCacheDoesNotShowTheClaim() throws Exception {
    bench.lag();
    retained();

    assertGated(changed(NAMESPACE, pod("web-0", "")));
  }

  @Test
  void shouldSetTheGateWhenTheClaimIsOfAnotherPodOrNamespace() throws Exception {
    retained();

    assertGated(changed(NAMESPACE, pod("web-1", "")));
    assertGated(changed("other", pod("web-0", "")));
  }

  @Test
  void shouldSetTheGateWhenThePodHasNoNameYet() throws Exception {
    retained();

    assertGated(
        changed(
            NAMESPACE,
            JSON.readTree(
                pod("web-0", "").toString().replace("name\":\"web", "generateName\":\"web"))));
  }

  @Test
  void shouldSetTheGateWhenTheClaimEndsWithAnEarlierPod() throws Exception {
    claim("\"phase\": \"Bound\", \"deletePolicy\": \"Immediate\", \"podUID\": \"uid-before\",");

    assertGated(changed(NAMESPACE, pod("web-0", "")));
  }

  @Test
  void shouldSetTheGateWhenTheClaimIsBeingDeleted() throws Exception {
    retained();
    bench.delete(VpcIPClaim.class, NAMESPACE, "web-0");

    assertGated(changed(NAMESPACE, pod("web-0", "")));
  }

  @Test
  void shouldLeaveThePodToTheOperatorWhenItExcludesTheZone() throws Exception {
    retained();

    var spec =
        changed(NAMESPACE, pod("web-0", "\"nodeSelector\": {\"%s\": \"zone-2\"},".formatted(ZONE)));

    assertThat(spec.getNodeSelector()).isEqualTo(Map.of(ZONE, "zone-2"));
    assertThat(spec.getSchedulingGates()).extracting("name").containsExactly(GATE);
  }

  @Test
  void shouldAddNoZoneWhenThePodHasTheGateAlready() throws Exception {
    retained();

    assertGated(
        changed(
            NAMESPACE, pod("web-0", "\"schedulingGates\": [{\"name\": \"%s\"}],".formatted(GATE))));
  }

  @ParameterizedTest
  @CsvSource({
    "UPDATE, pods, ''",
    "DELETE, pods, ''",
    "CREATE, services, ''",
    "CREATE, pods, eviction"
  })
  void shouldAllowWhatIsNoNewPodAsItIs(String operation, String resource, String sub)
      throws Exception {
    var answer =
        answer(
            """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
              "uid": "u-1", "operation": "%s", "subResource": "%s",
              "resource": {"group": "", "version": "v1", "resource": "%s"}, "object": null}}"""
                .formatted(operation, sub, resource));

    assertThat(answer).isEqualTo(JSON.readTree("{\"uid\": \"u-1\", \"allowed\": true}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | the body is no JSON object",
        "{'a': secret} | the body is no JSON at line 1, column",
        "{'a': 1 | the body is no JSON",
        "[1] | the body is no JSON object",
        "{} | apiVersion and kind must be admission.k8s.io/v1 and AdmissionReview",
        "{'apiVersion': 'admission.k8s.io/v1beta1', 'kind': 'AdmissionReview'} | apiVersion and kind must be",
        "{'apiVersion': 'admission.k8s.io/v1', 'kind': 'Pod'} | apiVersion and kind must be",
        "{'apiVersion': 'admission.k8s.io/v1', 'kind': 'AdmissionReview'} | request is missing",
        "{'apiVersion': 'admission.k8s.io/v1', 'kind': 'AdmissionReview', 'request': []} | request is missing",
        "{'apiVersion': 'admission.k8s.io/v1', 'kind': 'AdmissionReview', 'request': {}} | request.uid is missing",
      })
  void shouldSayWhatIsWrongWhenItIsNoReview(String body, String problem) {
    assertRefused(body.replace('\'', '"'), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | request.object.metadata is missing",
        "{\"metadata\": {}} | request.object.spec is missing",
        "{\"metadata\": [], \"spec\": {}} | request.object.metadata is missing",
        "{\"metadata\": {}, \"spec\": {\"containers\": \"secret\"}} | request.object cannot be read as a Pod: ",
        "{\"metadata\": {\"annotations\": {\"a\": [\"secret\"]}}, \"spec\": {}} | request.object cannot be read as a Pod",
      })
  void shouldSayWhatIsWrongWhenItIsNoPod(String object, String problem) {
    assertRefused(review(NAMESPACE, object), problem);
  }

  @Test
  void shouldRefuseWhatIsNestedTooDeeply() {
    assertRefused("[".repeat(100_000), "the body is no JSON");
  }

  private void assertRefused(String body, String problem) {
    assertThatThrownBy(() -> reviews.answer(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(BadReviewException.class)
        .hasMessageStartingWith(problem)
        .message()
        .doesNotContain("secret");
  }

  private static void assertGated(PodSpec spec) {
    assertThat(spec.getSchedulingGates()).extracting("name").containsExactly(GATE);
    assertThat(spec.getNodeSelector()).isNullOrEmpty();
  }

  private void retained() {
    claim("\"phase\": \"Retained\", \"deletePolicy\": \"Never\",");
  }

  private void claim(String status) {
    bench.create(
        VpcIPClaim.class,
        """
        {"metadata": {"namespace": "%s", "name": "web-0",
           "finalizers": ["tke.cloud.tencent.com/vpc-ip-claim"],
           "labels": {"app.kubernetes.io/managed-by": "tke-eni-ipamd"}},
         "spec": {"deletePolicy": "Never"},
         "status": {%s "address": "%s", "subnetId": "%s"}}"""
            .formatted(NAMESPACE, status, Bench.ip(0), Bench.SUBNET));
  }

  private static JsonNode pod(String name, String spec) throws Exception {
    return JSON.readTree(
        """
        {"metadata": {"name": "%s", "annotations": {
           "tke.cloud.tencent.com/networks": "tke-route-eni",
           "tke.cloud.tencent.com/vpc-ip-claim-delete-policy": "Never"}},
         "spec": {%s "containers": [{"name": "c"}]}}"""
            .formatted(name, spec));
  }

  private PodSpec changed(String namespace, JsonNode pod) throws Exception {
    return KUBERNETES.unmarshal(patched(namespace, pod).toString(), Pod.class).getSpec();
  }

  private JsonNode patched(String namespace, JsonNode pod) throws Exception {
    var answer = answer(review(namespace, pod.toString()));
    assertThat(answer.path("allowed").asBoolean()).isTrue();
    if (!answer.has("patch")) {
      return pod;
    }
    assertThat(answer.path("patchType").asText()).isEqualTo("JSONPatch");
    var patch = Base64.getDecoder().decode(answer.path("patch").asText());
    return JsonPatch.apply(JSON.readTree(patch), pod);
  }

  private JsonNode answer(String body) throws Exception {
    var answer = JSON.readTree(reviews.answer(body.getBytes(StandardCharsets.UTF_8)));
    assertThat(answer.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(answer.path("kind").asText()).isEqualTo("AdmissionReview");
    return answer.path("response");
  }

  private static String review(String namespace, String object) {
    return """
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
      "uid": "u-1", "operation": "CREATE", "namespace": "%s",
      "resource": {"group": "", "version": "v1", "resource": "pods"}, "object": %s}}"""
        .formatted(namespace, object);
  }
}
