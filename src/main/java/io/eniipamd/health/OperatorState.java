package io.eniipamd.health;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the probes have to know of the running operator. Answers come from memory, at once. */
public interface OperatorState {

  /** Whether all caches have been complete once since the start. */
  boolean started();

  /** Kinds whose cache has stopped for good: it does not come back without a new start. */
  List<String> stoppedCaches();

  /** Kinds whose cache does not follow the API server at this moment, the stopped ones included. */
  List<String> laggingCaches();

  /** Whether this process leads; one that does not is a standby, and healthy. */
  boolean leading();

  /** How long the lease has been this process's without its start being done; empty elsewhere. */
  Optional<Duration> starting();

  /** How old the last renewal of the lease is, on the leader; empty elsewhere. */
  Optional<Duration> sinceRenewal();
}
