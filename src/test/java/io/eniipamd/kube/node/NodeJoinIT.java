package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.controlplane.SharedControlPlane;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.Edits;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node joins: what it gets, what that costs, and what becomes of it where something is wrong. */
class NodeJoinIT {
  private static final String ZONE = "ap-guangzhou-3";
  private static final String INSTANCE = "ins-node0001";
  private static final String REPLACEMENT = "ins-node0009";
  private static final String SUBNET_A = "subnet-gz3pods1";
  private static final String SUBNET_B = "subnet-gz3pods2";
  private static final String SUBNET_FAR = "subnet-gz4pods1";
  private static final String[] ALL = {SUBNET_A, SUBNET_B, SUBNET_FAR};
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ControlPlane plane = SharedControlPlane.get();
  private final KubernetesClient client = plane.client();

  /** TKE names nodes by their IP. */
  private final String node =
      ThreadLocalRandom.current()
          .ints(3, 1, 255)
          .mapToObj(Integer::toString)
          .collect(Collectors.joining(".", "10.", ""));

  private SimulatedVpc vpc;
  private NodeRoom room;

  @BeforeEach
  void setUp() {
    vpc = SimulatedVpc.start(VpcLayout.standard());
  }

  @AfterEach
  void tearDown() {
    if (room != null) {
      room.close();
    }
    vpc.close();
    client.nodes().withName(node).delete();
    client.resources(NodeENIConfig.class).list().getItems().forEach(this::erase);
    client.resources(VpcIP.class).list().getItems().forEach(this::erase);
  }

  @Test
  void shouldHaveAnEniOfItsZoneAttachedRecordedAndOfferedWhenANodeJoins() {
    open(ALL);
    var before = vpc.record().count();

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    var nec = awaitReady();
    assertThat(nec.getSpec().instanceId()).isEqualTo(INSTANCE);
    assertThat(nec.getSpec().zone()).isEqualTo(ZONE);
    assertThat(nec.getMetadata().getFinalizers()).containsExactly(Names.NODE_FINALIZER);
    var enis = vpc.snapshot().enisOn(INSTANCE);
    assertThat(enis).hasSize(1);
    var eni = enis.getFirst();
    assertThat(eni.zone()).isEqualTo(ZONE);
    var primary = eni.addresses().getFirst().ip().toString();
    var info = nec.getStatus().eniInfos().getFirst();
    assertThat(info.eniId()).isEqualTo(eni.id());
    assertThat(info.mac()).isEqualToIgnoringCase(eni.mac());
    assertThat(info.primaryIP()).isEqualTo(primary);
    assertThat(info.slots()).isEqualTo(9);
    assertThat(info.phase()).isEqualTo(EniPhase.ATTACHED);
    assertThat(nec.getStatus().maxRouteENI()).isEqualTo(3);
    assertThat(nec.getStatus().maxIPPerENI()).isEqualTo(9);
    assertThat(ownAddresses())
        .singleElement()
        .satisfies(
            vip -> {
              assertThat(vip.getMetadata().getName()).isEqualTo(primary);
              assertThat(vip.getMetadata().getLabels())
                  .containsEntry(Names.NODE_NAME, node)
                  .containsEntry(Names.SUBNET_ID, eni.subnetId());
              assertThat(vip.getStatus().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
              assertThat(vip.getStatus().eniId()).isEqualTo(eni.id());
            });
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(offered()).isEqualTo("27"));
    var calls = vpc.record().since(before);
    assertThat(calls.stream().filter(c -> c.changing()).map(c -> c.action()))
        .containsExactly("CreateNetworkInterface", "AttachNetworkInterface");
    // Its own reads: the limits, and two looks at what is there. The waiting is the shared looks'.
    assertThat(calls.stream().filter(c -> c.action().equals("DescribeNetworkInterfaceLimit")))
        .hasSize(1);
    // Shared by all nodes that join at the time.
    assertThat(calls.stream().filter(c -> c.action().equals("DescribeInstances"))).hasSize(1);
    assertThat(room.views().of(node))
        .hasValueSatisfying(
            view -> {
              assertThat(view.enis()).hasSize(1);
              assertThat(view.enis().getFirst().hasRoom()).isTrue();
              assertThat(view.problem()).isEmpty();
              assertThat(view.mayGrow()).isTrue();
            });
  }

