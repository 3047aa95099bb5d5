package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.LeaseSettings;
import io.eniipamd.metrics.IpamMetrics;
import io.eniipamd.property.memory.Bench;
import io.eniipamd.testing.ServedWebhook;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a mounted certificate, which needs no API server. */
class WebhookTest {
  @TempDir private Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final int port = ServedWebhook.freePort();
  private final List<String> told = new ArrayList<>();
  private boolean complete = true;

  private final Caches caches =
      new Caches() {
        @Override
        public boolean complete() {
          return complete;
        }

        @Override
        public boolean current() {
          return true;
        }
      };

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  void shouldListenWhenThePortIsFreeAgain() throws Exception {
    mount();
    var webhook = webhook(true);
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      webhook.tend();
    }
    assertThat(isListening()).isFalse();
    assertThat(told).singleElement().asString().contains(Integer.toString(port));

    webhook.tend();

    assertThat(isListening()).isTrue();
    assertThat(told).hasSize(1);
  }

  @Test
  void shouldListenWhenTheCertificateCanBeRead() throws Exception {
    var webhook = webhook(true);
    webhook.tend();
    webhook.tend();
    assertThat(isListening()).isFalse();
    assertThat(told).singleElement().asString().contains(directory.toString());

    mount();
    webhook.tend();

    assertThat(isListening()).isTrue();
  }

  @Test
  void shouldNotListenBeforeTheCachesAreComplete() throws Exception {
    mount();
    complete = false;
    var webhook = webhook(true);
    webhook.tend();
    assertThat(isListening()).isFalse();

    complete = true;
    webhook.tend();

    assertThat(isListening()).isTrue();
  }

  @Test
  void shouldNotListenWhenItIsOff() throws Exception {
    mount();

    webhook(false).tend();

    assertThat(isListening()).isFalse();
  }

  private Webhook webhook(boolean enabled) {
    var settings =
        new WebhookSettings(enabled, "127.0.0.1", port, Optional.of(directory), "kube-system");
    var bench = new Bench();
    var metrics = new IpamMetrics(new SimpleMeterRegistry());
    var reviews =
        new AdmissionReviews(
            new KubernetesSerialization(), bench.operator().podAdmission(), caches, metrics);
    return new Webhook(
        bench.operator().client(),
        vertx,
        settings,
        caches,
        new Leadership(
            new LeaseSettings(Duration.ofSeconds(15), Duration.ofSeconds(3)), System::nanoTime),
        new AdmissionServer(vertx, settings, reviews, metrics),
        told::add,
        Clock.systemUTC());
  }

  private void mount() throws IOException {
    var made = NewCertificate.create(Set.of("127.0.0.1"), Instant.now());
    Files.writeString(directory.resolve("tls.crt"), made.certificate());
    Files.writeString(directory.resolve("tls.key"), made.key());
  }

  private boolean isListening() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }
}
