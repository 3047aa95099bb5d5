package io.eniipamd.kube.journal;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/**
 * Tells what the operator has written of addresses and claims, one line for each transition. Who
 * writes a record calls it with what the API server has answered, so that nothing is told that did
 * not happen; a process that is killed between the two leaves a line out, and the next line of the
 * address shows where it stands.
 */
@Singleton
public final class AddressJournal {
  private final Consumer<JournalLine> lines;

  /**
   * @param lines receives each line; it must not block
   */
  public AddressJournal(Consumer<JournalLine> lines) {
    this.lines = lines;
  }

  /** A record was made. */
  public void created(VpcIP vip) {
    RecordTransitions.ofCreation(vip).forEach(lines);
  }

  /** A record was written. */
  public void changed(VpcIP before, VpcIP after) {
    RecordTransitions.of(before, after).forEach(lines);
  }

  /** A record is gone, and its address free. */
  public void gone(VpcIP vip) {
    lines.accept(RecordTransitions.ofEnd(vip));
  }

  /** The status of a claim was written. */
  public void changed(VpcIPClaimStatus before, VpcIPClaim after) {
    ClaimTransitions.of(before, after).ifPresent(lines);
  }
}
