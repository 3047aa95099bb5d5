package io.eniipamd.kube.webhook;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the API servers know of the webhook: by which name they call its server, and which
 * certificates they trust for it.
 */
final class TrustedCertificates {
  /** The configuration, which the manifest has. */
  static final String CONFIGURATION = "tke-eni-ipamd";

  private final KubernetesClient client;
  private Optional<MutatingWebhookConfiguration> configuration = Optional.empty();

  TrustedCertificates(KubernetesClient client) {
    this.client = client;
  }

  /** The names that the API servers call the server by, read afresh; none without a webhook. */
  Set<String> names() {
    configuration =
        Optional.ofNullable(
            client
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(CONFIGURATION)
                .get());
    var names = new TreeSet<String>();
    webhooks().map(MutatingWebhook::getClientConfig).forEach(c -> name(c).ifPresent(names::add));
    return names;
  }

  private Stream<MutatingWebhook> webhooks() {
    return configuration.stream().flatMap(c -> c.getWebhooks().stream());
  }

  private static Optional<String> name(WebhookClientConfig called) {
    if (called.getService() != null) {
      var service = called.getService();
      return Optional.of("%s.%s.svc".formatted(service.getName(), service.getNamespace()));
    }
    return Optional.ofNullable(called.getUrl()).map(url -> URI.create(url).getHost());
  }

  /** Has the API servers trust these certificates, in PEM, and no others. */
  void trust(String... certificates) {
    var bundle = Stream.of(certificates).filter(Objects::nonNull).collect(Collectors.joining());
    if (bundle.isEmpty()) {
      return;
    }
    var text = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.ISO_8859_1));
    var differing =
        webhooks()
            .filter(webhook -> !text.equals(webhook.getClientConfig().getCaBundle()))
            .map(
                webhook ->
                    Map.of("name", webhook.getName(), "clientConfig", Map.of("caBundle", text)))
            .toList();
    if (!differing.isEmpty()) {
      patch(differing);
    }
  }

  /** By a patch, which leaves alone what a newer API server has and this client does not know. */
  private void patch(List<?> webhooks) {
    var meta = configuration.orElseThrow().getMetadata();
    client
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(CONFIGURATION)
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            client
                .getKubernetesSerialization()
                .asJson(
                    Map.of(
                        "metadata",
                        Map.of("resourceVersion", meta.getResourceVersion(), "uid", meta.getUid()),
                        "webhooks",
                        webhooks)));
  }
}
