package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.property.memory.InProcessHttp;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteFenceTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String DATE = "Mon, 30 Nov 2026 10:00:00 GMT";
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final String PATH = "/api/v1/namespaces/ns/configmaps/it";

  private final AtomicLong now = new AtomicLong();
  private final WriteFence fence =
      new WriteFence(new LeaseSettings(LEASE, Duration.ofSeconds(10)), now::get);
  private final List<String> sent = new ArrayList<>();
  private final List<Boolean> underWay = new ArrayList<>();
  private final AtomicBoolean refreshed = new AtomicBoolean();
  private int status = 200;
  private final KubernetesClient client = client();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldCountAChangeUntilItsAnswerIsThere() throws InterruptedException {
    create();

    assertThat(underWay).containsExactly(true);
    assertThat(fence.awaitAnswers(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldNotCountReads() {
    read();

    assertThat(underWay).containsExactly(false);
  }

  @Test
  void shouldSendOnlyReadsAndTheOneReplacementWhenItIsClosed() throws InterruptedException {
    fence.close(PATH);

    read();
    client.resource(object("it")).update();

    assertThatThrownBy(() -> client.resource(object("other")).update())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("not sent, because this process stops: PUT")
        .hasMessageContaining("/configmaps/other");
    assertThatThrownBy(this::create).isInstanceOf(KubernetesClientException.class);
    assertThatThrownBy(() -> client.resource(object("it")).delete())
        .isInstanceOf(KubernetesClientException.class);
    assertThatThrownBy(() -> client.resource(object("it")).serverSideApply())
        .isInstanceOf(KubernetesClientException.class);
    assertThat(sent).containsExactly("GET " + PATH, "PUT " + PATH);
    assertThat(fence.awaitAnswers(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldCountAChangeForALeaseWhenItsConnectionBreaks() throws InterruptedException {
    status = 0;

    assertThatThrownBy(this::create).isInstanceOf(KubernetesClientException.class);

    assertCountsForALease();
  }

  @Test
  void shouldCountAChangeForALeaseWhenTheServerFails() throws InterruptedException {
    status = 504;

    assertThatThrownBy(this::create).isInstanceOf(KubernetesClientException.class);

    assertCountsForALease();
  }

  @Test
  void shouldNotCountAChangeThatIsRefused() throws InterruptedException {
    status = 409;

    assertThatThrownBy(this::create).isInstanceOf(KubernetesClientException.class);

    assertThat(fence.awaitAnswers(Duration.ZERO)).isTrue();
  }

  /** The client sends it once more with a new token, and asks no interceptor before. */
  @Test
  void shouldCountAChangeThatTheClientRepeatsWithANewToken() throws InterruptedException {
    status = 401;

    create();

    assertThat(sent).hasSize(2);
    assertThat(underWay).containsExactly(true, true);
    assertCountsForALease();
  }

  private void assertCountsForALease() throws InterruptedException {
    assertThat(fence.awaitAnswers(Duration.ZERO)).isFalse();
    now.addAndGet(LEASE.plusNanos(1).toNanos());
    assertThat(fence.awaitAnswers(Duration.ZERO)).isTrue();
  }

  private void create() {
    client.resource(object("it")).create();
  }

  private void read() {
    client.configMaps().inNamespace("ns").withName("it").get();
  }

  private static ConfigMap object(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName(name)
        .withResourceVersion("7")
        .endMetadata()
        .build();
  }

  private KubernetesClient client() {
    var interceptors = new LinkedHashMap<String, Interceptor>();
    interceptors.put("TOKEN", new NewToken());
    interceptors.put("write-fence", fence);
    return InProcessHttp.client(this::answer, interceptors);
  }

  private InProcessHttp.Reply answer(StandardHttpRequest request) throws IOException {
    sent.add(request.method() + " " + request.uri().getPath());
    try {
      underWay.add(!fence.awaitAnswers(Duration.ZERO));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (status == 0) {
      throw new IOException("the connection broke");
    }
    int code = status == 401 && refreshed.get() ? 200 : status;
    return new InProcessHttp.Reply(
        code,
        DATE,
        JSON.asJson(code == 200 ? object("it") : new StatusBuilder().withCode(code).build()));
  }

  /** What the client does after a 401, without a token. */
  private final class NewToken implements Interceptor {
    @Override
    public CompletableFuture<Boolean> afterFailure(
        BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
      boolean again = response.code() == 401;
      refreshed.set(again);
      return CompletableFuture.completedFuture(again);
    }
  }
}
