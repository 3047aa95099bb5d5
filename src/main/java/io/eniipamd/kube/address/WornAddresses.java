package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.Worn;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whose the addresses are that Pods run with and that their claims are not bound to. The records
 * say so, or else the cloud is asked once a Pod: nothing is recorded for an address, and no other
 * one is given, before it is clear where it is.
 */
@Singleton
public final class WornAddresses {
  /** What was found on an ENI of this cluster is recorded at once, or read again. */
  private static final Duration OURS_BELIEVED = Duration.ofMinutes(1);

  /** A running Pod does not change its network; only a read that came too early would be wrong. */
  private static final Duration ELSEWHERE_BELIEVED = Duration.ofHours(1);

  private final AddressBook book;
  private final OwnEnis own;
  private final CloudTasks tasks;
  private final SharedCache<SlimPod> pods;
  private final SharedCache<VpcIPClaim> claims;
  private final LongSupplier nanoTime;

  /** What reads have shown, by the UID of the Pod. */
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(Ip ip, Optional<String> eniId, long nanos) {}

  /** The state of a question to the cloud. */
  public sealed interface Look {
    /** It is under way; the Pod and its claim are enqueued. */
    record Asking() implements Look {}

    /** It has been answered. */
    record Answered() implements Look {}

    /**
     * It failed.
     *
     * @param pause after which it may be asked again
     */
    record Failed(CloudException cause, Duration pause) implements Look {}
  }

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public WornAddresses(
      AddressBook book,
      OwnEnis own,
      CloudTasks tasks,
      SharedCache<SlimPod> pods,
      SharedCache<VpcIPClaim> claims,
      LongSupplier nanoTime) {
    this.book = book;
    this.own = own;
    this.tasks = tasks;
    this.pods = pods;
    this.claims = claims;
    this.nanoTime = nanoTime;
    pods.listen(SharedCache.Listener.onDeleted(pod -> forget(pod.getMetadata().getUid())));
  }

  /**
   * Whose an address is, by what is known.
   *
   * @param namespace of the Pod that runs with it
   * @param name of that Pod
   * @param podUid of that Pod
   */
  public Worn of(String namespace, String name, String podUid, Ip ip) {
    var record = book.get(ip);
    if (record.isPresent()) {
      boolean free = isUnheld(record.get()) || isOf(record.get(), namespace, name);
      return new Worn(ip, free ? Worn.Where.OURS : Worn.Where.ELSEWHERE);
    }
    if (book.subnetOf(ip).filter(s -> s.cidr().usable(ip)).isEmpty()) {
      return new Worn(ip, Worn.Where.ELSEWHERE);
    }
    var look = seen.get(podUid);
    if (look == null || !look.ip().equals(ip) || !isBelieved(look)) {
      return new Worn(ip, Worn.Where.UNSURE);
    }
    return look.eniId().isPresent()
        ? new Worn(ip, Worn.Where.OURS, look.eniId())
        : new Worn(ip, Worn.Where.ELSEWHERE);
  }

  private boolean isBelieved(Seen look) {
    var believed = look.eniId().isPresent() ? OURS_BELIEVED : ELSEWHERE_BELIEVED;
    return nanoTime.getAsLong() - look.nanos() < believed.toNanos();
  }

  /** Whether it is on record for no claim: a Pod that uses it has it by right. */
  private static boolean isUnheld(VpcIP vip) {
    return RecordPurpose.isStray(vip) || RecordPurpose.isWarm(vip);
  }

  private static boolean isOf(VpcIP vip, String namespace, String name) {
    var ref = vip.getSpec().claimRef();
    return vip.getSpec().type() == VpcIPType.POD
        && ref != null
        && namespace.equals(ref.namespace())
        && name.equals(ref.name());
  }

  /** Asks the cloud for an address that {@link #of} is not sure of. */
  public Look look(String namespace, String name, String podUid, Ip ip) {
    Look look = drive(namespace, name, podUid, ip);
    // A pass that goes on after the Pod's deletion was heard would leave something for ever.
    if (pods.get(namespace, name)
        .filter(pod -> podUid.equals(pod.getMetadata().getUid()))
        .isEmpty()) {
      forget(podUid);
    }
    return look;
  }

  private void forget(String podUid) {
    seen.remove(podUid);
    tasks.forget(podUid);
  }

  private Look drive(String namespace, String name, String podUid, Ip ip) {
    return tasks.drive(
        new CloudTasks.Task<>(
            new CloudTasks.Key(podUid, "worn/" + ip),
            _ -> own.holding(ip),
            () -> {
              pods.enqueue(namespace, name);
              claims.enqueue(namespace, name);
            }),
        new Look.Asking(),
        eniId -> {
          seen.put(podUid, new Seen(ip, eniId, nanoTime.getAsLong()));
          return new Look.Answered();
        },
        failed -> new Look.Failed(failed.cause(), failed.pause()));
  }
}
