package io.eniipamd.simulator.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Earlier states of the ENIs, for readers who are behind. Guarded by the model's lock. */
final class Past {
  /** Nobody is further behind than that. */
  private static final Duration KEPT = Duration.ofMinutes(2);

  private final Deque<State> states = new ArrayDeque<>();
  private Instant frozenUntil = Instant.MIN;
  private List<EniView> frozen = List.of();

  private record State(Instant since, List<EniView> enis) {}

  /** Keeps a state for all who look before a moment. */
  void freeze(Instant until, List<EniView> enis) {
    frozenUntil = until;
    frozen = enis;
  }

  /** The state that is kept for those who look now, if one is. */
  Optional<List<EniView>> frozen(Instant now) {
    return now.isBefore(frozenUntil) ? Optional.of(frozen) : Optional.empty();
  }

  boolean isKept() {
    return !states.isEmpty();
  }

  void add(Instant since, List<EniView> enis) {
    states.addLast(new State(since, enis));
    while (states.size() > 2 && second().since().isBefore(since.minus(KEPT))) {
      states.removeFirst();
    }
  }

  void clear() {
    states.clear();
  }

  /** The state that held at a moment; the oldest known one where it is further back. */
  Optional<List<EniView>> at(Instant moment) {
    Iterator<State> newestFirst = states.descendingIterator();
    while (newestFirst.hasNext()) {
      State state = newestFirst.next();
      if (!state.since().isAfter(moment)) {
        return Optional.of(state.enis());
      }
    }
    return Optional.ofNullable(states.peekFirst()).map(State::enis);
  }

  private State second() {
    Iterator<State> oldestFirst = states.iterator();
    oldestFirst.next();
    return oldestFirst.next();
  }
}
