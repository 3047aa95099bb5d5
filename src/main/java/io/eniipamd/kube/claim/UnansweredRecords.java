package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Paged;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims that may have a record which the cache does not show: this process asked for one and the
 * answer never came, or a leader before this process asked for one.
 */
@Singleton
final class UnansweredRecords {
  /** For so long after the start the cache may lack a record that a leader before has made. */
  private static final Duration NEWLY = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final AddressBook book;
  private final Leadership leadership;

  /** UIDs of the claims. */
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

  UnansweredRecords(KubernetesClient client, AddressBook book, Leadership leadership) {
    this.client = client;
    this.book = book;
    this.leadership = leadership;
  }

  /** The API server did not answer the creation of a record for this claim. */
  void note(String uid) {
    unanswered.add(uid);
  }

  /**
   * Whether there is a record after all whose creation was not answered; it is in the book then.
   * Costs a request only where an answer is missing.
   */
  boolean settle(String uid) {
    if (!unanswered.contains(uid)) {
      return false;
    }
    boolean found = find(uid);
    unanswered.remove(uid);
    return found;
  }

  /**
   * The same before the claim's finalizer is removed, where a record of the previous leader counts
   * too.
   */
  boolean remain(String uid) {
    return (unanswered.contains(uid) || leadership.isNewerThan(NEWLY)) && find(uid);
  }

  /** Asks the API server for records of the claim and puts them into the book. */
  private boolean find(String uid) {
    var listed = Paged.list(client.resources(VpcIP.class).withLabel(Names.CLAIM_UID, uid)).items();
    listed.forEach(book::changed);
    return !listed.isEmpty();
  }

  /** The claim is gone. */
  void forget(String uid) {
    unanswered.remove(uid);
  }
}
