package io.eniipamd.kube.reclaim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.People;
import io.eniipamd.kube.support.Watched;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * Deletes the claims whose time is up. It keeps an index by expiry, so that a sweep looks at what
 * is due and at nothing else; each is released only after a fresh look at its Pod.
 */
public final class Sweeper implements Watched.Listener<VpcIPClaim> {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);

  /** A local clock that is further off than this cannot be trusted with anybody's address. */
  private static final Duration GREATEST_SKEW = Duration.ofMinutes(1);

  private record Key(String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }

  private final Watched<VpcIPClaim> claims;
  private final BiFunction<VpcIPClaim, Instant, Optional<Instant>> due;
  private final Releases releases;
  private final FreshReads fresh;
  private final Leadership leadership;
  private final People people;
  private final Clock clock;

  private final TreeMap<Instant, TreeSet<Key>> byTime = new TreeMap<>();
  private final Map<Key, Instant> byClaim = new HashMap<>();

  /**
   * @param due when a claim whose Pod ended then is due by the expiry in force, empty for never
   */
  public Sweeper(
      Watched<VpcIPClaim> claims,
      BiFunction<VpcIPClaim, Instant, Optional<Instant>> due,
      Releases releases,
      FreshReads fresh,
      Leadership leadership,
      People people,
      Clock clock) {
    this.claims = claims;
    this.due = due;
    this.releases = releases;
    this.fresh = fresh;
    this.leadership = leadership;
    this.people = people;
    this.clock = clock;
    claims.listen(this);
  }

  @Override
  public synchronized void changed(VpcIPClaim claim) {
    set(key(claim), dueOf(claim));
  }

  @Override
  public synchronized void deleted(VpcIPClaim claim) {
    set(key(claim), Optional.empty());
  }

  /** One sweep, on the leader only: what is due is released, claim by claim. */
  public void sweep() {
    if (!leadership.fresh()) {
      return;
    }
    for (var key : dueBy(clock.instant())) {
      try {
        claims.get(key.namespace(), key.name()).ifPresent(this::release);
      } catch (RuntimeException e) {
        LOG.warnf(
            "claim %s/%s is due and was not released: %s",
            key.namespace(), key.name(), e.getMessage());
      }
    }
  }

  private void release(VpcIPClaim claim) {
    if (claim.isMarkedForDeletion() || !leadership.fresh()) {
      return;
    }
    var meta = claim.getMetadata();
    var read = fresh.pod(meta.getNamespace(), meta.getName());
    if (read.skew().abs().compareTo(GREATEST_SKEW) > 0) {
      people.warn(
          claim,
          "ExpiryStopped",
          "nothing expires: the clock of this process is more than a minute off the API server's;"
              + " set it right");
      return;
    }
    // Any Pod of that name stops the expiry, whether it was bound to the address or not.
    boolean podThere = read.pod().filter(p -> !p.ended()).isPresent();
    boolean isDue = dueOf(claim).filter(d -> !d.isAfter(read.serverTime())).isPresent();
    if (!podThere && isDue && releases.delete(claim, ReleaseReason.EXPIRED)) {
      people.inform(
          claim,
          "Expired",
          "released %s: its Pod ended at %s"
              .formatted(claim.statusOrEmpty().address(), claim.statusOrEmpty().retainedSince()));
    }
  }

  private Optional<Instant> dueOf(VpcIPClaim claim) {
    var status = claim.statusOrEmpty();
    if (status.phase() != ClaimPhase.RETAINED
        || status.retainedSince() == null
        || status.retainedSince().isEmpty()
        || claim.isMarkedForDeletion()) {
      return Optional.empty();
    }
    return due.apply(claim, Instant.parse(status.retainedSince()));
  }

  private synchronized List<Key> dueBy(Instant now) {
    var found = new ArrayList<Key>();
    byTime.headMap(now, true).values().forEach(found::addAll);
    return found;
  }

  private synchronized void set(Key key, Optional<Instant> when) {
    var before = when.isPresent() ? byClaim.put(key, when.get()) : byClaim.remove(key);
    if (before != null && !Optional.of(before).equals(when)) {
      byTime.computeIfPresent(
          before,
          (time, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
    when.ifPresent(time -> byTime.computeIfAbsent(time, t -> new TreeSet<>()).add(key));
  }

  private static Key key(VpcIPClaim claim) {
    return new Key(claim.getMetadata().getNamespace(), claim.getMetadata().getName());
  }
}