  @Test
  void shouldCostTwoWritesOfEachRecordWhenANodeJoins() {
    open(ALL);
    var from = plane.audit().mark();

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    awaitReady();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(offered()).isEqualTo("27"));
    var writes =
        plane.audit().since(from).stream()
            .filter(e -> e.isWrite() && e.succeeded())
            .filter(e -> Set.of("nodeeniconfigs", "vpcips").contains(e.resource()))
            .map(e -> e.verb() + " " + e.target())
            .toList();
    assertThat(writes)
        .containsExactly(
            "create nodeeniconfigs",
            "create vpcips",
            "update vpcips/status",
            "update nodeeniconfigs/status");
  }

  @Test
  void shouldGoOnByItselfWhenTheQuotaIsRaised() {
    vpc.settings().setEnisPerVpc(0);
    open(ALL);

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    var nec = awaitCondition("Ready", Condition.FALSE, "ENILimit");
    assertThat(nec.getStatus().eniInfos()).isEmpty();
    assertThat(ownAddresses())
        .singleElement()
        .satisfies(
            vip -> {
              assertThat(vip.getStatus().phase()).isEqualTo(VpcIPPhase.ATTACHING);
              assertThat(vip.getStatus().error())
                  .contains("LimitExceeded.NetworkInterfaceLimitExceeded");
            });
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(events("Node", "ENILimit")).hasSize(1);
              assertThat(events("NodeENIConfig", "ENILimit")).hasSize(1);
            });

    vpc.settings().setEnisPerVpc(10);

    awaitReady();
    assertThat(vpc.snapshot().secondaryEnis()).hasSize(1);
    assertThat(ownAddresses()).hasSize(1);
    assertThat(ownAddresses().getFirst().getStatus().error()).isNull();
  }

  @Test
  void shouldTakeTheZoneOfTheInstanceWhenTheLabelOfTheNodeIsANumber() {
    open(ALL);

    join("160001", "qcloud:///160001/" + INSTANCE);

    assertThat(awaitReady().getSpec().zone()).isEqualTo(ZONE);
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(1);
  }

  @Test
  void shouldSayProviderIdInvalidWhenItIsNoInstance() {
    open(ALL);

    join(ZONE, "kind://docker/worker");

    var nec = awaitCondition("Ready", Condition.FALSE, "ProviderIDInvalid");
    assertThat(nec.getSpec().instanceId()).isNull();
    assertThat(message(nec)).contains("\"kind://docker/worker\"");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(events("Node", "ProviderIDInvalid")).hasSize(1));
    assertThat(vpc.record().changingCalls()).isEmpty();
  }

  @Test
  void shouldSayInstanceNotFoundWhenTheCloudDoesNotKnowIt() {
    open(ALL);

    join(ZONE, "qcloud:///800002/ins-nobody00");

    var nec = awaitCondition("Ready", Condition.FALSE, "InstanceNotFound");
    assertThat(message(nec)).contains("ins-nobody00");
  }

  @Test
  void shouldSayNoSubnetInZoneAndGoOnWhenOneIsAdded() {
    open(SUBNET_FAR, "subnet-later000");

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    var nec = awaitCondition("Ready", Condition.FALSE, "NoSubnetInZone");
    assertThat(message(nec)).contains(SUBNET_FAR + " in ap-guangzhou-4");
    assertThat(ownAddresses()).isEmpty();
    assertThat(condition(nec, "SubnetsFound"))
        .satisfies(
            c -> {
              assertThat(c.status()).isEqualTo(Condition.FALSE);
              assertThat(c.reason()).isEqualTo("SubnetNotFound");
              assertThat(c.message()).contains("subnet-later000");
            });
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(events("Node", "SubnetNotFound")).hasSize(1));

    vpc.addSubnet(new VpcLayout.Subnet("subnet-later000", "later", "10.0.9.0/24", ZONE));
    room.lookAtSubnets();

    var ready = awaitReady();
    assertThat(ready.getStatus().eniInfos().getFirst().subnetId()).isEqualTo("subnet-later000");
    assertThat(condition(ready, "SubnetsFound").status()).isEqualTo(Condition.TRUE);
  }

  @Test
  void shouldSaySubnetFullAndRecordNothingWhenNoAddressIsLeft() {
    vpc.close();
    vpc =
        SimulatedVpc.start(
            VpcLayout.standard()
                .plusSubnet(new VpcLayout.Subnet("subnet-tiny0000", "tiny", "10.0.9.0/29", ZONE)));
    for (int i = 2; i <= 6; i++) {
      vpc.addStranger("10.0.9." + i);
    }
    open("subnet-tiny0000");

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    var nec = awaitCondition("Ready", Condition.FALSE, "SubnetFull");
    assertThat(message(nec)).contains("subnet-tiny0000");
    assertThat(ownAddresses()).isEmpty();
    assertThat(vpc.record().changingCalls()).isEmpty();
  }

  @Test
  void shouldTakeTheNextAddressWhenAStrangerHasTheFirst() {
    vpc.close();
    vpc =
        SimulatedVpc.start(
            VpcLayout.standard()
                .plusSubnet(new VpcLayout.Subnet("subnet-tiny0000", "tiny", "10.0.9.0/29", ZONE)));
    vpc.addStranger("10.0.9.2");
    open("subnet-tiny0000");

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    var nec = awaitReady();
    assertThat(nec.getStatus().eniInfos().getFirst().primaryIP()).isEqualTo("10.0.9.3");
    assertThat(ownAddresses()).hasSize(1);
    assertThat(vpc.snapshot().secondaryEnis()).hasSize(1);
  }

  @Test
  void shouldTakeItsOwnSubnetWhenTheNodeNamesOne() {
    open(SUBNET_A, SUBNET_FAR);

    join(ZONE, "qcloud:///800002/" + INSTANCE, Map.of(Names.NODE_SUBNETS, SUBNET_B));

    assertThat(awaitReady().getStatus().eniInfos())
        .extracting(EniInfo::subnetId)
        .containsExactly(SUBNET_B);
  }

  @Test
  void shouldAddAnEniWhenAPodWaitsForAnotherSubnetAndNoMoreThanTheCap() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    var first = awaitReady().getStatus().eniInfos().getFirst().subnetId();
    var other = first.equals(SUBNET_A) ? SUBNET_B : SUBNET_A;
    annotate(Names.ROUTE_ENI_MAX_ATTACH, "2");

    room.demand().ask(node, "claim-1", Set.of(other));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nec().getStatus().eniInfos())
                    .extracting(EniInfo::subnetId)
                    .containsExactlyInAnyOrder(SUBNET_A, SUBNET_B));
    for (int i = 0; i < 30; i++) {
      room.demand().ask(node, "claim-more-" + i, Set.of());
    }

    awaitCondition("CanGrow", Condition.FALSE, "NodeFull");
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(2);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(offered()).isEqualTo("18"));
  }

  @Test
  void shouldUseTheTableByCoresWhenTheLimitsMayNotBeRead() {
    vpc.faults().always("DescribeNetworkInterfaceLimit", Fault.error("UnauthorizedOperation"));
    open(ALL);

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    var status = awaitReady().getStatus();
    assertThat(status.maxRouteENI()).isEqualTo(3);
    assertThat(status.maxIPPerENI()).isEqualTo(9);
  }

  @Test
  void shouldBeMadeAnewFromWhatIsThereWhenTheRecordIsDeleted() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    var before = awaitReady();
    long changes = vpc.record().changingCalls().size();

    client.resources(NodeENIConfig.class).withName(node).delete();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var now = client.resources(NodeENIConfig.class).withName(node).get();
              assertThat(now).isNotNull();
              assertThat(now.getMetadata().getUid()).isNotEqualTo(before.getMetadata().getUid());
              assertThat(now.getStatus().eniInfos())
                  .extracting(EniInfo::eniId)
                  .containsExactly(before.getStatus().eniInfos().getFirst().eniId());
            });
    assertThat(vpc.record().changingCalls()).hasSize((int) changes);
    assertThat(ownAddresses()).hasSize(1);
  }

  @Test
  void shouldRecordTheAddressAgainWhenItsRecordIsTornAway() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    awaitReady();
    var before = ownAddresses().getFirst();

    erase(before);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ownAddresses())
                    .singleElement()
                    .satisfies(
                        vip -> {
                          assertThat(vip.getMetadata().getName())
                              .isEqualTo(before.getMetadata().getName());
                          assertThat(vip.getMetadata().getUid())
                              .isNotEqualTo(before.getMetadata().getUid());
                          assertThat(vip.getStatus().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
                        }));
  }

  @Test
  void shouldSayNodeGoneAndLeaveTheEnisWhenTheNodeIsDeleted() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    awaitReady();

    client.nodes().withName(node).delete();

    awaitCondition("Ready", Condition.FALSE, "NodeGone");
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(1);

    join(ZONE, "qcloud:///800002/" + INSTANCE);

    awaitCondition("Ready", Condition.TRUE, "ENIAttached");
    assertThat(vpc.snapshot().secondaryEnis()).hasSize(1);
  }

  @Test
  void shouldRenewTheRecordAndGetAnEniOfItsOwnWhenAnotherMachineComesUnderTheNodesName() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    var before = awaitReady();
    annotate(Names.ROUTE_ENI_MAX_ATTACH, "2");
    var old = before.getStatus().eniInfos().getFirst();

    replaceMachine();

    awaitRenewed();
    var after = awaitReady();
    assertThat(after.getStatus().eniInfos()).extracting(EniInfo::eniId).doesNotContain(old.eniId());
    assertThat(after.getMetadata().getAnnotations()).containsEntry(Names.ROUTE_ENI_MAX_ATTACH, "2");
    assertThat(vpc.snapshot().enisOn(REPLACEMENT)).hasSize(1);
    // Nothing is on the old machine's ENI, which the cloud has kept: it is deleted.
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(vpc.snapshot().secondaryEnis()).hasSize(1));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ownAddresses())
                    .extracting(vip -> vip.getStatus().eniId())
                    .containsExactly(vpc.snapshot().secondaryEnis().getFirst().id()));
  }

  @Test
  void shouldLeaveTheOldMachinesEniAloneAndTellWhenAddressesAreKeptOnIt() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    var old = awaitReady().getStatus().eniInfos().getFirst();
    var kept = Ip.parse(old.primaryIP().replaceAll("[0-9]+$", "99"));
    room.cloud().assign(old.eniId(), List.of(kept));
    quiet();

    replaceMachine();

    awaitRenewed();
    awaitReady();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(events("NodeENIConfig", "ENILeftBehind"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.getMessage()).contains(old.eniId())));
    assertThat(vpc.snapshot().secondaryEnis())
        .filteredOn(eni -> eni.id().equals(old.eniId()))
        .singleElement()
        .satisfies(
            eni -> {
              assertThat(eni.instanceId()).isEmpty();
              assertThat(eni.addresses()).hasSize(2);
            });
    assertThat(ownAddresses()).hasSize(2);
  }

  @Test
  void shouldLetTheRecordGoWhenItIsDeletedAndTheInstanceIsGone() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    awaitReady();
    client.nodes().withName(node).delete();
    awaitCondition("Ready", Condition.FALSE, "NodeGone");
    vpc.removeInstance(INSTANCE);

    client.resources(NodeENIConfig.class).withName(node).delete();

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(nec()).isNull());
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(ownAddresses()).isEmpty());
    assertThat(vpc.snapshot().secondaryEnis()).isEmpty();
  }

  @Test
  void shouldDropAnEniFromTheRecordAndAddAnotherWhenItIsGone() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    var gone = awaitReady().getStatus().eniInfos().getFirst();
    annotate(Names.ROUTE_ENI_MAX_ATTACH, "1");
    deleteInTheConsole(gone.eniId());

    room.compare();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nec().getStatus().eniInfos())
                    .singleElement()
                    .satisfies(eni -> assertThat(eni.eniId()).isNotEqualTo(gone.eniId())));
    awaitReady();
    var there = vpc.snapshot().enisOn(INSTANCE);
    assertThat(there).hasSize(1);
    assertThat(ownAddresses())
        .extracting(vip -> vip.getStatus().eniId())
        .containsExactly(there.getFirst().id());
  }

  @Test
  void shouldGetAnEniWhenTheForeignOnesThatFilledTheInstanceAreGone() {
    open(ALL);
    var foreign = IntStream.range(0, 3).mapToObj(this::addForeignEni).toList();
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    awaitCondition("Ready", Condition.FALSE, "NodeFull");

    deleteInTheConsole(foreign.getFirst());

    awaitReady();
    assertThat(vpc.snapshot().enisOn(INSTANCE)).hasSize(3);
  }

  private String addForeignEni(int number) {
    var spec =
        new EniSpec(
            "foreign-" + number,
            SUBNET_B,
            Ip.parse("10.0.1.20" + number),
            List.of(),
            Map.of(),
            "create-" + number);
    var eniId = room.cloud().createNetworkInterface(spec).id();
    quiet();
    room.cloud().attachNetworkInterface(eniId, INSTANCE, AttachMode.STANDARD, "attach-" + number);
    quiet();
    return eniId;
  }

  private void deleteInTheConsole(String eniId) {
    room.cloud().detachNetworkInterface(eniId, INSTANCE);
    quiet();
    room.cloud().deleteNetworkInterface(eniId);
    quiet();
  }

  private void quiet() {
    await().atMost(PATIENCE).until(() -> vpc.runningTasks() == 0);
  }

  /**
   * Another machine comes up, and the Node is created again for it under the name of the old one.
   */
  private void replaceMachine() {
    vpc.addInstance(VpcLayout.machine(REPLACEMENT, ZONE, "subnet-gz3pods1"));
    vpc.removeInstance(INSTANCE);
    client.nodes().withName(node).delete();
    join(ZONE, "qcloud:///800002/" + REPLACEMENT);
  }

  @ParameterizedTest(name = "killed {1} {0}")
  @CsvSource({
    "CreateNetworkInterface, before",
    "CreateNetworkInterface, after",
    "AttachNetworkInterface, before",
    "AttachNetworkInterface, after",
  })
  void shouldEndWithOneEniWhenTheOperatorIsKilled(String action, String moment)
      throws InterruptedException {
    var kill = new KillAtCall(action, moment);
    vpc.setGate(kill);
    open(ALL);
    kill.aimAt(room);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    assertThat(kill.await(PATIENCE)).isTrue();
    room.close();
    vpc.setGate(CallGate.open());

    open(ALL);

    assertOneEniOnTheNode();
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
  void shouldEndWithOneEniWhenTheOperatorIsKilledAtAWrite(int write, boolean after) {
    room = NodeRoom.openDoomed(plane, vpc, new NodeRoom.Death(write, after), ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    await().atMost(PATIENCE).until(() -> room.isDead());
    room.close();

    open(ALL);

    assertOneEniOnTheNode();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(offered()).isEqualTo("27"));
    await().atMost(PATIENCE).until(() -> !isTainted());
  }

  private boolean isTainted() {
    return client.nodes().withName(node).get().getSpec().getTaints().stream()
        .anyMatch(t -> t.getKey().equals(Names.NODE_TAINT));
  }

  /** One ENI in the cloud, on the instance, in the status, and one record of its address. */
  private void assertOneEniOnTheNode() {
    var nec = awaitReady();
    var enis = vpc.snapshot().secondaryEnis();
    assertThat(enis).hasSize(1);
    assertThat(enis.getFirst().instanceId()).contains(INSTANCE);
    assertThat(nec.getStatus().eniInfos())
        .extracting(EniInfo::eniId)
        .containsExactly(enis.getFirst().id());
    assertThat(ownAddresses())
        .extracting(v -> v.getMetadata().getName())
        .containsExactly(enis.getFirst().addresses().getFirst().ip().toString());
  }

  @Test
  void shouldTakeOverTheEniWhenEveryRecordOfItIsLost() {
    open(ALL);
    join(ZONE, "qcloud:///800002/" + INSTANCE);
    var eni = awaitReady().getStatus().eniInfos().getFirst();
    room.close();
    erase(nec());
    ownAddresses().forEach(this::erase);

    open(ALL);

    assertThat(awaitReady().getStatus().eniInfos())
        .extracting(EniInfo::eniId, EniInfo::primaryIP)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(eni.eniId(), eni.primaryIP()));
    assertThat(vpc.snapshot().secondaryEnis()).hasSize(1);
    assertThat(ownAddresses()).hasSize(1);
  }

  private void open(String... subnets) {
    room = NodeRoom.open(plane, vpc, subnets);
  }

  private void join(String zone, String providerId) {
    join(zone, providerId, Map.of());
  }

  private void join(String zone, String providerId, Map<String, String> labels) {
    var all = new java.util.HashMap<>(labels);
    if (zone != null) {
      all.put(Names.ZONE_LABEL, zone);
    }
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .withLabels(all)
                .endMetadata()
                .withNewSpec()
                .withProviderID(providerId)
                .endSpec()
                .withNewStatus()
                .withCapacity(Map.of("cpu", new Quantity("4")))
                .withAllocatable(Map.of("cpu", new Quantity("4")))
                .endStatus()
                .build())
        .create();
  }

  private void annotate(String key, String value) {
    Edits.edit(
        client.resources(NodeENIConfig.class).withName(node),
        n -> {
          n.getMetadata().setAnnotations(Map.of(key, value));
          return n;
        });
  }

  private NodeENIConfig nec() {
    return client.resources(NodeENIConfig.class).withName(node).get();
  }

  /** Waits for the record of the other machine; between the two there is none for a moment. */
  private void awaitRenewed() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nec())
                    .isNotNull()
                    .extracting(nec -> nec.getSpec().instanceId())
                    .isEqualTo(REPLACEMENT));
  }

  private NodeENIConfig awaitReady() {
    return awaitCondition("Ready", Condition.TRUE, "ENIAttached");
  }

  private NodeENIConfig awaitCondition(String type, String status, String reason) {
    await()
        .atMost(PATIENCE)
        // A read that the API server did not get to is tried again.
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(
            () ->
                assertThat(nec())
                    .isNotNull()
                    .satisfies(
                        n -> {
                          assertThat(condition(n, type).status()).isEqualTo(status);
                          assertThat(condition(n, type).reason()).isEqualTo(reason);
                        }));
    return nec();
  }

  private static Condition condition(NodeENIConfig nec, String type) {
    return nec.statusOrEmpty().conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no condition " + type + " in " + nec.getStatus()));
  }

  private static String message(NodeENIConfig nec) {
    return condition(nec, "Ready").message();
  }

  private List<VpcIP> ownAddresses() {
    return client.resources(VpcIP.class).withLabel(Names.NODE_NAME, node).list().getItems().stream()
        .filter(v -> v.getSpec().type() == VpcIPType.ENI)
        .toList();
  }

  private String offered() {
    var status = client.nodes().withName(node).get().getStatus();
    var capacity = status.getCapacity().get(Names.ENI_IP);
    assertThat(status.getAllocatable().get(Names.ENI_IP)).isEqualTo(capacity);
    return capacity == null ? null : capacity.toString();
  }

  private List<Event> events(String kind, String reason) {
    return client.v1().events().inNamespace("default").list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getName().equals(node))
        .filter(e -> e.getInvolvedObject().getKind().equals(kind))
        .filter(e -> e.getReason().equals(reason))
        .toList();
  }

  /** Strips an object of its finalizers and deletes it, as users in despair do. */
  private void erase(HasMetadata object) {
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
