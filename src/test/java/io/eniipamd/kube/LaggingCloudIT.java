package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.simulator.Sdk;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A day of a cluster before a cloud that is as unhelpful as its documents allow: the lists of used
 * addresses, the tags and the looks at ENIs are behind, a question for many ids is refused over one
 * that it does not know, and a token waits for its task.
 */
class LaggingCloudIT {
  private static final Duration FAR_BEHIND = Duration.ofSeconds(10);
  private static final Duration A_LITTLE_BEHIND = Duration.ofMillis(400);
  private static final List<String> NODES =
      List.of("node-1", "node-2", "node-3", "node-4", "node-5");

  /** A machine that the cloud has never heard of. */
  private static final String NO_MACHINE = "ins-nowhere1";

  private static final int STRANGERS_PER_SUBNET = 3;

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("lagging", VpcLayout.standard());
    var settings = stage.vpc().settings();
    settings.setUsedBehind(FAR_BEHIND);
    settings.setTagsBehind(FAR_BEHIND);
    settings.setReadsBehind(A_LITTLE_BEHIND);
    settings.setUnknownIdsRefused(true);
    settings.setTokensWaitForTasks(true);
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--stray-watch-interval=2s");
    stage.startOperator(flags.toArray(String[]::new));
    scene = Scene.open(stage, "lagging");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldServeEveryPodAndLoseNothingWhenTheCloudIsBehindAndRefusesUnknownIds()
      throws TencentCloudSDKException {
    // nodes join, one of them on a machine that does not exist
    stage.kubelets().addNode(new NodeSpec("node-0", "ap-guangzhou-3", NO_MACHINE, "S5.LARGE8"));
    StandingStage.joinAll(stage);

    // fixed Pods and others come, and others in the VPC have taken the addresses that are next
    var taken = strangersTakeWhatIsNext();
    var fixed = NODES.stream().flatMap(LaggingCloudIT::twoFixed).toList();
    var passing = NODES.stream().map(n -> PodSketch.immediate("api-of-" + n, n)).toList();
    fixed.forEach(scene::create);
    passing.forEach(scene::create);
    var addresses = awaitAll(fixed);
    var passingAddresses = awaitAll(passing);
    assertThat(addresses.values()).doesNotContainAnyElementsOf(taken).doesNotHaveDuplicates();
    assertThat(passingAddresses.values())
        .doesNotContainAnyElementsOf(taken)
        .doesNotContainAnyElementsOf(addresses.values())
        .doesNotHaveDuplicates();

    // all go; the fixed ones come back, half of them on another node of their zone
    Stream.concat(fixed.stream(), passing.stream()).forEach(LaggingCloudIT::delete);
    fixed.forEach(pod -> scene.retire(pod.name()));
    passing.forEach(pod -> scene.end(pod.name()));
    var back = fixed.stream().map(LaggingCloudIT::backAgain).toList();
    back.forEach(scene::create);
    passing.forEach(scene::create);
    assertThat(awaitAll(back)).isEqualTo(addresses);
    var passingNow = awaitAll(passing);
    assertThat(passingNow.values())
        .doesNotContainAnyElementsOf(addresses.values())
        .doesNotHaveDuplicates();

    // the ENI of a node is deleted in the console: a Pod that is away, and two that run, had it
    var away = "web-1-of-node-3";
    scene.retire(away);
    var lost = enisOf("node-3");
    deleteInTheConsole(lost);
    scene.until(
        "users are told",
        () ->
            scene.events(NodeENIConfig.class.getSimpleName(), "node-3").stream()
                .anyMatch(e -> e.getReason().equals("ENIGone")));
    scene.until(
        "the node has another ENI",
        () -> {
          var now = new HashSet<>(enisOf("node-3"));
          return !now.isEmpty() && now.stream().noneMatch(lost::contains);
        });
    assertThat(scene.run(PodSketch.fixed(away, "node-3")).getStatus().address())
        .isEqualTo(addresses.get(away));
    var ran = on("node-3", back);
    ran.forEach(pod -> scene.retire(pod.name()));
    scene.end("api-of-node-3");
    ran.forEach(scene::create);
    scene.create(PodSketch.immediate("api-of-node-3", "node-3"));
    assertThat(addresses).containsAllEntriesOf(awaitAll(ran));
    scene.awaitRunning("api-of-node-3");

    // the account is sound, and no Pod was given what another had
    Scene.awaitSound(stage);
    assertThat(stage.vpc().snapshot().secondaryEnis().stream().map(EniView::id))
        .containsExactlyInAnyOrderElementsOf(
            NODES.stream().flatMap(node -> enisOf(node).stream()).toList());
    assertThat(scene.violations()).isEmpty();
    taken.forEach(ip -> assertThat(stage.vpc().holderOf(ip)).isPresent());
    assertThat(stage.vpc().snapshot().secondaryAddresses()).doesNotContainAnyElementsOf(taken);
    assertThat(stage.nec("node-0").orElseThrow().statusOrEmpty().eniInfos()).isEmpty();
  }

