package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Fifty fixed IPs through a rollout, on five nodes in two zones. */
class RolloutIT {
  private static final Map<String, String> ZONES =
      Map.of(
          "a", "ap-guangzhou-3",
          "b", "ap-guangzhou-3",
          "c", "ap-guangzhou-3",
          "d", "ap-guangzhou-4",
          "e", "ap-guangzhou-4");
  private static final int REPLICAS = 10;

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("rollout", VpcLayout.standard());
    stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "rollout");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldKeepEveryAddressWhenStatefulSetsAreRestarted() {
    ZONES.forEach(
        (name, zone) ->
            stage
                .client()
                .resource(Workloads.statefulSet(name, scene.namespace(), REPLICAS, zone))
                .create());
    awaitAllRunning(Map.of());
    var before = addresses();
    var uids = uids();
    assertThat(new HashSet<>(before.values())).hasSize(50);

    ZONES
        .keySet()
        .forEach(
            name ->
                stage
                    .plane()
                    .runKubectl(
                        "rollout", "restart", "statefulset/" + name, "-n", scene.namespace()));

    awaitAllRunning(uids);
    assertThat(addresses()).isEqualTo(before);
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  /** Waits until fifty Pods run, none of them one of those, each with its claim's address. */
  private static void awaitAllRunning(Map<String, String> formerUids) {
    await("fifty new Pods run")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(
            () -> {
              var claims = claims();
              return pods().values().stream()
                      .filter(
                          p ->
                              !p.getMetadata()
                                  .getUid()
                                  .equals(formerUids.get(p.getMetadata().getName())))
                      .filter(p -> "Running".equals(p.getStatus().getPhase()))
                      .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                      .filter(p -> boundTo(claims.get(p.getMetadata().getName()), p))
                      .count()
                  == (long) ZONES.size() * REPLICAS;
            });
  }

  private static boolean boundTo(VpcIPClaim claim, Pod pod) {
    var status = claim.statusOrEmpty();
    return status.phase() == ClaimPhase.BOUND
        && pod.getMetadata().getUid().equals(status.podUID())
        && pod.getStatus().getPodIP().equals(status.address());
  }

  private static Map<String, String> addresses() {
    var addresses = new TreeMap<String, String>();
    pods().forEach((name, pod) -> addresses.put(name, pod.getStatus().getPodIP()));
    return addresses;
  }

  private static Map<String, String> uids() {
    return pods().values().stream()
        .collect(Collectors.toMap(p -> p.getMetadata().getName(), p -> p.getMetadata().getUid()));
  }

  private static Map<String, Pod> pods() {
    return stage.client().pods().inNamespace(scene.namespace()).list().getItems().stream()
        .collect(Collectors.toMap(p -> p.getMetadata().getName(), Function.identity()));
  }

  private static Map<String, VpcIPClaim> claims() {
    return stage
        .client()
        .resources(VpcIPClaim.class)
        .inNamespace(scene.namespace())
        .list()
        .getItems()
        .stream()
        .collect(Collectors.toMap(c -> c.getMetadata().getName(), Function.identity()));
  }
}
