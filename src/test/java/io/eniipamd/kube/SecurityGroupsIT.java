package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Settings;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ENIs of the cluster have the security groups that users name, by one call for each. */
class SecurityGroupsIT {
  private static final String CHANGE = "ModifyNetworkInterfaceAttribute";
  private static final List<String> CONFIGURED = List.of("sg-web", "sg-db");
  private static final String[] FLAGS =
      Stream.concat(
              Stream.of(StandingStage.QUICK),
              Stream.of("--stray-watch-interval=1s", "--eni-shrink-delay=24h"))
          .toArray(String[]::new);

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  private Settings settings;

  @BeforeAll
  static void open() {
    stage = Stage.set("security-groups", VpcLayout.standard());
    operator = stage.startOperator(FLAGS);
    for (int i = 1; i <= 4; i++) {
      stage.join("node-" + i, "ins-node000" + i);
    }
    Scene.awaitNodes(stage, "node-1", "node-2", "node-3", "node-4");
    scene = Scene.open(stage, "groups");
    stage.vpc().settings().setMissingSecurityGroups(List.of("sg-gone"));
  }

  @AfterAll
  static void soundAtTheEnd() {
    Scene.closeSound(stage);
  }

  @BeforeEach
  void begin() {
    settings = Settings.of(stage);
  }

  /** The next test begins when all is switched off. */
  @AfterEach
  void takeAllBack() {
    settings.close();
    name("node-4", "sg-probe");
    awaitOff("node-4");
    for (int i = 1; i <= 4; i++) {
      name("node-" + i);
    }
  }

  @Test
  void shouldGiveThemToExistingAndNewEnisAndThenAskNothingMore() {
    name("node-1", "sg-1", "sg-2");
    awaitOff("node-1");
    assertIdle();
    long before = stage.vpc().record().count();
    settings.set("enable-security-groups", "true").set("security-groups", "sg-web, sg-db");

    awaitGroups("node-2", CONFIGURED);
    awaitGroups("node-3", CONFIGURED);
    awaitGroups("node-4", CONFIGURED);
    awaitGroups("node-1", List.of("sg-1", "sg-2"));
    stage.join("node-5", "ins-node0005");
    Scene.awaitNodes(stage, "node-5");
    awaitGroups("node-5", CONFIGURED);
    assertThat(changesOf("node-5", before)).as("it was made with them").isEmpty();
    for (var node : List.of("node-1", "node-2", "node-3", "node-4")) {
      assertThat(changesOf(node, before)).as(node).hasSize(1);
    }
    assertIdle();

    before = stage.vpc().record().count();
    name("node-1");
    awaitGroups("node-1", CONFIGURED);
    assertThat(changesSince(before)).hasSize(1);
    assertThat(scene.run(PodSketch.immediate("served", "node-1")).getStatus().address())
        .isNotEmpty();
    var alone = scene.run(PodSketch.direct("alone", "node-1")).getStatus().address();
    assertThat(stage.vpc().snapshot().eniOf(alone).orElseThrow().securityGroups())
        .as("of the ENI of a Pod's own")
        .isEqualTo(CONFIGURED);

    settings.close();
    for (var node : List.of("node-1", "node-5")) {
      scene.until(node + " says nothing of groups", () -> condition(node).isEmpty());
    }
    assertThat(groupsOn("node-1")).containsOnly(CONFIGURED);
  }

  @Test
  void shouldSayWhatTheCloudRefusesAndGoOnWhenItIsMended() {
    name("node-2", "sg-gone");
    awaitOff("node-2");
    var groups = groupsOn("node-2");
    long before = stage.vpc().record().count();
    settings.set("enable-security-groups", "true");

    scene.until(
        "the refusal is said",
        () ->
            condition("node-2")
                .filter(c -> c.reason().equals("SecurityGroupNotFound"))
                .filter(c -> c.status().equals(Condition.FALSE))
                .filter(c -> c.message().contains("sg-gone"))
                .isPresent());
    // The event follows the condition.
    scene.until(
        "an event says so",
        () ->
            scene.events("Node", "node-2", "default").stream()
                .anyMatch(e -> e.getReason().equals("SecurityGroupNotFound")));
    assertThat(groupsOn("node-2")).isEqualTo(groups);
    assertIdle();
    assertThat(changesSince(before)).as("refused once, and not tried again soon").hasSize(1);

    name("node-2", "sg-mended");

    awaitGroups("node-2", List.of("sg-mended"));
    assertThat(changesSince(before)).hasSize(2);
  }

