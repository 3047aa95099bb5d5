package io.eniipamd.controlplane;

import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneIT {

  private final ControlPlane plane = SharedControlPlane.get();
  private final KubernetesClient client = plane.client();

  @Test
  void shouldBeOfTheReleaseThatItNamesWhenKubectlAsks() {
    assertThat(plane.runKubectl("version"))
        .contains("Server Version: v" + Release.current().kubernetes())
        .contains("Client Version: v" + Release.current().kubernetes());
    assertThat(plane.url()).startsWith("https://127.0.0.1:");
  }

  @Test
  void shouldOfferAdmissionPoliciesWhenTheDesignRestsOnThem() {
    assertThat(plane.runKubectl("api-resources", "--api-group=admissionregistration.k8s.io"))
        .containsPattern("mutatingadmissionpolicies +admissionregistration.k8s.io/v1 ")
        .containsPattern("validatingadmissionpolicies +admissionregistration.k8s.io/v1 ");
  }

  @Test
  void shouldMakeThePodsOfAWorkloadAndCollectThemWhenItIsGone() {
    String namespace = plane.createNamespace("control-plane-it");
    plane.runKubectl("--namespace=" + namespace, "create", "deployment", "web", "--image=none");
    await().until(() -> client.pods().inNamespace(namespace).list().getItems().size() == 1);

    client.apps().deployments().inNamespace(namespace).withName("web").delete();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.pods().inNamespace(namespace).list().getItems().isEmpty());
    client.namespaces().withName(namespace).delete();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> client.namespaces().withName(namespace).get() == null);
  }

  @Test
  void shouldSpeakAsTheServiceAccountAndBeHeldToItsRightsWhenGivenItsKubeconfig() {
    String namespace = plane.createNamespace("control-plane-it");
    AuditLog.Mark before = plane.audit().mark();
    Path kubeconfig = plane.kubeconfigFor(namespace, "default");

    try (KubernetesClient account =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build()) {
      assertThatThrownBy(() -> account.secrets().inNamespace(namespace).list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
    }

    assertThat(plane.audit().since(before))
        .anySatisfy(
            event -> {
              assertThat(event.user()).isEqualTo("system:serviceaccount:" + namespace + ":default");
              assertThat(event.verb()).isEqualTo("list");
              assertThat(event.target()).isEqualTo("secrets");
              assertThat(event.userAgent()).isNotEmpty();
              assertThat(event.code()).isEqualTo(403);
              assertThat(event.isWrite()).isFalse();
            });
  }

  @Test
  void shouldTellEveryWriteOfAUserWhenTheAuditLogIsRead() {
    String namespace = plane.createNamespace("control-plane-it");
    Path kubeconfig = plane.kubeconfigForUser("audited", "system:masters");
    AuditLog.Mark before = plane.audit().mark();

    try (KubernetesClient user =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build()) {
      var map = new ConfigMapBuilder().withNewMetadata().withName("a").endMetadata().build();
      user.configMaps().inNamespace(namespace).resource(map).create();
      user.configMaps().inNamespace(namespace).withName("a").get();
      user.configMaps().inNamespace(namespace).withName("a").delete();
    }

    assertThat(plane.audit().writesSince(before, "audited"))
        .extracting(event -> event.verb() + " " + event.target() + " " + event.namespace())
        .containsExactly("create configmaps " + namespace, "delete configmaps " + namespace);
  }

  @Test
  void shouldNameTheLogAndItsLastLinesWhenAServerDoesNotComeUp(@TempDir Path directory)
      throws Exception {
    Path broken = Files.createDirectories(directory.resolve("bin"));
    for (Program program : Program.values()) {
      Path file = broken.resolve(program.fileName());
      Files.writeString(file, "#!/bin/sh\necho starting\necho no disk left\nexit 1\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Path workDir = directory.resolve("work");

    assertThatThrownBy(() -> ControlPlane.start(workDir, new Binaries(broken), List.of()))
        .isInstanceOf(ServerFailedException.class)
        .hasMessageContaining("etcd ended while starting")
        .hasMessageContaining(workDir.resolve("etcd.log").toString())
        .hasMessageContaining("no disk left");
  }

  @Test
  void shouldRefuseTheSecondWhenTwoAreStartedInOneDirectory() {
    assertThatThrownBy(() -> ControlPlane.start(plane.workDir()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a control plane is running in " + plane.workDir() + " already");
  }

  @Test
  void shouldStopEveryServerWhenItsLauncherIsKilled(@TempDir Path directory) throws Exception {
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlane.class.getName(),
                directory.resolve("work").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = launcher.inputReader()) {
      assertThat(output.readLine()).startsWith("A Kubernetes control plane listens at https://");
      assertThat(output.readLine()).contains("export KUBECONFIG=");
    }
    Map<Boolean, List<ProcessHandle>> servers =
        launcher
            .descendants()
            .collect(
                partitioningBy(it -> it.info().command().orElse("").contains("kube-apiserver")));
    assertThat(servers.get(true)).hasSize(1);
    assertThat(servers.get(false)).hasSizeGreaterThanOrEqualTo(3 + 4);

    launcher.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                servers.values().stream().flatMap(List::stream).noneMatch(ProcessHandle::isAlive));
  }
}
