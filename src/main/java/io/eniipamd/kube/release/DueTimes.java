package io.eniipamd.kube.release;

import io.eniipamd.api.v1.VpcIPClaim;
import java.time.Instant;
import java.util.Optional;

/** When retained claims are due, by what is in force now. */
@FunctionalInterface
public interface DueTimes {
  /** When a retained claim is due; empty for never, and for one that is not retained. */
  Optional<Instant> due(VpcIPClaim claim);
}
