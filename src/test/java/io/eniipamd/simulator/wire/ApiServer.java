package io.eniipamd.simulator.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The side of HTTP or HTTPS, on loopback only: reads requests, writes replies, knows nothing else.
 */
public final class ApiServer implements AutoCloseable {
  private static final String JSON = "application/json";

  /** Connections that may wait: more than any test opens at once. */
  private static final int BACKLOG = 1_024;

  static {
    // Without it every answer on a kept connection waits for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer http;
  private final ExecutorService threads;
  private final Clock clock;
  private final CallDesk desk;
  private final Control control;

  /** Answers what is asked of the simulation itself, beside the API. */
  public interface Control {
    /** Answers a request of {@code /_sim/…}. */
    ControlReply answer(String method, String path, String body);
  }

  /** An HTTP status and a text. */
  public record ControlReply(int status, String text) {}

  private ApiServer(
      HttpServer http, ExecutorService threads, Clock clock, CallDesk desk, Control control) {
    this.http = http;
    this.threads = threads;
    this.clock = clock;
    this.desk = desk;
    this.control = control;
  }

  /**
   * Starts to answer.
   *
   * @param port 0 for a free one
   * @param certificate to speak HTTPS with; empty for HTTP
   */
  public static ApiServer start(
      int port,
      Optional<ServerCertificate> certificate,
      Clock clock,
      CallDesk desk,
      Control control)
      throws IOException {
    HttpServer http =
        bound(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), certificate);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    ApiServer server = new ApiServer(http, threads, clock, desk, control);
    http.setExecutor(threads);
    http.createContext("/", server::serve);
    http.createContext("/_sim/", server::serveControl);
    http.start();
    return server;
  }

  private static HttpServer bound(
      InetSocketAddress address, Optional<ServerCertificate> certificate) throws IOException {
    if (certificate.isEmpty()) {
      return HttpServer.create(address, BACKLOG);
    }
    HttpsServer https = HttpsServer.create(address, BACKLOG);
    https.setHttpsConfigurator(new HttpsConfigurator(certificate.get().context()));
    return https;
  }

  /** The port that it listens on. */
  public int port() {
    return http.getAddress().getPort();
  }

  /** Stops at once; calls under way get no answer. */
  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (desk.answer(read(exchange))) {
        case Reply.Json(String body) -> {
          exchange.getResponseHeaders().set("Content-Type", JSON);
          send(exchange, 200, body);
        }
        case Reply.Status(int status) -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          send(exchange, status, "<h1>" + status + "</h1>");
        }
        case Reply.Cut() -> {
          // Closing an exchange that has no answer yet closes its connection.
        }
      }
    }
  }

  private void serveControl(HttpExchange exchange) throws IOException {
    try (exchange) {
      ControlReply reply =
          control.answer(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      send(exchange, reply.status(), reply.text());
    }
  }

  private Arrival read(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    return new Arrival(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        headers,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
        clock.instant());
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
