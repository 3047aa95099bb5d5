package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.property.memory.Bench;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulingGateTest {
  private static final String PATCH = "PATCH";
  private static final String ZONE = "topology.kubernetes.io/zone";

  private final Scene scene = new Scene();

  @BeforeEach
  void makeANode() {
    scene.bench.create(
        SlimNode.class,
        """
        {"metadata": {"name": "node-a", "labels": {"%s": "zone-1"}}, "spec": {}}"""
            .formatted(ZONE));
  }

  @Test
  void shouldTellTheZoneOfTheRetainedAddressInThePatchThatOpensTheGate() {
    // given
    retained();
    var pod = gated("");

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isFalse();
    assertThat(pod().zoneSelector()).isEqualTo(Map.of(ZONE, "zone-1"));
    assertThat(patches()).isEqualTo(1);
  }

  @Test
  void shouldKeepTheGateUntilTheCacheShowsTheClaim() {
    // given
    scene.bench.lag();
    retained();
    var pod = gated("");

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isTrue();
    assertThat(patches()).isZero();

    // when
    scene.bench.catchUp();
    reconcile(pod);

    // then
    assertThat(pod().zoneSelector()).isEqualTo(Map.of(ZONE, "zone-1"));
  }

  @Test
  void shouldKeepTheGateWhileTheClaimOfAnEarlierPodIsBeingDeleted() {
    // given
    retained();
    scene.bench.delete(VpcIPClaim.class, Scene.NAMESPACE, Scene.NAME);
    var pod = gated("");

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isTrue();
    assertThat(patches()).isZero();
  }

  @Test
  void shouldKeepTheGateWhileTheClaimOfAnEarlierPodWillBeDeletedWithItsAddress() {
    // given
    scene.claim(
        """
        "phase": "Bound", "address": "%s", "subnetId": "%s", "deletePolicy": "Immediate",
        "podUID": "uid-of-the-pod-before\""""
            .formatted(Bench.ip(0), Bench.SUBNET));
    var pod = gated("");

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isTrue();
  }

  @Test
  void shouldOpenTheGateWithoutAZoneWhenTheClaimHasNoAddress() {
    // given
    scene.claim(
        """
        "phase": "Pending\"""");
    var pod = gated("");

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isFalse();
    assertThat(pod().zoneSelector()).isEmpty();
  }

  @Test
  void shouldChangeNoSelectorWhenThePodExcludesTheZone() {
    // given
    retained();
    var pod =
        gated(
            """
            "nodeSelector": {"%s": "zone-2"},"""
                .formatted(ZONE));

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isFalse();
    assertThat(pod().zoneSelector()).isEqualTo(Map.of(ZONE, "zone-2"));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 409, 422})
  void shouldWaitForTheWatchWhenThePodWasOvertaken(int code) {
    // given
    retained();
    var pod = gated("");
    scene.bench.refuse(PATCH, "/pods/", code);

    // when
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isTrue();
  }

  @Test
  void shouldFailAndSoBeTriedAgainWhenThePatchIsRefused() {
    // given
    retained();
    var pod = gated("");
    scene.bench.refuse(PATCH, "/pods/", 403);

    // when
    assertThatThrownBy(() -> reconcile(pod)).isInstanceOf(KubernetesClientException.class);
    reconcile(pod);

    // then
    assertThat(pod().isGated()).isFalse();
  }

  private void retained() {
    scene.claim(
        """
        "phase": "Retained", "address": "%s", "subnetId": "%s", "deletePolicy": "Never\""""
            .formatted(Bench.ip(0), Bench.SUBNET));
  }

  private SlimPod gated(String spec) {
    return scene.bench.create(
        SlimPod.class,
        """
        {"metadata": {"namespace": "%s", "name": "%s", "annotations": {
           "tke.cloud.tencent.com/networks": "tke-route-eni",
           "tke.cloud.tencent.com/vpc-ip-claim-delete-policy": "Never"}},
         "spec": {"schedulingGates": [{"name": "tke.cloud.tencent.com/fixed-ip-zone"}], %s
           "containers": [{"name": "c"}]}}"""
            .formatted(Scene.NAMESPACE, Scene.NAME, spec));
  }

  private void reconcile(SlimPod pod) {
    scene.bench.operator().podReconciler().reconcile(pod, null);
  }

  private SlimPod pod() {
    return scene.bench.find(SlimPod.class, Scene.NAMESPACE, Scene.NAME).orElseThrow();
  }

  private long patches() {
    return scene.bench.requests().stream().filter(r -> r.startsWith(PATCH)).count();
  }
}
