package io.eniipamd.domain.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a subnet counts as one that has addresses. All nodes with ENIs there go by it, so that it
 * does not follow each address that comes and goes: it opens soon, closes only when there was none
 * for a while, and does not close again soon after it has opened.
 *
 * @param open whether there are addresses, as far as nodes are concerned
 * @param opened when it last opened; empty if it never changed
 * @param against since when the looks say otherwise without a break
 */
public record RoomTide(boolean open, Optional<Instant> opened, Optional<Instant> against) {

  /** More than one look at the subnet: an address that is taken again at once is none. */
  public static final Duration OPENS_AFTER = Duration.ofSeconds(5);

  /** A rolling update gives its addresses back, and takes them again, in less time. */
  public static final Duration CLOSES_AFTER = Duration.ofSeconds(30);

  /**
   * Bounds the writes: a subnet opens and closes once in this time, however it goes up and down.
   */
  public static final Duration STAYS_OPEN = Duration.ofMinutes(5);

  /** At first sight it is what it is, so that a process that starts changes nothing. */
  public static RoomTide first(boolean room) {
    return new RoomTide(room, Optional.empty(), Optional.empty());
  }

  /**
   * The next state.
   *
   * @param room whether there is an address now
   */
  public RoomTide next(boolean room, Instant now) {
    if (room == open) {
      return new RoomTide(open, opened, Optional.empty());
    }
    var since = against.orElse(now);
    boolean turns =
        open
            ? hasPassed(CLOSES_AFTER, since, now)
                && opened.filter(at -> !hasPassed(STAYS_OPEN, at, now)).isEmpty()
            : hasPassed(OPENS_AFTER, since, now);
    if (!turns) {
      return new RoomTide(open, opened, Optional.of(since));
    }
    return new RoomTide(room, room ? Optional.of(now) : opened, Optional.empty());
  }

  private static boolean hasPassed(Duration pause, Instant since, Instant now) {
    return !now.isBefore(since.plus(pause));
  }
}
