package io.eniipamd.simulator.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Earlier states, for readers who are behind. Guarded by the model's lock.
 *
 * @param <T> a state as they see it
 */
final class Past<T> {
  /** No reader is further behind than that. */
  private static final Duration KEPT = Duration.ofMinutes(2);

  private final Deque<State<T>> states = new ArrayDeque<>();
  private Instant frozenUntil = Instant.MIN;
  private Optional<T> frozen = Optional.empty();

  private record State<T>(Instant since, T state) {}

  /** Keeps a state for all who look before a moment. */
  void freeze(Instant until, T state) {
    frozenUntil = until;
    frozen = Optional.of(state);
  }

  /** The state that is kept for those who look now, if one is. */
  Optional<T> frozen(Instant now) {
    return now.isBefore(frozenUntil) ? frozen : Optional.empty();
  }

  boolean isKept() {
    return !states.isEmpty();
  }

  /**
   * Begins to keep states, or forgets them. Where some are kept already they stay, so that readers
   * can fall further behind than they were.
   */
  void remember(boolean wanted, Supplier<T> now) {
    if (wanted && isKept()) {
      return;
    }
    states.clear();
    if (wanted) {
      add(Instant.MIN, now.get());
    }
  }

  void add(Instant since, T state) {
    states.addLast(new State<>(since, state));
    while (states.size() > 2 && second().since().isBefore(since.minus(KEPT))) {
      states.removeFirst();
    }
  }

  /** The state that held at a moment; the oldest known one where it is further back. */
  Optional<T> at(Instant moment) {
    Iterator<State<T>> newestFirst = states.descendingIterator();
    while (newestFirst.hasNext()) {
      State<T> state = newestFirst.next();
      if (!state.since().isAfter(moment)) {
        return Optional.of(state.state());
      }
    }
    return Optional.ofNullable(states.peekFirst()).map(State::state);
  }

  private State<T> second() {
    Iterator<State<T>> oldestFirst = states.iterator();
    oldestFirst.next();
    return oldestFirst.next();
  }
}
