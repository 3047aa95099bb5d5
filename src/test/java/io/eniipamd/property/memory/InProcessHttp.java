package io.eniipamd.property.memory;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The transport of a Kubernetes client that asks a function instead of a server. */
public final class InProcessHttp
    extends StandardHttpClient<InProcessHttp, InProcessHttp.Factory, InProcessHttp.Builder> {

  /** One serialization for all: making one costs more than a whole sequence. */
  static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  /** Answers calls, at once and on the caller's thread. */
  public interface Desk {
    Reply answer(StandardHttpRequest request) throws IOException;
  }

  /**
   * What the function answers.
   *
   * @param code of HTTP
   * @param date the header of that name
   * @param body JSON
   */
  public record Reply(int code, String date, String body) {}

  private final Desk desk;

  private InProcessHttp(Builder builder, AtomicBoolean closed, Desk desk) {
    super(builder, closed);
    this.desk = desk;
  }

  /** A client whose every call the function answers. */
  public static KubernetesClient client(Desk desk) {
    return client(desk, Map.of());
  }

  /** The same, with interceptors by their names. */
  public static KubernetesClient client(Desk desk, Map<String, Interceptor> interceptors) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://in.process/")
            .withRequestTimeout(10_000)
            .withConnectionTimeout(10_000)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new Factory(desk))
        .withHttpClientBuilderConsumer(http -> interceptors.forEach(http::addOrReplaceInterceptor))
        .withKubernetesSerialization(SERIALIZATION)
        .build();
  }

  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder builder, WebSocket.Listener listener) {
    throw new UnsupportedOperationException("there is no watch over the wire here");
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    try {
      var reply = desk.answer(request);
      return CompletableFuture.completedFuture(new Answer(request, reply, consumer));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  protected void doClose() {
    // There is nothing to close.
  }

  private static final class Answer extends StandardHttpHeaders
      implements HttpResponse<AsyncBody>, AsyncBody {
    private final HttpRequest request;
    private final Reply reply;
    private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean given;

    Answer(HttpRequest request, Reply reply, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
      super(Map.of("Date", List.of(reply.date()), "Content-Type", List.of("application/json")));
      this.request = request;
      this.reply = reply;
      this.consumer = consumer;
    }

    @Override
    public int code() {
      return reply.code();
    }

    @Override
    public AsyncBody body() {
      return this;
    }

    @Override
    public HttpRequest request() {
      return request;
    }

    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public void consume() {
      // The consumer asks for more while it is given what there is.
      if (given) {
        return;
      }
      given = true;
      try {
        consumer.consume(
            List.of(ByteBuffer.wrap(reply.body().getBytes(StandardCharsets.UTF_8))), this);
        done.complete(null);
      } catch (Exception e) {
        done.completeExceptionally(e);
      }
    }

    @Override
    public CompletableFuture<Void> done() {
      return done;
    }

    @Override
    public void cancel() {
      done.cancel(false);
    }
  }

  /** Makes such clients. */
  static final class Factory implements HttpClient.Factory {
    private final Desk desk;

    Factory(Desk desk) {
      this.desk = desk;
    }

    @Override
    public Builder newBuilder() {
      return new Builder(this);
    }
  }

  /** Keeps what the client sets, most of which means nothing here. */
  static final class Builder extends StandardHttpClientBuilder<InProcessHttp, Factory, Builder> {
    Builder(Factory factory) {
      super(factory);
    }

    @Override
    public InProcessHttp build() {
      return new InProcessHttp(
          this, client == null ? new AtomicBoolean() : client.getClosed(), clientFactory.desk);
    }

    @Override
    protected Builder newInstance(Factory factory) {
      return new Builder(factory);
    }
  }
}
