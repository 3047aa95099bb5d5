package io.eniipamd.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The operator's webhook as the manifests install it, but that the API server, which runs on this
 * machine and knows no Services, calls it by its address.
 */
public final class ServedWebhook {
  /** The configuration's name. */
  public static final String NAME = "tke-eni-ipamd";

  private static final Path FOLDER = Path.of("src/main/kubernetes/webhook");
  private static final Path WEBHOOK = FOLDER.resolve("webhook.yml");

  /** What the operator needs to make the certificate itself. */
  public static final Path OWN_CERTIFICATE = FOLDER.resolve("own-certificate.yml");

  private final int port = freePort();

  private ServedWebhook() {}

  /** Installs it with what the operator needs to make the certificate. */
  public static ServedWebhook install(Stage stage) {
    stage.plane().apply(List.of(OWN_CERTIFICATE));
    return installWithoutCertificate(stage);
  }

  /** Installs the configuration alone. */
  public static ServedWebhook installWithoutCertificate(Stage stage) {
    var webhook = new ServedWebhook();
    stage.client().resource(webhook.configuration(stage)).create();
    return webhook;
  }

  private MutatingWebhookConfiguration configuration(Stage stage) {
    try (var manifest = Files.newInputStream(WEBHOOK)) {
      return stage.client().load(manifest).items().stream()
          .filter(MutatingWebhookConfiguration.class::isInstance)
          .map(MutatingWebhookConfiguration.class::cast)
          .map(
              c ->
                  new MutatingWebhookConfigurationBuilder(c)
                      .editFirstWebhook()
                      .editClientConfig()
                      .withService(null)
                      .withUrl(url())
                      .endClientConfig()
                      .endWebhook()
                      .build())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + WEBHOOK, e);
    }
  }

  /** Where the API server calls it. */
  public String url() {
    return "https://127.0.0.1:%d/pods".formatted(port);
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** What the operator is to be started with, beside other flags. */
  public String[] flags(String... others) {
    return Stream.concat(Stream.of(others), Stream.of("--webhook", "--webhook-listen=" + port))
        .toArray(String[]::new);
  }

  /** Has the API server trust these certificates, in PEM. */
  public void trust(Stage stage, String pem) {
    var bundle = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    stage
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(NAME)
        .patch(
            PatchContext.of(PatchType.JSON),
            "[{\"op\": \"add\", \"path\": \"/webhooks/0/clientConfig/caBundle\", \"value\": \"%s\"}]"
                .formatted(bundle));
  }

  /** The certificates that the API server trusts, in PEM. */
  public String trusted(Stage stage) {
    var configuration =
        stage
            .client()
            .admissionRegistration()
            .v1()
            .mutatingWebhookConfigurations()
            .withName(NAME)
            .get();
    var bundle = configuration.getWebhooks().getFirst().getClientConfig().getCaBundle();
    return new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII);
  }

  /** Asks an operator about a Pod, on a connection of its own that trusts these certificates. */
  public static HttpResponse<String> ask(int port, String trusted, Pod pod) {
    var review =
        """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
          "uid": "u-1", "operation": "CREATE", "namespace": "%s",
          "resource": {"group": "", "version": "v1", "resource": "pods"}, "object": %s}}"""
            .formatted(pod.getMetadata().getNamespace(), new KubernetesSerialization().asJson(pod));
    try (var client = HttpClient.newBuilder().sslContext(context(trusting(trusted))).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d/pods".formatted(port)))
              .POST(HttpRequest.BodyPublishers.ofString(review))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("asking the webhook", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The certificate that a new connection is shown. */
  public X509Certificate served() {
    try (var socket =
        (SSLSocket)
            context(new TrustManager[] {new TrustsAll()})
                .getSocketFactory()
                .createSocket("127.0.0.1", port)) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to the webhook", e);
    }
  }

  private static SSLContext context(TrustManager... managers) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  private static TrustManager[] trusting(String pem) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
      int next = 0;
      for (var certificate : certificates) {
        store.setCertificateEntry("trusted-" + next++, certificate);
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return managers.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("trusting " + pem, e);
    }
  }

  /** Only looks. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A port that nobody listens on. */
  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
