package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Chooses the retained address that makes room for a waiting Pod, and asks its claim. */
@Singleton
final class PreemptionVictims {
  private final AddressBook book;
  private final ClaimLookup holders;
  private final SharedCache<VpcIPClaim> claims;
  private final Preemptions preemptions;

  PreemptionVictims(
      AddressBook book,
      ClaimLookup holders,
      SharedCache<VpcIPClaim> claims,
      Preemptions preemptions) {
    this.book = book;
    this.holders = holders;
    this.claims = claims;
    this.preemptions = preemptions;
  }

  /**
   * Asks the claim whose address is retained the longest on these ENIs to make room. While one that
   * was asked before is still to make room, no second one is asked.
   *
   * @param waiting UID of the claim that waits
   * @param enis IDs of the ENIs that are useful to it
   */
  void ask(String waiting, Set<String> enis) {
    var victim = retainedLongest(enis);
    if (victim.isEmpty() || preemptions.askedFor(waiting).filter(preemptions::wanted).isPresent()) {
      return;
    }
    var meta = victim.get().getMetadata();
    if (preemptions.ask(waiting, meta.getUid())) {
      claims.enqueue(meta.getNamespace(), meta.getName());
    }
  }

  private Optional<VpcIPClaim> retainedLongest(Set<String> enis) {
    return enis.stream()
        .flatMap(eni -> book.onEni(eni).stream())
        .flatMap(vip -> holders.holding(vip).stream())
        .filter(c -> c.statusOrEmpty().phase() == ClaimPhase.RETAINED)
        .filter(c -> !c.isMarkedForDeletion() && c.unreadable().isEmpty())
        .min(Comparator.comparing(c -> c.statusOrEmpty().retainedSince()));
  }
}
