package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.journal.Journals;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of a record while its creation is under way: the watch may be faster. */
class NewbornRecordsTest {
  private static final Ip ADDRESS = Ip.parse("10.0.0.10");
  private static final ClaimRef CLAIM = new ClaimRef("shop", "web-0", "uid-of-the-claim");

  private final AtomicBoolean beingMade = new AtomicBoolean();
  private HttpServer apiServer;
  private KubernetesClient client;
  private VpcIpStore records;
  private int answer = 201;

  @BeforeEach
  void setUp() throws IOException {
    apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    apiServer.createContext("/", this::answer);
    apiServer.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + apiServer.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    var clock = Clock.systemUTC();
    records = new VpcIpStore(client, new AddressBook(clock), Journals.none(), clock);
  }

  @AfterEach
  void tearDown() {
    client.close();
    apiServer.stop(0);
  }

  @Test
  void shouldKnowThatARecordIsBeingMadeUntilItIsKnownWhoHasMadeIt() {
    var made = records.take(ADDRESS, CLAIM, "subnet-a", "eni-a", "node-a").orElseThrow();

    assertThat(beingMade).isTrue();
    assertThat(records.isBeingMade(ADDRESS)).isFalse();
    assertThat(records.wasNewborn(made)).isTrue();
  }

  @Test
  void shouldWaitForNoAnswerWhenTheCreationIsRefused() {
    answer = 403;

    assertThatThrownBy(() -> records.take(ADDRESS, CLAIM, "subnet-a", "eni-a", "node-a"))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(beingMade).isTrue();
    assertThat(records.isBeingMade(ADDRESS)).isFalse();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      beingMade.set(records.isBeingMade(ADDRESS));
      var body =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
              .replaceFirst(
                  "\"metadata\":\\{", "\"metadata\":{\"uid\":\"uid-1\",\"resourceVersion\":\"7\",")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
