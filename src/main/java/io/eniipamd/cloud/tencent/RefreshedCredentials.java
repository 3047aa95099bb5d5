package io.eniipamd.cloud.tencent;

import io.eniipamd.cloud.CloudException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Temporary credentials that are fetched again before they expire, by one thread at a time: the
 * others go on with those that still hold, or wait for it where there are none. Those that still
 * hold are kept when fetching fails. Those that the cloud refuses are due at once, each of them
 * once: where the issuer has none but these, the refusal is about something else.
 */
final class RefreshedCredentials implements CredentialSource {

  private static final Logger LOG = Logger.getLogger(RefreshedCredentials.class);

  /** How long before their end new ones are fetched: enough for many attempts. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** Where credentials hold for less than that, so many parts of their time are used. */
  private static final int SHORT_LIFE_PARTS = 4;

  /** Between two attempts while the old ones hold: nothing presses. */
  private static final Duration PAUSE_WHILE_HELD = Duration.ofSeconds(10);

  /** Between two attempts while there are none: threads that waited for one take its outcome. */
  private static final Duration PAUSE_WHILE_NONE = Duration.ofSeconds(1);

  /** Where temporary credentials come from. */
  @FunctionalInterface
  interface Issuer {

    /**
     * Fetches credentials; blocks for a few seconds at most.
     *
     * @throws CloudException of kind {@code DENIED} where there are none, of another one where it
     *     may succeed later; the message holds no secret
     */
    Temporary issue();
  }

  /**
   * Credentials for a time.
   *
   * @param end from which on the cloud takes them no more
   */
  record Temporary(Credentials credentials, Instant end) {}

  /**
   * What is held, when to ask for more, how the last attempt failed, and what the cloud refused
   * last.
   */
  private record State(Temporary held, Instant next, CloudException failure, Credentials refused) {}

  private final Issuer issuer;
  private final Clock clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private final AtomicReference<State> state =
      new AtomicReference<>(new State(null, Instant.MIN, null, null));

  RefreshedCredentials(Issuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  @Override
  public Credentials current() {
    State now = state.get();
    if (isDue(now)) {
      now = holds(now) ? refreshedByOne(now) : fetchedByOne();
    }
    if (!holds(now)) {
      throw now.failure() != null ? now.failure() : failed("they have just expired");
    }
    return now.held().credentials();
  }

  @Override
  public void refused(Credentials credentials) {
    State now = state.get();
    if (now.held() != null
        && now.held().credentials().equals(credentials)
        && !credentials.equals(now.refused())) {
      // If it has changed meanwhile, another thread has just fetched or noted the same.
      state.compareAndSet(now, new State(now.held(), Instant.MIN, now.failure(), credentials));
    }
  }

  private boolean isDue(State some) {
    boolean ended = some.held() != null && !holds(some);
    return ended || !clock.instant().isBefore(some.next());
  }

  private boolean holds(State some) {
    return some.held() != null && clock.instant().isBefore(some.held().end());
  }

  /** No thread waits: a thread that finds another one fetching takes what is still valid. */
  private State refreshedByOne(State before) {
    if (!fetching.tryLock()) {
      return before;
    }
    try {
      return fetchedWhereDue();
    } finally {
      fetching.unlock();
    }
  }

  private State fetchedByOne() {
    try {
      // An attempt is two requests at most.
      if (!fetching.tryLock(2 * HttpClients.CREDENTIALS_CALL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("another request has been waiting for them too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted by the shutdown");
    }
    try {
      return fetchedWhereDue();
    } finally {
      fetching.unlock();
    }
  }

  /** The outcome of the one before, or a new one. */
  private State fetchedWhereDue() {
    State before = state.get();
    if (isDue(before)) {
      state.set(fetched(before));
    }
    return state.get();
  }

  private State fetched(State before) {
    try {
      Temporary fresh = issuer.issue();
      if (!clock.instant().isBefore(fresh.end())) {
        throw failed(
            "the new ones had expired at " + fresh.end() + "; check the clock of this machine");
      }
      return new State(fresh, nextOf(fresh), null, before.refused());
    } catch (CloudException e) {
      Instant now = clock.instant();
      if (holds(before)) {
        LOG.warnf(
            "%s; the previous credentials are valid until %s", e.getMessage(), before.held().end());
        return new State(before.held(), now.plus(PAUSE_WHILE_HELD), e, before.refused());
      }
      return new State(null, now.plus(PAUSE_WHILE_NONE), e, null);
    }
  }

  private Instant nextOf(Temporary fresh) {
    Duration left = Duration.between(clock.instant(), fresh.end());
    Duration part = left.dividedBy(SHORT_LIFE_PARTS);
    return fresh.end().minus(part.compareTo(AHEAD) < 0 ? part : AHEAD);
  }

  private static CloudException failed(String detail) {
    return new CloudException(
        CloudException.Kind.TRANSIENT, "getting the cloud's credentials", null, detail, null, null);
  }
}
