package io.eniipamd.kube.claim;

import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.support.EniDemand;
import jakarta.inject.Singleton;

/**
 * What this process remembers of a claim until its Pod has an address: the room that it asked for,
 * since when it waits, which address makes room for it, and its turn at the release gate.
 */
@Singleton
final class ClaimMemory {
  private final EniDemand demand;
  private final Waits waits;
  private final Preemptions preemptions;
  private final ReleaseGate gate;

  ClaimMemory(EniDemand demand, Waits waits, Preemptions preemptions, ReleaseGate gate) {
    this.demand = demand;
    this.waits = waits;
    this.preemptions = preemptions;
    this.gate = gate;
  }

  /** The claim needs no further ENI. */
  void needsNoRoom(String uid) {
    demand.withdraw(uid);
  }

  /** The Pod has its address, or the claim is gone: it waits for nothing and is not released. */
  void clear(String uid) {
    demand.withdraw(uid);
    waits.over(uid);
    preemptions.forget(uid);
    gate.done(uid);
  }
}
