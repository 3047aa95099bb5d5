package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagedTest {
  private static final String GONE =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410,
       "message": "The provided continue parameter is too old"}""";

  /** What was asked: the token of each request, empty for the first page. */
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** How often the second page is refused before it is given. */
  private int refusals;

  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/configmaps", this::answer);
    server.start();
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void close() {
    client.close();
    server.stop(0);
  }

  @Test
  void shouldReadAllPagesOneAfterTheOther() {
    var listed = Paged.list(client.configMaps().inAnyNamespace());

    assertThat(names(listed)).containsExactly("one-0", "two-0");
    assertThat(asked).containsExactly("", "second");
  }

  @Test
  void shouldBeginAnewAndListNothingTwiceWhenTheTokenHasExpired() {
    refusals = 1;

    var listed = Paged.list(client.configMaps().inAnyNamespace());

    assertThat(names(listed)).containsExactly("one-1", "two-1");
    assertThat(listed.resourceVersion()).isEqualTo("101");
    assertThat(asked).containsExactly("", "second", "", "second");
  }

  @Test
  void shouldGiveUpWhenTheTokenExpiresAgainAndAgain() {
    refusals = Integer.MAX_VALUE;

    assertThatThrownBy(() -> Paged.list(client.configMaps().inAnyNamespace()))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(410));

    assertThat(asked).hasSize(6);
  }

  private static <T extends HasMetadata> List<String> names(Paged<T> listed) {
    return listed.items().stream().map(item -> item.getMetadata().getName()).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean second = exchange.getRequestURI().getQuery().contains("continue=second");
    asked.add(second ? "second" : "");
    long listing = asked.stream().filter(String::isEmpty).count() - 1;
    boolean gone = second && listing < refusals;
    var body = gone ? GONE : page(second ? "two" : "one", listing, second ? "" : "second");
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(gone ? 410 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String page(String name, long listing, String more) {
    return """
        {"kind": "ConfigMapList", "apiVersion": "v1",
         "metadata": {"resourceVersion": "%d", "continue": "%s"},
         "items": [{"metadata": {"name": "%s-%d", "namespace": "default"}}]}"""
        .formatted(100 + listing, more, name, listing);
  }
}
