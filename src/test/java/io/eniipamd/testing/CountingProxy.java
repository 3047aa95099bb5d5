package io.eniipamd.testing;

import io.eniipamd.simulator.fault.CallGate;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Stands before the API server as a proxy of its operators: plain HTTP on loopback in front, TLS
 * behind, watches passed on as they come. It writes down each call that changes an object of the
 * project's group, and asks a {@link CallGate} before and after it.
 *
 * <p>To the gate a call's action is its {@link Change#action}, its request the body, its result the
 * HTTP status.
 */
public final class CountingProxy implements AutoCloseable {
  private static final String GROUP = "/apis/networking.tke.cloud.tencent.com/v1/";
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /** Gates may hold calls, each in a thread of its own. */
  private static final int WORKERS = 100;

  /**
   * A call that was to change something.
   *
   * @param method like {@code PUT}
   * @param path without the group, like {@code vpcips/10.0.0.5/status}
   * @param body as it came
   * @param status of the answer; 0 where there was none
   */
  public record Change(String method, String path, String body, int status) {

    /** Like {@code PUT vpcips/10.0.0.5/status}. */
    public String action() {
      return method + " " + path;
    }
  }

  private final Vertx vertx;
  private final HttpClient client;
  private final HttpServer server;
  private final Optional<String> userAgent;
  private final List<Change> changes = new ArrayList<>();
  private volatile CallGate gate = CallGate.open();
  private volatile Disguise disguise = Disguise.NONE;
  private volatile boolean hanging;
  private final List<HttpServerRequest> hung = new ArrayList<>();

  private CountingProxy(
      Vertx vertx, HttpClient client, HttpServer server, Optional<String> userAgent) {
    this.vertx = vertx;
    this.client = client;
    this.server = server;
    this.userAgent = userAgent;
  }

  /**
   * Starts on a free port.
   *
   * @param apiServer its URL; its certificate is not checked
   */
  public static CountingProxy start(String apiServer) {
    return start(apiServer, Optional.empty());
  }

  /**
   * The same, and what goes through it has this user agent, by which the audit log tells it apart.
   */
  public static CountingProxy start(String apiServer, String userAgent) {
    return start(apiServer, Optional.of(userAgent));
  }

