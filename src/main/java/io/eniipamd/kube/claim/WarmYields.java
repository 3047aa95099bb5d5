package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.VpcIpStore;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Releases warm addresses that take the slot of a claim which cannot take them: one for each claim
 * that waits. It lives in memory only; after a restart the waiting claims ask again.
 */
@Singleton
final class WarmYields {
  private final AddressBook book;
  private final VpcIpStore records;

  /** What makes room for a claim, by the claim's UID. */
  private final Map<String, Yield> yields = new ConcurrentHashMap<>();

  private record Yield(Ip ip, String recordUid) {}

  WarmYields(AddressBook book, VpcIpStore records) {
    this.book = book;
    this.records = records;
  }

  /**
   * Releases a warm address on one of these ENIs. While one that was released before is still on
   * its way out, no second one is released.
   *
   * @param waiting UID of the claim that waits
   */
  void ask(String waiting, Set<String> enis) {
    var before = yields.get(waiting);
    if (before != null && isLeaving(before)) {
      return;
    }
    records
        .releaseOneWarm(enis, waiting)
        .ifPresent(vip -> yields.put(waiting, new Yield(vip.ip(), vip.getMetadata().getUid())));
  }

  private boolean isLeaving(Yield one) {
    return book.get(one.ip())
        .filter(vip -> vip.getMetadata().getUid().equals(one.recordUid()))
        .filter(vip -> vip.statusOrEmpty().phase() == VpcIPPhase.RELEASING)
        .isPresent();
  }

  /** It waits no longer, or is gone. */
  void forget(String claimUid) {
    yields.remove(claimUid);
  }
}