  private static Stream<PodSketch> twoFixed(String node) {
    return IntStream.of(0, 1)
        .mapToObj(i -> PodSketch.fixed("web-%d-of-%s".formatted(i, node), node));
  }

  /** The first Pod of a node changes places with that of its neighbour in the zone. */
  private static PodSketch backAgain(PodSketch pod) {
    if (!pod.name().startsWith("web-0")) {
      return pod;
    }
    return switch (pod.node()) {
      case "node-1" -> pod.on("node-2");
      case "node-2" -> pod.on("node-1");
      case "node-4" -> pod.on("node-5");
      case "node-5" -> pod.on("node-4");
      default -> pod;
    };
  }

  private static void delete(PodSketch pod) {
    stage.client().pods().inNamespace(scene.namespace()).withName(pod.name()).delete();
  }

  private static List<PodSketch> on(String node, List<PodSketch> pods) {
    return pods.stream()
        .filter(pod -> pod.node().equals(node))
        .filter(pod -> !pod.name().startsWith("web-1"))
        .toList();
  }

  private static Map<String, String> awaitAll(List<PodSketch> pods) {
    return pods.stream()
        .map(pod -> scene.awaitRunning(pod.name()))
        .collect(
            Collectors.toMap(
                (VpcIPClaim claim) -> claim.getMetadata().getName(),
                claim -> claim.getStatus().address()));
  }

  /** Takes the lowest free addresses of each subnet, which the operator would pick. */
  private static Set<String> strangersTakeWhatIsNext() {
    var taken = new HashSet<String>();
    for (var subnet : stage.vpc().layout().subnets()) {
      var cidr = Cidr.parse(subnet.cidr());
      IntStream.iterate(2, i -> i + 1)
          .mapToObj(i -> cidr.at(i).toString())
          .filter(ip -> stage.vpc().holderOf(ip).isEmpty())
          .limit(STRANGERS_PER_SUBNET)
          .forEach(
              ip -> {
                stage.vpc().addStranger(ip);
                taken.add(ip);
              });
    }
    return taken;
  }

  private static List<String> enisOf(String node) {
    return stage.nec(node).orElseThrow().statusOrEmpty().eniInfos().stream()
        .map(EniInfo::eniId)
        .toList();
  }

  private static void deleteInTheConsole(List<String> eniIds) throws TencentCloudSDKException {
    var sdk = new Sdk(stage.vpc());
    for (var eniId : eniIds) {
      var machine =
          stage.vpc().snapshot().enis().stream()
              .filter(eni -> eni.id().equals(eniId))
              .findFirst()
              .flatMap(EniView::instanceId)
              .orElseThrow();
      sdk.detach(eniId, machine);
      scene.until("it is off its machine", () -> stage.vpc().tasksUnderWay().isEmpty());
      sdk.delete(eniId);
      scene.until("it is gone", () -> stage.vpc().tasksUnderWay().isEmpty());
    }
  }
}
