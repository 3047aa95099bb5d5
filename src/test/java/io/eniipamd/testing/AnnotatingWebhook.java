package io.eniipamd.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.eniipamd.simulator.wire.ServerCertificate;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponseBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReviewBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;

/**
 * A mutating webhook, as platforms have one, that sets one annotation on each new Pod that has
 * annotations already.
 */
public final class AnnotatingWebhook implements AutoCloseable {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private final ServerCertificate certificate =
      ServerCertificate.create(Clock.systemUTC(), "127.0.0.1");
  private final HttpsServer server;
  private final String key;
  private final String value;

  private AnnotatingWebhook(String key, String value) throws IOException {
    this.key = key;
    this.value = value;
    this.server =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts its server on the loopback interface. No API server calls it yet. */
  public static AnnotatingWebhook start(String key, String value) throws IOException {
    return new AnnotatingWebhook(key, value);
  }

  /** What has the API server call it for the Pods of one namespace. */
  public MutatingWebhookConfiguration configuration(String name, String namespace) {
    return new MutatingWebhookConfigurationBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .addNewWebhook()
        .withName(name + ".example.org")
        .withAdmissionReviewVersions("v1")
        .withSideEffects("None")
        .withNewClientConfig()
        .withUrl("https://127.0.0.1:%d/".formatted(server.getAddress().getPort()))
        .withCaBundle(
            Base64.getEncoder()
                .encodeToString(certificate.pem().getBytes(StandardCharsets.US_ASCII)))
        .endClientConfig()
        .withNewNamespaceSelector()
        .withMatchLabels(Map.of("kubernetes.io/metadata.name", namespace))
        .endNamespaceSelector()
        .addNewRule()
        .withApiGroups("")
        .withApiVersions("v1")
        .withOperations("CREATE")
        .withResources("pods")
        .endRule()
        .endWebhook()
        .build();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var review = JSON.unmarshal(exchange.getRequestBody(), AdmissionReview.class);
      var patch =
          "[{\"op\": \"add\", \"path\": \"/metadata/annotations/%s\", \"value\": \"%s\"}]"
              .formatted(key.replace("/", "~1"), value);
      var response =
          new AdmissionResponseBuilder()
              .withUid(review.getRequest().getUid())
              .withAllowed(true)
              .withPatchType("JSONPatch")
              .withPatch(Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)))
              .build();
      var body =
          JSON.asJson(new AdmissionReviewBuilder().withResponse(response).build())
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
