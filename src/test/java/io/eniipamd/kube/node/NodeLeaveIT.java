package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.controlplane.SharedControlPlane;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node leaves: its ENIs are given back without a hand, and nothing that lives is lost. */
class NodeLeaveIT {
  private static final String ZONE = "ap-guangzhou-3";
  private static final String INSTANCE = "ins-node0001";
  private static final String SUBNET = "subnet-gz3pods1";
  private static final String NODE = "leaving-1";
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration LATER = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int MANY = 100;

  private final ControlPlane plane = SharedControlPlane.get();
  private final KubernetesClient client = plane.client();
  private SimulatedVpc vpc = SimulatedVpc.start(VpcLayout.standard());
  private NodeRoom room;

  @AfterEach
  void tearDown() {
    if (room != null) {
      room.close();
    }
    vpc.close();
    client.nodes().list().getItems().stream()
        .filter(n -> n.getMetadata().getName().startsWith("leaving-"))
        .forEach(n -> client.nodes().withName(n.getMetadata().getName()).delete());
    client.resources(NodeENIConfig.class).list().getItems().forEach(this::erase);
    client.resources(VpcIP.class).list().getItems().forEach(this::erase);
  }

  @Test
  void shouldGiveAllEnisBackInTwoCallsEachWhenTheNodeIsScaledIn() {
    joinWithTwoEnis();
    var before = vpc.record().count();

    client.nodes().withName(NODE).delete();

    awaitNothingLeft();
    assertThat(changes(before))
        .containsExactlyInAnyOrder(
            "DetachNetworkInterface",
            "DeleteNetworkInterface",
            "DetachNetworkInterface",
            "DeleteNetworkInterface");
  }

  @Test
  void shouldLoseNothingWhenTheNodeIsBackBeforeTheDelayIsOver() {
    open(LATER);
    join(NODE, INSTANCE);
    var eni = awaitReady(NODE).getStatus().eniInfos().getFirst();
    var before = vpc.record().count();

    client.nodes().withName(NODE).delete();
    awaitCondition(Condition.FALSE, "NodeGone");
    join(NODE, INSTANCE);

    assertThat(awaitReady(NODE).getStatus().eniInfos())
        .extracting(EniInfo::eniId)
        .containsExactly(eni.eniId());
    assertThat(changes(before)).isEmpty();
  }

  @Test
  void shouldWaitForTheLastPodThatNamesTheNode() {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    awaitReady(NODE);
    var namespace = plane.createNamespace("leave");
    createPod(namespace);
    var before = vpc.record().count();

    client.nodes().withName(NODE).delete();

    awaitCondition(Condition.FALSE, "NodeGone");
    // The operator asks for the Pods again after a while, and has asked once when it says so.
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(1);
    client.pods().inNamespace(namespace).withName("last").withGracePeriod(0).delete();
    awaitNothingLeft();
    assertThat(changes(before)).hasSize(2);
  }

  @Test
  void shouldDeleteWhatTheTerminatedInstanceHasLeft() {
    joinWithTwoEnis();
    vpc.removeInstance(INSTANCE);
    var before = vpc.record().count();

    client.nodes().withName(NODE).delete();

    awaitNothingLeft();
    assertThat(changes(before)).containsOnly("DeleteNetworkInterface").hasSize(2);
  }

  @Test
  void shouldFindByItsTagWhatNoRecordNames() {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    awaitReady(NODE);
    room.close();
    client.nodes().withName(NODE).delete();
    erase(client.resources(VpcIP.class).list().getItems().getFirst());
    statusWithoutEnis();

    open(AT_ONCE);

    awaitNothingLeft();
  }

