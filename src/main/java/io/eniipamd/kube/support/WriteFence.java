package io.eniipamd.kube.support;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Stands before everything that this process changes at the API server, and is closed when the
 * process stops: after that only the lease is given back, by the one request that is let through.
 *
 * <p>A change counts as under way from the moment before the fence lets it out until it has an
 * answer that says what became of it. One without such an answer, because its connection broke or
 * the client gave up waiting, counts for as long as a lease lasts: so long a successor waits after
 * a kill.
 */
@Singleton
public final class WriteFence implements Interceptor {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private final Unanswered unanswered;

  /** Where the fence is closed: the path of the object that may be replaced all the same. */
  private volatile Optional<String> closedBut = Optional.empty();

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public WriteFence(LeaseSettings lease, LongSupplier nanoTime) {
    this.unanswered = new Unanswered(nanoTime, lease.duration());
  }

  /**
   * Lets no change out from now on.
   *
   * @param but the path of the object that may be replaced all the same
   */
  public void close(String but) {
    closedBut = Optional.of(but);
  }

  /** Waits until all changes that are under way have their answers; whether that is so in time. */
  public boolean awaitAnswers(Duration atMost) throws InterruptedException {
    return unanswered.awaitNone(atMost);
  }

  /**
   * Right before the request goes out, also when the client sends it once more; {@link #after} has
   * the same request, while the one of {@code before} has another ID.
   */
  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    if (!READING.contains(request.method())) {
      letOut(request);
    }
    return consumer;
  }

  private void letOut(HttpRequest request) {
    // In this order, so that what closes the fence hears of each change that it has let out.
    unanswered.sent(request.id());
    var but = closedBut;
    if (but.isPresent() && !replaces(request, but.get())) {
      unanswered.answered(request.id());
      throw new KubernetesClientException(
          "not sent, because this process stops: %s %s"
              .formatted(request.method(), request.uri().getPath()));
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (READING.contains(request.method())) {
      return;
    }
    if (isLast(response.code())) {
      unanswered.answered(request.id());
    } else {
      unanswered.lost(request.id());
    }
  }

  /**
   * Whether nothing comes of the request after this answer. After a 401 the client fetches a new
   * token and sends the request once more by itself, where no interceptor sees it go out; and a
   * server that failed or ran out of time may have handed the change on.
   */
  private static boolean isLast(int code) {
    return code < HttpURLConnection.HTTP_INTERNAL_ERROR
        && code != HttpURLConnection.HTTP_UNAUTHORIZED;
  }

  /** The elector patches the lease: its requests are none of these. */
  private static boolean replaces(HttpRequest request, String path) {
    return request.method().equals("PUT") && request.uri().getPath().endsWith(path);
  }
}
