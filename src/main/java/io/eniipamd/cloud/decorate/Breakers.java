package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudAction.Family;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.Refusal;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Leaves a cloud alone that is down, each family of the API by itself: after some requests in a row
 * that found it so, none goes out for a while, then a single one as a probe, and all again once
 * that is answered. Only real requests probe the cloud.
 *
 * <p>A refusal is an answer, whatever it says. The one exception is a key that the cloud does not
 * accept: no other request will fare better, and cloud accounts are locked for less.
 */
public final class Breakers {

  /** Families of codes that say only that the cloud, or a proxy before it, does not work. */
  private static final List<String> NO_ANSWERS =
      List.of("InternalError", "InternalServerError", "ServerSideError", "ServiceUnavailable");

  /** The key is unknown, expired or wrong. */
  private static final String REFUSED_KEY = "AuthFailure.";

  /** The one of that family that is about the action only. */
  private static final String REFUSED_ACTION = "AuthFailure.UnauthorizedOperation";

  private final Map<Family, Breaker> byFamily = new EnumMap<>(Family.class);

  /**
   * @param random decides how long pauses are; may be asked by many threads at once
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public Breakers(
      BreakerSettings settings,
      RandomGenerator random,
      LongSupplier nanoTime,
      CallObserver observer) {
    var pauses = new Backoff(settings.firstPause(), settings.longestPause(), random);
    for (Family family : Family.values()) {
      byFamily.put(family, new Breaker(family, settings.failures(), pauses, nanoTime, observer));
    }
  }

  /**
   * Returns where a request would not be refused right away: asked before a wait that would be for
   * nothing.
   *
   * @throws CloudException as {@link #call}
   */
  void check(CloudAction action, String subject) {
    byFamily.get(action.family()).check(step(action, subject));
  }

  /**
   * Makes the request, unless the cloud is left alone.
   *
   * @throws CloudException of kind {@code TRANSIENT} where the request was not sent because the
   *     cloud is down, {@code DENIED} where it was not because the key is refused; or what the
   *     request throws
   */
  <T> T call(CloudAction action, String subject, Supplier<T> request) {
    return byFamily.get(action.family()).call(step(action, subject), request);
  }

  private static String step(CloudAction action, String subject) {
    return action.apiName() + " of " + subject;
  }

  /** One family's. */
  private static final class Breaker {
    private final Family family;
    private final Backoff pauses;
    private final LongSupplier nanoTime;
    private final CallObserver observer;
    private final CircuitBreaker circuit;
    private volatile Optional<CloudException> lastFailure = Optional.empty();
    private volatile long openSince;
    private volatile long openUntil;

    Breaker(
        Family family, int failures, Backoff pauses, LongSupplier nanoTime, CallObserver observer) {
      this.family = family;
      this.pauses = pauses;
      this.nanoTime = nanoTime;
      this.observer = observer;
      circuit =
          CircuitBreaker.of(
              family.name(),
              CircuitBreakerConfig.custom()
                  .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                  .slidingWindowSize(failures)
                  .minimumNumberOfCalls(failures)
                  .failureRateThreshold(100)
                  .permittedNumberOfCallsInHalfOpenState(1)
                  .waitIntervalFunctionInOpenState(this::pause)
                  .clock(new UnsetClock(nanoTime))
                  .build());
      circuit.getEventPublisher().onStateTransition(e -> changed(e.getStateTransition()));
    }

    private long pause(int failures) {
      long millis = Math.max(1, pauses.after(failures).toMillis());
      openUntil = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
      return millis;
    }

    private void changed(StateTransition change) {
      if (change == StateTransition.CLOSED_TO_OPEN) {
        openSince = nanoTime.getAsLong();
        lastFailure.ifPresent(failure -> observer.down(family, failure));
      } else if (change == StateTransition.HALF_OPEN_TO_CLOSED) {
        observer.up(family, Duration.ofNanos(nanoTime.getAsLong() - openSince));
      }
    }

    void check(String step) {
      State state = circuit.getState();
      boolean pausing = state == State.OPEN && openUntil - nanoTime.getAsLong() >= 0;
      // It is half open only while the probe is under way.
      if (pausing || state == State.HALF_OPEN) {
        throw notSent(step);
      }
    }

    <T> T call(String step, Supplier<T> request) {
      if (!circuit.tryAcquirePermission()) {
        throw notSent(step);
      }
      long start = nanoTime.getAsLong();
      boolean answered = false;
      try {
        T answer = request.get();
        answered = true;
        return answer;
      } catch (CloudException e) {
        answered = !findsItDown(e);
        if (!answered) {
          lastFailure = Optional.of(e);
        }
        throw e;
      } finally {
        // Whatever happens: a probe without an end would be the last one.
        long took = nanoTime.getAsLong() - start;
        if (answered) {
          circuit.onSuccess(took, TimeUnit.NANOSECONDS);
        } else {
          circuit.onError(took, TimeUnit.NANOSECONDS, lastFailure.orElse(null));
        }
      }
    }

    /** Always in the same words: a caller that reports it to users does so once per outage. */
    private CloudException notSent(String step) {
      Optional<CloudException> last = lastFailure;
      Kind kind = last.map(CloudException::kind).orElse(Kind.TRANSIENT);
      Optional<String> code = last.flatMap(CloudException::code);
      String why =
          kind == Kind.DENIED
              ? "the cloud refuses all requests, and the operator asks again later; "
                  + Refusal.of(code).advice()
              : "the cloud does not answer, and the operator asks again later";
      return CloudException.notSent(kind, step, code.orElse(null), why);
    }

    private static boolean findsItDown(CloudException e) {
      String code = e.code().orElse("");
      return switch (e.kind()) {
        case TRANSIENT -> code.isEmpty() || NO_ANSWERS.stream().anyMatch(code::startsWith);
        case DENIED ->
            code.isEmpty() || (code.startsWith(REFUSED_KEY) && !code.equals(REFUSED_ACTION));
        case QUOTA, SUBNET_FULL, ADDRESS_TAKEN, NOT_FOUND, THROTTLED, INVALID -> false;
      };
    }
  }

  /** Time as it passes, from no particular moment: a pause must not grow when a clock is set. */
  private static final class UnsetClock extends Clock {
    private final LongSupplier nanoTime;

    UnsetClock(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanoTime.getAsLong());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