  @Test
  void shouldCallOnceWhenTheOperatorIsKilledBeforeTheCallAndAfterIt() {
    settings.set("enable-security-groups", "true");
    name("node-3", "sg-3a");
    awaitGroups("node-3", List.of("sg-3a"));
    long before = stage.vpc().record().count();

    name("node-3", "sg-3b");
    scene.until("it is changed", () -> !changesSince(before).isEmpty());
    operator.kill();
    name("node-3", "sg-3c");
    operator = stage.startOperator(FLAGS);

    awaitGroups("node-3", List.of("sg-3c"));
    assertThat(changesSince(before)).hasSize(2);
    long afterwards = stage.vpc().record().count();
    operator.kill();
    operator = stage.startOperator(FLAGS);
    awaitLooks(2);
    assertThat(changesSince(afterwards)).isEmpty();
  }

  // ------------------------------------------------------------------------------------ looking

  private static void name(String node, String... groups) {
    Edits.edit(
        stage.client().resources(NodeENIConfig.class).withName(node),
        nec -> {
          nec.setSpec(
              NodeENIConfigSpecBuilder.builder(nec.getSpec())
                  .securityGroups(List.of(groups))
                  .build());
          return nec;
        });
  }

  /** Its ENIs have them in this order, and its record says so. */
  private static void awaitGroups(String node, List<String> groups) {
    scene.until(
        "%s has %s".formatted(node, groups),
        () ->
            groupsOn(node).stream().allMatch(groups::equals)
                && condition(node)
                    .filter(c -> c.status().equals(Condition.TRUE))
                    .filter(c -> c.message().endsWith(String.join(", ", groups)))
                    .isPresent());
  }

  private static List<String> enis(String node) {
    return stage.nec(node).orElseThrow().statusOrEmpty().eniInfos().stream()
        .map(EniInfo::eniId)
        .toList();
  }

  private static List<List<String>> groupsOn(String node) {
    var ids = enis(node);
    return stage.vpc().snapshot().secondaryEnis().stream()
        .filter(eni -> ids.contains(eni.id()))
        .map(EniView::securityGroups)
        .toList();
  }

  private static Optional<Condition> condition(String node) {
    return Conditions.find(
        stage.nec(node).orElseThrow().statusOrEmpty().conditions(),
        NodeConditions.SECURITY_GROUPS_SET);
  }

  /** The record of the node is not followed. */
  private static void awaitOff(String node) {
    scene.until(
        "groups are switched off",
        () -> condition(node).filter(c -> c.reason().equals("SecurityGroupsOff")).isPresent());
  }

  private static List<Call> changesOf(String node, long since) {
    var ids = enis(node);
    return changesSince(since).stream()
        .filter(call -> ids.stream().anyMatch(id -> call.request().contains("\"" + id + "\"")))
        .toList();
  }

  private static List<Call> changesSince(long number) {
    return stage.vpc().record().since(number).stream()
        .filter(call -> call.action().equals(CHANGE))
        .toList();
  }

  /** Nothing is changed, in the cloud or in the records, while all ENIs are read twice. */
  private static void assertIdle() {
    long calls = stage.vpc().record().count();
    var mark = stage.plane().audit().mark();
    awaitLooks(2);
    assertThat(changesSince(calls)).isEmpty();
    assertThat(
            stage.plane().audit().writesSince(mark, ":" + Stage.ACCOUNT).stream()
                .filter(e -> e.resource().equals("nodeeniconfigs")))
        .isEmpty();
  }

  private static void awaitLooks(int looks) {
    long before = stage.vpc().record().countOf("DescribeNetworkInterfaces");
    scene.until(
        "all ENIs were read again",
        () -> stage.vpc().record().countOf("DescribeNetworkInterfaces") >= before + looks + 1);
  }
}