  @Test
  void shouldKeepAnEniWithAnAddressThatNoRecordHasAndTell() {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    var eni = awaitReady(NODE).getStatus().eniInfos().getFirst();
    var stray = Ip.parse(eni.primaryIP().replaceAll("[0-9]+$", "99"));
    room.cloud().assign(eni.eniId(), List.of(stray));
    await().atMost(PATIENCE).until(() -> vpc.runningTasks() == 0);
    var before = vpc.record().count();

    client.nodes().withName(NODE).delete();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(client.v1().events().inNamespace("default").list().getItems())
                    .filteredOn(e -> "ENILeftBehind".equals(e.getReason()))
                    .filteredOn(e -> NODE.equals(e.getInvolvedObject().getName()))
                    .extracting(e -> e.getMessage())
                    .anyMatch(m -> m.contains(stray.toString())));
    assertThat(changes(before)).isEmpty();
    room.cloud().unassign(eni.eniId(), List.of(stray));
    awaitNothingLeft();
  }

  @Test
  void shouldOpenTheEniAgainWhenTheNodeIsBackBeforeItsRemovalBegan() {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    var eni = awaitReady(NODE).getStatus().eniInfos().getFirst();
    room.close();
    room = NodeRoom.openLeaving(plane, vpc, AT_ONCE, new NodeRoom.Death(2, true), SUBNET);
    var before = vpc.record().count();
    client.nodes().withName(NODE).delete();
    await().atMost(PATIENCE).until(room::isDead);
    room.close();
    assertThat(nec(NODE).getStatus().eniInfos())
        .extracting(EniInfo::phase)
        .containsExactly(EniPhase.DETACHING);

    join(NODE, INSTANCE);
    open(AT_ONCE);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nec(NODE).getStatus().eniInfos())
                    .extracting(EniInfo::eniId, EniInfo::phase)
                    .containsExactly(Tuple.tuple(eni.eniId(), EniPhase.ATTACHED)));
    assertThat(changes(before)).isEmpty();
  }

  @ParameterizedTest(name = "killed at write {0}, after it: {1}")
  @CsvSource({
    "1, false",
    "1, true",
    "2, false",
    "2, true",
    "3, false",
    "3, true",
    "4, false",
    "4, true",
    "5, false",
    "5, true",
    "6, false",
    "6, true",
    "7, false",
    "7, true",
  })
  void shouldEndWithNothingWhenTheOperatorIsKilledAtAWrite(int write, boolean after) {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    awaitReady(NODE);
    room.close();
    room = NodeRoom.openLeaving(plane, vpc, AT_ONCE, new NodeRoom.Death(write, after), SUBNET);
    var before = vpc.record().count();

    client.nodes().withName(NODE).delete();

    await().atMost(PATIENCE).until(() -> room.isDead() || nec(NODE) == null);
    room.close();
    open(AT_ONCE);
    awaitNothingLeft();
    assertThat(changes(before)).containsExactly("DetachNetworkInterface", "DeleteNetworkInterface");
  }

  @ParameterizedTest(name = "killed {1} {0}")
  @CsvSource({
    "DetachNetworkInterface, before",
    "DetachNetworkInterface, after",
    "DeleteNetworkInterface, before",
    "DeleteNetworkInterface, after",
  })
  void shouldEndWithNothingWhenTheOperatorIsKilledAtACall(String action, String moment)
      throws InterruptedException {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    awaitReady(NODE);
    var kill = new KillAtCall(action, moment);
    kill.aimAt(room);
    vpc.setGate(kill);

    client.nodes().withName(NODE).delete();

    assertThat(kill.await(PATIENCE)).isTrue();
    room.close();
    vpc.setGate(CallGate.open());
    open(AT_ONCE);
    awaitNothingLeft();
  }

  @Test
  void shouldShareLooksAndListsWhenAHundredNodesAreScaledInAtOnce() {
    vpc.close();
    var layout = VpcLayout.standard();
    for (int i = 1; i <= MANY; i++) {
      layout = layout.plusInstance(VpcLayout.machine(instance(i), ZONE, SUBNET));
    }
    vpc = SimulatedVpc.start(layout);
    open(AT_ONCE);
    IntStream.rangeClosed(1, MANY).forEach(i -> join("leaving-" + i, instance(i)));
    IntStream.rangeClosed(1, MANY).forEach(i -> awaitReady("leaving-" + i));
    var calls = vpc.record().count();
    var mark = plane.audit().mark();
    var from = Instant.now();

    IntStream.rangeClosed(1, MANY)
        .parallel()
        .forEach(i -> client.nodes().withName("leaving-" + i).delete());

    awaitNothingLeft();
    assertThat(changes(calls)).hasSize(2 * MANY);
    assertThat(vpc.record().since(calls).stream().filter(c -> !c.changing()).count())
        .as("looks: ten a second for all that wait together, and what the nodes share")
        .isLessThan(10 * Duration.between(from, Instant.now()).toSeconds() + 40);
    assertThat(
            plane.audit().since(mark).stream()
                .filter(e -> e.verb().equals("list") && e.target().equals("pods"))
                .count())
        .as("lists of Pods")
        .isLessThan(MANY / 2);
  }

  @Test
  void shouldGiveBackTheEniThatANodeCanDoWithoutAndKeepTheLast() {
    joinWithTwoEnis();
    room.close();
    room = NodeRoom.openShrinking(plane, vpc, SUBNET);
    var before = vpc.record().count();

    awaitOneEni();

    assertThat(changes(before)).containsExactly("DetachNetworkInterface", "DeleteNetworkInterface");
    assertThat(client.resources(VpcIP.class).list().getItems()).hasSize(1);
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(1);
  }

  @ParameterizedTest(name = "killed at write {0}, after it: {1}")
  @CsvSource({
    "1, false",
    "1, true",
    "2, false",
    "2, true",
    "3, false",
    "3, true",
    "4, false",
    "4, true",
  })
  void shouldEndWithOneEniWhenTheOperatorIsKilledWhileTheNodeShrinks(int write, boolean after) {
    joinWithTwoEnis();
    room.close();
    room = NodeRoom.openShrinking(plane, vpc, new NodeRoom.Death(write, after), SUBNET);
    var before = vpc.record().count();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              room.lookForIdle();
              return room.isDead();
            });
    room.close();

    room = NodeRoom.openShrinking(plane, vpc, SUBNET);

    awaitOneEni();
    assertThat(changes(before)).containsExactly("DetachNetworkInterface", "DeleteNetworkInterface");
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(1);
  }

  private void awaitOneEni() {
    await()
        .atMost(PATIENCE)
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(
            () -> {
              room.lookForIdle();
              assertThat(nec(NODE).getStatus().eniInfos())
                  .singleElement()
                  .satisfies(eni -> assertThat(eni.phase()).isEqualTo(EniPhase.ATTACHED));
              assertThat(client.resources(VpcIP.class).list().getItems()).hasSize(1);
            });
  }

  private static String instance(int i) {
    return "ins-many%04d".formatted(i);
  }

  /** One that Pods have needed a second ENI on. */
  private void joinWithTwoEnis() {
    open(AT_ONCE);
    join(NODE, INSTANCE);
    awaitReady(NODE);
    for (int i = 0; i < 12; i++) {
      room.demand().ask(NODE, "claim-" + i, Set.of());
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(nec(NODE).getStatus().eniInfos()).hasSize(2));
    IntStream.range(0, 12).forEach(i -> room.demand().withdraw("claim-" + i));
  }

  private void awaitNothingLeft() {
    await()
        .atMost(PATIENCE)
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(
            () -> {
              assertThat(client.resources(NodeENIConfig.class).list().getItems()).isEmpty();
              assertThat(client.resources(VpcIP.class).list().getItems()).isEmpty();
              assertThat(vpc.snapshot().secondaryEnis()).isEmpty();
            });
  }

  private List<String> changes(long before) {
    return vpc.record().since(before).stream().filter(Call::changing).map(Call::action).toList();
  }

  private void statusWithoutEnis() {
    client
        .resources(NodeENIConfig.class)
        .withName(NODE)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"eniInfos\":null}}");
  }

  private void open(Duration delay) {
    room = NodeRoom.openLeaving(plane, vpc, delay, SUBNET);
  }

  private void join(String node, String instance) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .withLabels(Map.of(Names.ZONE_LABEL, ZONE))
                .endMetadata()
                .withNewSpec()
                .withProviderID("qcloud:///800002/" + instance)
                .endSpec()
                .build())
        .create();
  }

  private void createPod(String namespace) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("last")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNodeName(NODE)
                .addNewContainer()
                .withName("main")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  private NodeENIConfig nec(String node) {
    return client.resources(NodeENIConfig.class).withName(node).get();
  }

  private NodeENIConfig awaitReady(String node) {
    return await()
        .atMost(PATIENCE)
        .ignoreException(KubernetesClientException.class)
        .until(() -> nec(node), nec -> says(nec, Condition.TRUE, "ENIAttached"));
  }

  private void awaitCondition(String status, String reason) {
    await()
        .atMost(PATIENCE)
        .ignoreException(KubernetesClientException.class)
        .until(() -> says(nec(NODE), status, reason));
  }

  private static boolean says(NodeENIConfig nec, String status, String reason) {
    return nec != null
        && nec.statusOrEmpty().conditions().stream()
            .anyMatch(
                c ->
                    c.type().equals("Ready")
                        && c.status().equals(status)
                        && c.reason().equals(reason));
  }

  private <T extends HasMetadata> void erase(T object) {
    try {
      client
          .resource(object)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
      client.resource(object).delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
