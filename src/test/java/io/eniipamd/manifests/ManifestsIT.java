package io.eniipamd.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The manifests of the build on a real API server, and the operator with their rights. */
class ManifestsIT {
  private static final Path GENERATED = Path.of("target", "kubernetes");
  private static final Path MANIFESTS = Path.of("src/main/kubernetes/kubernetes.yml");
  private static final Path CRDS = Path.of("src", "main", "kubernetes", "crds");
  private static final Path GUARD = Path.of("src", "main", "kubernetes", "guard", "guard.yml");
  private static final Path WEBHOOK = Path.of("src", "main", "kubernetes", "webhook");
  private static final Path WORKLOADS = Path.of("src/test/resources/manifests/workloads.yaml");
  private static final String OURS = "networking.tke.cloud.tencent.com";
  private static final String NAMESPACE = "rights";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Rights that every account has, by {@code system:basic-user}. */
  private static final Set<String> EVERYBODYS = Set.of("authorization.k8s.io");

  /** Rights for what goes wrong: they are not met on the straight way. */
  private static final Set<Right> FOR_TROUBLE =
      Set.of(
          // After a conflict, or an answer that never came.
          new Right(OURS, "vpcips", "get"),
          // A Pod that comes back while its address is in quarantine.
          new Right(OURS, "vpcipclaims", "get"),
          // A node whose labels change, a finalizer that a user stripped.
          new Right(OURS, "nodeeniconfigs", "update"),
          // A machine that is replaced under its node's name.
          new Right(OURS, "nodeeniconfigs", "delete"),
          // The framework asks whether it has it, and renews by patch.
          new Right("coordination.k8s.io", "leases", "update"),
          // The record of an automatic pause.
          new Right("", "configmaps", "update"),
          new Right("", "events", "create"));

  private static Stage stage;

  @BeforeAll
  static void set() {
    stage = Stage.set("manifests", VpcLayout.standard());
  }

  @AfterAll
  static void strike() {
    stage.close();
  }

  @Test
  void shouldApplyWithoutAWarningWhenInstalled() {
    String output =
        stage
            .plane()
            .runKubectl(
                "--warnings-as-errors",
                "apply",
                "--dry-run=server",
                "--server-side",
                "--force-conflicts",
                "-f",
                CRDS.toString(),
                "-f",
                MANIFESTS.toString(),
                "-f",
                GUARD.toString(),
                "-f",
                WEBHOOK.resolve("webhook.yml").toString(),
                "-f",
                WEBHOOK.resolve("own-certificate.yml").toString());

    assertThat(output.lines())
        .allMatch(line -> line.endsWith("serverside-applied (server dry run)"));
  }

  @Test
  void shouldBeTheCheckedInKindsWhenTheBuildGeneratesThem() throws IOException {
    try (Stream<Path> files = Files.list(CRDS)) {
      for (Path checkedIn : files.toList()) {
        assertThat(GENERATED.resolve(checkedIn.getFileName())).hasSameTextualContentAs(checkedIn);
      }
    }
  }

  @Test
  void shouldBindNothingButItsOwnRolesWhenInstalled() {
    assertThat(shipped(ClusterRoleBinding.class))
        .hasSize(1)
        .allSatisfy(
            binding -> {
              assertThat(binding.getRoleRef().getName()).isEqualTo(Stage.ACCOUNT);
              assertThat(binding.getSubjects()).hasSize(1);
            });
    assertThat(rules())
        .allSatisfy(
            rule -> {
              assertThat(rule.getVerbs()).doesNotContain("*", "deletecollection", "escalate");
              assertThat(rule.getResources()).doesNotContain("*", "secrets");
              assertThat(rule.getApiGroups()).doesNotContain("*");
            });
  }

  @Test
  void shouldRunWithoutAnAddressOfItsOwnWhenDeployed() {
    Deployment deployment = shipped(Deployment.class).getFirst();
    var pod = deployment.getSpec().getTemplate().getSpec();
    var container = pod.getContainers().getFirst();

    assertThat(pod.getHostNetwork()).isTrue();
    assertThat(container.getPorts())
        .as("ports of the node that it takes")
        .extracting(port -> port.getContainerPort())
        .containsExactly(9000);
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
    assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/q/health/started");
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
  }

  @Test
  void shouldUseEveryRightAndMissNoneWhenItWorks() {
    OperatorProcess operator =
        stage.startOperator(
            "--enable-ownerref", "--enable-node-taint", "--quarantine=30s", "--sweep-interval=5s");
    stage.join("rights-1", "ins-node0001");
    stage.join("rights-2", "ins-node0002");
    stage.plane().apply(List.of(WORKLOADS));
    await("all claims are bound")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(
            () ->
                claims().size() >= 6
                    && claims().stream()
                        .allMatch(c -> c.statusOrEmpty().phase() == ClaimPhase.BOUND));
    // The others keep their addresses until the garbage collector deletes their claims.
    stage.plane().runKubectl("delete", "pod", "brief", "-n", NAMESPACE);
    await("the claim of the Pod without a fixed IP is gone")
        .atMost(PATIENCE)
        .until(() -> claims().stream().noneMatch(c -> c.getMetadata().getName().equals("brief")));
    stage.plane().runKubectl("delete", "namespace", NAMESPACE, "--wait=false");
    await("all claims are released")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(
            () ->
                claims().isEmpty()
                    && stage.client().resources(VpcIP.class).list().getItems().stream()
                        .noneMatch(vip -> vip.getSpec().type() == VpcIPType.POD));
    operator.close();

    // The API server notes a watch when it has ended, some time after its client has gone.
    await("the rights were used, and no others")
        .atMost(PATIENCE)
        .untilAsserted(ManifestsIT::rightsAreUsedAndNoOthers);
  }

  private static void rightsAreUsedAndNoOthers() {
    List<AuditEvent> asked =
        stage.plane().audit().events().stream()
            .filter(event -> event.user().endsWith(":" + Stage.ACCOUNT))
            .filter(event -> !EVERYBODYS.contains(event.apiGroup()))
            .toList();
    assertThat(asked).as("refused requests").noneMatch(event -> event.code() == 403);
    Set<Right> used = asked.stream().map(Right::of).collect(Collectors.toCollection(TreeSet::new));
    Set<Right> granted =
        rules().stream().flatMap(Right::of).collect(Collectors.toCollection(TreeSet::new));
    assertThat(granted).as("granted").containsAll(used);
    granted.removeAll(FOR_TROUBLE);
    assertThat(used).as("used").containsAll(granted);
  }

  private static List<VpcIPClaim> claims() {
    return stage.client().resources(VpcIPClaim.class).inNamespace(NAMESPACE).list().getItems();
  }

  private static List<PolicyRule> rules() {
    return Stream.concat(
            shipped(ClusterRole.class).stream().flatMap(role -> role.getRules().stream()),
            shipped(Role.class).stream().flatMap(role -> role.getRules().stream()))
        .toList();
  }

  private static <T extends HasMetadata> List<T> shipped(Class<T> kind) {
    try (var manifests = Files.newInputStream(MANIFESTS)) {
      return stage.client().load(manifests).items().stream()
          .filter(kind::isInstance)
          .map(kind::cast)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + MANIFESTS, e);
    }
  }
}
