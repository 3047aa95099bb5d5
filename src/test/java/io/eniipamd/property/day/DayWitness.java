package io.eniipamd.property.day;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.property.stage.ClaimWitness;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sees through the day what must not be, and at its end whether everything fits together. */
final class DayWitness implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Stage stage;
  private final DayWorld world;
  private final ClaimWitness claims;

  /** The first address of each claim that keeps its own. */
  private final Map<String, String> firsts = new HashMap<>();

  DayWitness(Stage stage, DayWorld world) {
    this.stage = stage;
    this.world = world;
    claims = ClaimWitness.of(stage.client());
  }

  // ----------------------------------------------------------------------------- through the day

  /** What must hold at every moment. */
  void look() {
    assertThat(claims.broken()).as("what claims must not do").isEmpty();
    assertThat(stage.kubelets().violations()).as("what nodes must not see").isEmpty();
    var before = stage.kubelets().addressesInUse();
    var cloud = stage.vpc().snapshot();
    var after = stage.kubelets().addressesInUse();
    before.entrySet().retainAll(after.entrySet());
    assertThat(new HashSet<>(before.values()))
        .as("addresses in use: %s", before)
        .hasSameSizeAs(before.values());
    assertThat(before)
        .as("addresses of living Pods that are on an ENI")
        .allSatisfy((pod, ip) -> assertThat(cloud.eniOf(ip)).as("%s of %s", ip, pod).isPresent());
    for (var claim : all()) {
      var status = claim.statusOrEmpty();
      if (status.deletePolicy() == DeletePolicy.NEVER && status.address() != null) {
        firsts.putIfAbsent(claim.getMetadata().getName(), status.address());
      }
    }
  }

  /** How the cluster stands, in a line. */
  String standing() {
    long running = world.pods().stream().filter(DayWitness::runs).count();
    long retained =
        all().stream().filter(c -> c.statusOrEmpty().phase() == ClaimPhase.RETAINED).count();
    return "nodes %s, Pods %d of %d run, retained %d, ENIs %d"
        .formatted(
            world.nodesOfZones(),
            running,
            world.wantedPods(),
            retained,
            stage.vpc().snapshot().secondaryEnis().size());
  }

  // -------------------------------------------------------------------------- at the day's end

  /** Waits until everything is at rest, and fits together. */
  void awaitRest() {
    world.awaitNodesReady();
    await("every Pod runs with the address of its claim")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var pods = world.pods();
              assertThat(pods).hasSize(world.wantedPods());
              assertThat(pods).allSatisfy(this::hasItsAddress);
            });
    await("the cloud holds what the records say")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(this::fitsTogether);
    look();
    assertThat(firsts).as("fixed IPs").isNotEmpty();
    var now = new HashMap<String, String>();
    all().forEach(c -> now.put(c.getMetadata().getName(), c.statusOrEmpty().address()));
    assertThat(now).as("fixed IPs are the ones that they were first").containsAllEntriesOf(firsts);
  }

  int fixedIps() {
    return firsts.size();
  }

  private void hasItsAddress(Pod pod) {
    var name = pod.getMetadata().getName();
    assertThat(runs(pod)).as("%s runs: %s", name, pod.getStatus()).isTrue();
    var claim = stage.claim(pod.getMetadata().getNamespace(), name).map(VpcIPClaim::statusOrEmpty);
    assertThat(claim.map(c -> c.podUID())).as(name).hasValue(pod.getMetadata().getUid());
    var ip = pod.getStatus().getPodIP();
    assertThat(claim.map(c -> c.address())).as(name).hasValue(ip);
    assertThat(stage.vpc().snapshot().eniOf(ip).flatMap(EniView::instanceId))
        .as("the machine of %s, which %s has", ip, name)
        .isEqualTo(Optional.of(world.nodes().get(pod.getSpec().getNodeName())));
  }

  private void fitsTogether() {
    assertThat(Scene.discrepancies(stage)).isEmpty();
    var cloud = stage.vpc().snapshot();
    var addresses =
        cloud.enis().stream().flatMap(e -> e.addresses().stream()).map(a -> a.ip()).toList();
    assertThat(addresses).as("addresses on ENIs").doesNotHaveDuplicates();
    assertThat(cloud.reservations()).as("reservations").isEmpty();
    assertThat(cloud.secondaryEnis())
        .as("ENIs are on the machines of nodes")
        .allSatisfy(
            e -> assertThat(e.instanceId()).get().isIn(List.copyOf(world.nodes().values())));
    assertThat(stage.client().resources(NodeENIConfig.class).list().getItems())
        .as("records of nodes")
        .extracting(n -> n.getMetadata().getName())
        .containsExactlyInAnyOrderElementsOf(world.nodes().keySet());
    assertThat(stage.vips().stream().filter(v -> v.getSpec().type() == VpcIPType.ENI))
        .as("records of ENIs' own addresses")
        .extracting(v -> v.getMetadata().getName())
        .containsExactlyInAnyOrderElementsOf(
            cloud.secondaryEnis().stream()
                .map(e -> e.addresses().getFirst().ip().toString())
                .toList());
  }

  private static boolean runs(Pod pod) {
    return "Running".equals(pod.getStatus().getPhase()) && !pod.isMarkedForDeletion();
  }

  private List<VpcIPClaim> all() {
    return stage.client().resources(VpcIPClaim.class).inAnyNamespace().list().getItems();
  }

  @Override
  public void close() {
    claims.close();
  }
}
