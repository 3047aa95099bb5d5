package io.eniipamd.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.controlplane.SharedControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plain manifests as Kustomize reads them. */
class KustomizeIT {
  private static ControlPlane plane;

  @TempDir Path folder;

  @BeforeAll
  static void set() {
    plane = SharedControlPlane.get();
  }

  @Test
  void shouldBeThePlainManifestsWhenKustomizeBuildsTheBase() throws IOException {
    var expected = new LinkedHashMap<>(Manifests.byName(Manifests.plain("kubernetes.yml")));
    expected.putAll(Manifests.byName(Manifests.kinds()));

    var base = Manifests.objects(plane.runKubectl("kustomize", Manifests.PLAIN.toString()));

    assertThat(Manifests.byName(base)).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "guard,ValidatingAdmissionPolicy",
    "zone-gate,MutatingAdmissionPolicy",
    "webhook,MutatingWebhookConfiguration",
    "network-policy,NetworkPolicy"
  })
  void shouldBeAcceptedByTheApiServerWhenAnOverlayHasAComponent(String component, String kind)
      throws IOException {
    Path base = folder.toRealPath().relativize(Manifests.PLAIN.toRealPath());
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        resources:
        - %s
        components:
        - %s/%s
        """
            .formatted(base, base, component));

    var text = plane.runKubectl("kustomize", folder.toString());

    Manifests.validate(plane, folder, text);
    var deployment = Manifests.only(Manifests.objects(text), Deployment.class);
    var pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(Manifests.objects(text)).extracting(HasMetadata::getKind).contains(kind);
    assertThat(pod.getHostNetwork()).isEqualTo(!component.equals("network-policy"));
    assertThat(pod.getContainers().getFirst().getArgs().contains("--webhook"))
        .isEqualTo(component.equals("webhook"));
  }
}
