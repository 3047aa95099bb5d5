package io.eniipamd.kube.reclaim;

import java.time.Instant;
import java.util.Optional;

/**
 * The record of an automatic pause, which outlives the process: a restart must not let an avalanche
 * go that a person has not let go.
 */
public interface AvalancheNote {

  /**
   * An automatic pause.
   *
   * @param since when it began, UTC
   * @param why which limit was passed by how many, for people
   */
  record Avalanche(Instant since, String why) {}

  /** The pause on record. */
  Optional<Avalanche> read();

  /** Records a pause. */
  void write(Avalanche avalanche);

  /** Records that it is over. */
  void clear();
}