  private static CountingProxy start(String apiServer, Optional<String> userAgent) {
    var upstream = URI.create(apiServer);
    var vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS));
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost(upstream.getHost())
                .setDefaultPort(upstream.getPort())
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxPoolSize(200));
    var server = vertx.createHttpServer();
    var proxy = new CountingProxy(vertx, client, server, userAgent);
    server.requestHandler(proxy::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    return proxy;
  }

  /** Where it listens, {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Puts a gate into the way of changing calls, in place of the one before. */
  public void setGate(CallGate gate) {
    this.gate = gate;
  }

  /** What the answers of the API server are made to look like. */
  public record Disguise(Duration clockAhead, boolean hidePods) {
    /** Nothing is changed. */
    public static final Disguise NONE = new Disguise(Duration.ZERO, false);

    /** The API server's clock seems to be that much ahead (negative: behind). */
    public static Disguise clockAhead(Duration by) {
      return new Disguise(by, false);
    }

    /** A list of Pods seems to be empty, as that of a cache that has lost them. */
    public static Disguise withoutPods() {
      return new Disguise(Duration.ZERO, true);
    }
  }

  /** Has the API server's answers look otherwise from now on. */
  public void disguise(Disguise other) {
    disguise = other;
  }

  /** The changing calls so far, in the order of their answers. */
  public List<Change> changes() {
    synchronized (changes) {
      return List.copyOf(changes);
    }
  }

  /** From now on no request is answered, as by a server that hangs; watches fall silent. */
  public void hang() {
    hanging = true;
  }

  /** Requests are answered again; those of meanwhile never will be, their connections are cut. */
  public void goOn() {
    hanging = false;
    List<HttpServerRequest> unanswered;
    synchronized (hung) {
      unanswered = List.copyOf(hung);
      hung.clear();
    }
    unanswered.forEach(CountingProxy::cut);
  }

  private void handle(HttpServerRequest request) {
    if (hanging) {
      synchronized (hung) {
        hung.add(request);
      }
      return;
    }
    if (request.headers().contains(HttpHeaders.UPGRADE)) {
      tunnel(request);
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              if (isChange(request)) {
                change(request, body);
              } else {
                forward(request, body, response -> answer(request, response));
              }
            });
  }

  private static boolean isChange(HttpServerRequest request) {
    return request.path().startsWith(GROUP) && !READING.contains(request.method().name());
  }

  private void change(HttpServerRequest request, Buffer body) {
    var text = body.toString(StandardCharsets.UTF_8);
    var asked = new Change(request.method().name(), pathOf(request), text, 0);
    asking(
        () -> gate.before(asked.action(), text),
        () -> {
          note(asked);
          cut(request);
        },
        () ->
            forward(
                request,
                body,
                response -> {
                  response.pause();
                  var answered =
                      new Change(asked.method(), asked.path(), text, response.statusCode());
                  note(answered);
                  asking(
                      () ->
                          gate.after(asked.action(), text, Integer.toString(response.statusCode())),
                      () -> cut(request),
                      () -> pass(request, response));
                }));
  }

  private void asking(Callable<CallGate.Decision> question, Runnable cut, Runnable proceed) {
    var unused =
        vertx
            .executeBlocking(question, false)
            .onSuccess(
                decision -> {
                  switch (decision) {
                    case CUT -> cut.run();
                    case PROCEED -> proceed.run();
                  }
                })
            .onFailure(failure -> cut.run());
  }

  /** The path without namespaces' prefix: {@code vpcipclaims/name} whatever its namespace. */
  private static String pathOf(HttpServerRequest request) {
    return request.path().substring(GROUP.length()).replaceFirst("^namespaces/[^/]+/", "");
  }

  private void note(Change change) {
    synchronized (changes) {
      changes.add(change);
    }
  }

  private static void cut(HttpServerRequest request) {
    request.connection().close();
  }

  private void forward(
      HttpServerRequest request, Buffer body, Consumer<HttpClientResponse> handler) {
    client
        .request(options(request))
        .onSuccess(
            to -> {
              if (!isChange(request)) {
                abandonWith(request, to);
              }
              to.send(body)
                  .onSuccess(
                      response -> {
                        handler.accept(response);
                      })
                  .onFailure(failure -> cut(request));
            })
        .onFailure(failure -> cut(request));
  }

  /**
   * Who hangs up at the front hangs up at the back, or watches of the dead would pile up. A change
   * is not abandoned: it takes place all the same, and the gate has to hear of it.
   */
  private static void abandonWith(HttpServerRequest request, HttpClientRequest to) {
    request.connection().closeHandler(closed -> to.reset());
  }

  private RequestOptions options(HttpServerRequest request) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
    headers.remove(HttpHeaders.HOST);
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    headers.remove(HttpHeaders.TRANSFER_ENCODING);
    userAgent.ifPresent(name -> headers.set(HttpHeaders.USER_AGENT, name));
    return new RequestOptions()
        .setMethod(request.method())
        .setURI(request.uri())
        .setHeaders(headers);
  }

  private void answer(HttpServerRequest request, HttpClientResponse response) {
    boolean listsPods =
        request.path().equals("/api/v1/pods")
            && !String.valueOf(request.query()).contains("watch=true");
    if (disguise.hidePods() && listsPods) {
      response.body().onSuccess(body -> hide(request, body)).onFailure(failure -> cut(request));
    } else {
      pass(request, response);
    }
  }

  /** The same list with the same version, and nothing in it. */
  private static void hide(HttpServerRequest request, Buffer body) {
    var list = body.toJsonObject();
    list.put("items", new JsonArray());
    var unused =
        request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .send(list.toBuffer());
  }

  private void pass(HttpServerRequest request, HttpClientResponse response) {
    var answer = request.response().setStatusCode(response.statusCode());
    response.headers().forEach(header -> answer.headers().add(header.getKey(), header.getValue()));
    var date = answer.headers().get(HttpHeaders.DATE);
    if (date != null && !disguise.clockAhead().isZero()) {
      answer
          .headers()
          .set(
              HttpHeaders.DATE,
              DateTimeFormatter.RFC_1123_DATE_TIME.format(
                  ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                      .plus(disguise.clockAhead())));
    }
    // Known in advance, or in pieces as it came.
    answer.setChunked(!answer.headers().contains(HttpHeaders.CONTENT_LENGTH));
    response.pipeTo(answer).onFailure(failure -> cut(request));
  }

  /** Watches by web socket: bytes both ways. */
  private void tunnel(HttpServerRequest request) {
    request.pause();
    client
        .request(options(request).setMethod(HttpMethod.GET))
        .onSuccess(
            to -> {
              to.connect()
                  .onSuccess(response -> upgrade(request, response))
                  .onFailure(failure -> cut(request));
              request.resume();
            })
        .onFailure(failure -> cut(request));
  }

  private void upgrade(HttpServerRequest request, HttpClientResponse response) {
    var answer = request.response().setStatusCode(response.statusCode());
    response.headers().forEach(header -> answer.headers().add(header.getKey(), header.getValue()));
    if (response.statusCode() != 101) {
      pass(request, response);
      return;
    }
    NetSocket back = response.netSocket();
    back.pause();
    request
        .toNetSocket()
        .onSuccess(
            front -> {
              back.closeHandler(closed -> front.close());
              front.closeHandler(closed -> back.close());
              front.handler(back::write);
              back.handler(front::write);
              back.resume();
            })
        .onFailure(failure -> back.close());
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
