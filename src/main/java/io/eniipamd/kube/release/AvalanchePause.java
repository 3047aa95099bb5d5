package io.eniipamd.kube.release;

import io.eniipamd.kube.release.AvalancheStore.Avalanche;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The automatic pause of all releases, and the record of it, by which the next leader knows of it.
 * For the {@link ReleaseGate} alone, which calls it under its lock.
 */
final class AvalanchePause {
  private static final Logger LOG = Logger.getLogger(AvalanchePause.class);

  private final AvalancheStore note;
  private final ReleaseGate.Listener listener;

  private Optional<Avalanche> avalanche = Optional.empty();
  private boolean noted = true;

  /** The record was missing at the start, and still is: what it said is not known. */
  private Optional<String> unknown = Optional.empty();

  private boolean toldOfMissing;

  AvalanchePause(AvalancheStore note, ReleaseGate.Listener listener) {
    this.note = note;
    this.listener = listener;
  }

  /** Reads what an earlier leader left on record. */
  void read() {
    noted = true;
    take(note.read());
  }

  /** The pause, while there is one. */
  Optional<Avalanche> avalanche() {
    return avalanche;
  }

  /** Why it is not known whether there is a pause; empty where that is known. */
  Optional<String> unknown() {
    return unknown;
  }

  /** Whether there is a pause, or may be one by a record that is missing. */
  boolean inForce() {
    return unknown.isPresent() || avalanche.isPresent();
  }

  void begin(Avalanche pause) {
    avalanche = Optional.of(pause);
    noted = false;
    record();
    listener.paused(pause);
  }

  /**
   * Whether a user has ended it.
   *
   * @param resumedUntil {@code resume-releases}: what fell due until then may be released
   */
  boolean isEndedBy(Optional<Instant> resumedUntil) {
    return avalanche.isPresent()
        && resumedUntil.filter(until -> !until.isBefore(avalanche.get().since())).isPresent();
  }

  void end() {
    avalanche = Optional.empty();
    noted = false;
    listener.resumed();
  }

  /** Compares with the record, and writes what is not on it. */
  void keepRecord() {
    compareWithRecord();
    if (!noted) {
      record();
    }
  }

  private void take(AvalancheStore.State state) {
    unknown = Optional.empty();
    switch (state) {
      case AvalancheStore.State.Missing(var message) -> {
        unknown = Optional.of(message);
        tellOfMissing(message);
      }
      case AvalancheStore.State.Clear _ -> toldOfMissing = false;
      case AvalancheStore.State.Paused(var pause) -> {
        toldOfMissing = false;
        avalanche = Optional.of(pause);
      }
    }
  }

  private void tellOfMissing(String message) {
    if (!toldOfMissing) {
      toldOfMissing = true;
      listener.recordMissing(message);
    }
  }

  /** Is the record still there, where that matters? Who deletes it ends no pause. */
  private void compareWithRecord() {
    if (unknown.isEmpty() && avalanche.isEmpty()) {
      return;
    }
    try {
      var state = note.read();
      if (unknown.isPresent()) {
        take(state);
        return;
      }
      noted = state instanceof AvalancheStore.State.Paused;
      if (state instanceof AvalancheStore.State.Missing(var message)) {
        tellOfMissing(message);
      } else {
        toldOfMissing = false;
      }
    } catch (RuntimeException e) {
      LOG.warnf("cannot read the record of the pause of releases: %s", e.getMessage());
    }
  }

  private void record() {
    try {
      if (avalanche.isPresent()) {
        note.write(avalanche.get());
      } else {
        note.clear();
      }
      noted = true;
    } catch (RuntimeException e) {
      // It is in force all the same, and put on record with the next tick.
      LOG.warnf("cannot record the pause of releases: %s", e.getMessage());
    }
  }
}
