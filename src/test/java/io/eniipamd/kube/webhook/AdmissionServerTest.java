package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.metrics.IpamMetrics;
import io.eniipamd.property.memory.Bench;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionServerTest {
  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "u-1", "operation": "CREATE", "namespace": "shop",
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": {"metadata": {}, "spec": {"containers": [{"name": "c"}]}}}}""";

  private static final IpamMetrics METRICS = new IpamMetrics(new SimpleMeterRegistry());

  private final Vertx vertx = Vertx.vertx();
  private final int port = freePort();
  private boolean broken;
  private final AdmissionServer server = server();

  private AdmissionServer server() {
    return new AdmissionServer(
        vertx,
        new WebhookSettings(true, "127.0.0.1", port, Optional.empty(), "kube-system"),
        new AdmissionReviews(
            new KubernetesSerialization(),
            new Bench().operator().podAdmission(),
            new Caches() {
              @Override
              public boolean complete() {
                return true;
              }

              @Override
              public boolean current() {
                if (broken) {
                  throw new IllegalStateException("a secret of the operator");
                }
                return true;
              }
            },
            METRICS),
        METRICS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void shouldAnswerAReview(HttpClient.Version version) throws Exception {
    var certificate = serve();

    var answer = post(client(version, certificate), "/pods", REVIEW);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.body()).contains("\"uid\":\"u-1\",\"allowed\":true");
  }

  @Test
  void shouldSayWhatIsWrongAndGoOnWhenTheReviewIsMalformed() throws Exception {
    var client = client(HttpClient.Version.HTTP_1_1, serve());

    var refused = post(client, "/pods", "{\"a\": secret");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .startsWith("the body is no JSON at line 1, column ")
        .doesNotContain("secret");
    assertThat(post(client, "/pods", REVIEW).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldTellNothingOfItselfWhenItFails() throws Exception {
    var client = client(HttpClient.Version.HTTP_1_1, serve());
    broken = true;

    var failed = post(client, "/pods", REVIEW);

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("secret").contains("the Pod stays as it is");
  }

  @Test
  void shouldRefuseWhatIsForAnotherServer() throws Exception {
    var client = client(HttpClient.Version.HTTP_2, serve());

    assertThat(post(client, "/", REVIEW).statusCode()).isEqualTo(404);
    assertThat(client.send(request("/pods").GET().build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
  }

  @Test
  void shouldRefuseABodyThatIsTooLongOrOfUnknownLength() throws Exception {
    var client = client(HttpClient.Version.HTTP_1_1, serve());

    assertThat(post(client, "/pods", " ".repeat((8 << 20) + 1)).statusCode()).isEqualTo(413);
    var unknown =
        request("/pods")
            .POST(
                BodyPublishers.ofInputStream(
                    () ->
                        new java.io.ByteArrayInputStream(REVIEW.getBytes(StandardCharsets.UTF_8))))
            .build();
    assertThat(client.send(unknown, BodyHandlers.ofString()).statusCode()).isEqualTo(411);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void shouldServeNewConnectionsWithTheNextCertificateAndGoOnWithThoseThatAreOpen(
      HttpClient.Version version) throws Exception {
    var before = serve();
    var open = client(version, before);
    assertThat(post(open, "/pods", REVIEW).statusCode()).isEqualTo(200);

    var next = serve();

    assertThat(post(open, "/pods", REVIEW).statusCode()).as("open").isEqualTo(200);
    assertThat(post(client(version, next), "/pods", REVIEW).statusCode()).as("new").isEqualTo(200);
    var late = client(version, before);
    assertThatThrownBy(() -> post(late, "/pods", REVIEW))
        .as("trusts the one before only")
        .isInstanceOf(IOException.class);
  }

  @Test
  void shouldNameThePortWhenItIsTaken() throws Exception {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(this::serve)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot serve the webhook on 127.0.0.1:" + port);
    }

    var client = client(HttpClient.Version.HTTP_1_1, serve());
    assertThat(post(client, "/pods", REVIEW).statusCode()).isEqualTo(200);
  }

  private X509Certificate serve() throws UnusablePairException {
    var made = NewCertificate.create(Set.of("127.0.0.1"), Instant.now());
    var certificate = made.certificate().getBytes(StandardCharsets.US_ASCII);
    server.serve(
        ServingPair.read(vertx, certificate, made.key().getBytes(StandardCharsets.US_ASCII)));
    return ServingPair.certificate(certificate);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d%s".formatted(port, path)));
  }

  private HttpResponse<String> post(HttpClient client, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static HttpClient client(HttpClient.Version version, X509Certificate trusted)
      throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("trusted", trusted);
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().version(version).sslContext(context).build();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
