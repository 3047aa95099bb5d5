package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.ConfigKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the manifests say and the program says too. */
class WebhookManifestTest {
  private static final Path FOLDER = Path.of("src/main/kubernetes/webhook");

  @Test
  void shouldSendReviewsToThePortAndThePathThatAreServed() throws IOException {
    var service = only(Service.class, "webhook.yml");
    var port = service.getSpec().getPorts().getFirst();

    assertThat(port.getTargetPort().getIntVal())
        .isEqualTo(Integer.parseInt(ConfigKey.WEBHOOK_LISTEN.defaultValue().orElseThrow()));
    var called = configuration().getWebhooks().getFirst().getClientConfig();
    assertThat(called.getService().getName()).isEqualTo(service.getMetadata().getName());
    assertThat(called.getService().getNamespace()).isEqualTo(service.getMetadata().getNamespace());
    assertThat(called.getService().getPort()).isEqualTo(port.getPort());
    assertThat(called.getService().getPath()).isEqualTo(AdmissionServer.PATH);
    assertThat(called.getCaBundle()).as("applied again it keeps what is there").isNull();
  }

  @Test
  void shouldKeepNoPodFromBeingCreated() throws IOException {
    var webhook = configuration().getWebhooks().getFirst();

    assertThat(webhook.getFailurePolicy()).isEqualTo("Ignore");
    assertThat(webhook.getTimeoutSeconds()).isEqualTo(2);
    assertThat(webhook.getSideEffects()).isEqualTo("None");
    assertThat(webhook.getNamespaceSelector().getMatchExpressions().getFirst().getValues())
        .containsExactly("kube-system");
  }

  @Test
  void shouldHaveTheNamesThatTheOperatorKnows() throws IOException {
    var secret = only(Secret.class, "own-certificate.yml");

    assertThat(configuration().getMetadata().getName())
        .isEqualTo(TrustedCertificates.CONFIGURATION);
    assertThat(secret.getMetadata().getName()).isEqualTo(OwnCertificate.SECRET);
    assertThat(secret.getData()).as("ships empty").isNullOrEmpty();
  }

  private static MutatingWebhookConfiguration configuration() throws IOException {
    return only(MutatingWebhookConfiguration.class, "webhook.yml");
  }

  private static <T extends HasMetadata> T only(Class<T> kind, String file) throws IOException {
    try (var manifest = Files.newInputStream(FOLDER.resolve(file))) {
      List<HasMetadata> all = new KubernetesSerialization().unmarshal(manifest);
      return all.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
    }
  }
}
