package io.eniipamd.kube.webhook;

import io.eniipamd.metrics.IpamMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Serves the webhook over HTTPS, on a port of its own. It does not listen before it has a
 * certificate; a later one is for new connections, and those that are open go on.
 */
@Singleton
final class AdmissionServer {
  private static final Logger LOG = Logger.getLogger(AdmissionServer.class);

  /** Where the API server sends its reviews to. */
  static final String PATH = "/pods";

  /** More than the API server accepts as a Pod, with what a review adds to it. */
  private static final int LONGEST_BODY = 8 << 20;

  /** Of all reviews that are being read, in bytes: what the memory has room for. */
  private static final int MOST_AT_ONCE = 32 << 20;

  /** The API server waits no longer for an answer (see the configuration's timeoutSeconds). */
  private static final Duration READ_WITHIN = Duration.ofSeconds(2);

  /** Longer than the API server keeps a connection that it does not use, which is 90 seconds. */
  private static final Duration IDLE = Duration.ofMinutes(3);

  private static final Duration STARTED_WITHIN = Duration.ofSeconds(10);
  private static final int TOO_LARGE = 413;

  private final Vertx vertx;
  private final WebhookSettings settings;
  private final AdmissionReviews reviews;
  private final IpamMetrics metrics;
  private final AtomicLong reading = new AtomicLong();
  private HttpServer server;

  AdmissionServer(
      Vertx vertx, WebhookSettings settings, AdmissionReviews reviews, IpamMetrics metrics) {
    this.vertx = vertx;
    this.settings = settings;
    this.reviews = reviews;
    this.metrics = metrics;
  }

  /**
   * Serves with this certificate from now on.
   *
   * @throws IllegalStateException where the port cannot be listened on
   */
  synchronized void serve(ServingPair pair) {
    var keys = KeyCertOptions.wrap(pair.keys());
    if (server != null) {
      await(server.updateSSLOptions(options().getSslOptions().setKeyCertOptions(keys), true));
    } else {
      var starting = vertx.createHttpServer(options().setKeyCertOptions(keys));
      await(starting.requestHandler(this::handle).listen());
      server = starting;
      LOG.infof("the webhook listens on %s:%d", settings.host(), settings.port());
    }
    metrics.webhookCertificateUntil(pair.facts().notAfter());
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(settings.host())
        .setPort(settings.port())
        .setSsl(true)
        .setUseAlpn(true)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout((int) IDLE.toSeconds());
  }

  private void await(Future<?> done) {
    try {
      done.toCompletionStage()
          .toCompletableFuture()
          .get(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "cannot serve the webhook on %s:%d: %s"
              .formatted(settings.host(), settings.port(), e.getCause().getMessage()),
          e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the webhook's server has not started within %s".formatted(STARTED_WITHIN), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the webhook's server started", e);
    }
  }

  private void handle(HttpServerRequest request) {
    if (!PATH.equals(request.path())) {
      end(request, HttpURLConnection.HTTP_NOT_FOUND, "reviews are for POST " + PATH);
    } else if (!HttpMethod.POST.equals(request.method())) {
      end(request, HttpURLConnection.HTTP_BAD_METHOD, "reviews are for POST " + PATH);
    } else {
      long length = length(request);
      if (length < 0) {
        end(request, HttpURLConnection.HTTP_LENGTH_REQUIRED, "Content-Length is missing");
      } else if (length > LONGEST_BODY) {
        end(request, TOO_LARGE, "a review has at most %d bytes".formatted(LONGEST_BODY));
      } else {
        take(request, length);
      }
    }
  }

  /** The length that the request names, or a negative one. */
  private static long length(HttpServerRequest request) {
    var header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return header != null && header.matches("\\d{1,12}") ? Long.parseLong(header) : -1;
  }

  private void take(HttpServerRequest request, long length) {
    if (reading.addAndGet(length) > MOST_AT_ONCE) {
      reading.addAndGet(-length);
      end(request, HttpURLConnection.HTTP_UNAVAILABLE, "too many reviews at once");
      return;
    }
    long late = vertx.setTimer(READ_WITHIN.toMillis(), _ -> request.connection().close());
    request
        .body()
        .onComplete(_ -> vertx.cancelTimer(late))
        .compose(body -> vertx.executeBlocking(() -> reviews.answer(body.getBytes()), false))
        .onComplete(_ -> reading.addAndGet(-length))
        .onSuccess(
            answer ->
                request
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Buffer.buffer(answer)))
        .onFailure(failure -> refuse(request, failure));
  }

  private void refuse(HttpServerRequest request, Throwable failure) {
    metrics.webhookAnswered("refused");
    if (failure instanceof BadReviewException bad) {
      end(request, HttpURLConnection.HTTP_BAD_REQUEST, bad.getMessage());
      return;
    }
    if (!request.response().closed()) {
      LOG.error("cannot answer a review; the Pod is created as it is", failure);
      end(
          request,
          HttpURLConnection.HTTP_INTERNAL_ERROR,
          "the operator failed, see its log; the Pod stays as it is");
    }
  }

  private static void end(HttpServerRequest request, int code, String reason) {
    var response = request.response();
    if (!response.closed() && !response.ended()) {
      response
          .setStatusCode(code)
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
          .end(reason + "\n");
    }
  }
}
