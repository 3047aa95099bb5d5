package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.claim.LostPlace;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Where the ENIs are on which Pods are bound whose node runs on another machine by now. The cloud
 * is asked once an ENI and not once a Pod; that an ENI is on no machine is believed when two reads
 * agree, because a single one may be stale.
 */
@Singleton
public final class EniPlaces {
  /** Any user of the account may change what was seen. */
  private static final Duration BELIEVED = Duration.ofSeconds(30);

  /** The ENI of a machine that is left running may stay where it is for days. */
  private static final Duration BELIEVED_AT_MOST = Duration.ofMinutes(10);

  /** Two reads that are closer to each other may be stale in the same way. */
  private static final Duration APART = Duration.ofSeconds(3);

  private final AddressBook book;
  private final OwnEnis own;
  private final CloudTasks tasks;
  private final SharedCache<VpcIPClaim> claims;
  private final LongSupplier nanoTime;

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * What a read has shown.
   *
   * @param settled whether nothing is going on with the ENI
   * @param on the instance that has it
   * @param looks how many reads in a row have shown it there
   * @param nanos when it was
   */
  private record Seen(boolean settled, Optional<String> on, int looks, long nanos) {}

  /** The state of a question to the cloud. */
  public sealed interface Look {
    /** It is under way; the claims whose addresses are on the ENI are enqueued. */
    record Asking() implements Look {}

    /**
     * It can be asked again after a while.
     *
     * @param pause how long
     */
    record Later(Duration pause) implements Look {}
  }

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public EniPlaces(
      AddressBook book,
      OwnEnis own,
      CloudTasks tasks,
      SharedCache<VpcIPClaim> claims,
      LongSupplier nanoTime) {
    this.book = book;
    this.own = own;
    this.tasks = tasks;
    this.claims = claims;
    this.nanoTime = nanoTime;
  }

  /**
   * Where an ENI is that the node's record does not list, by what is known; empty where that is the
   * node's machine, so that its record is about to list it.
   *
   * @param machine the instance that the node runs on
   */
  public Optional<LostPlace> of(String eniId, String machine) {
    var look = Optional.ofNullable(seen.get(eniId)).filter(this::isBelieved);
    var on = look.flatMap(Seen::on);
    if (look.filter(Seen::settled).isEmpty()) {
      return Optional.of(new LostPlace(eniId, LostPlace.Where.UNSURE, on, machine));
    }
    if (on.isPresent()) {
      return on.filter(instance -> !instance.equals(machine))
          .map(_ -> new LostPlace(eniId, LostPlace.Where.ELSEWHERE, on, machine));
    }
    var where = look.get().looks() > 1 ? LostPlace.Where.NOWHERE : LostPlace.Where.UNSURE;
    return Optional.of(new LostPlace(eniId, where, on, machine));
  }

  /** One that is on an instance is read less and less often; one on none is about to move. */
  private boolean isBelieved(Seen one) {
    var until = BELIEVED;
    if (one.on().isPresent()) {
      for (int i = 1; i < one.looks() && until.compareTo(BELIEVED_AT_MOST) < 0; i++) {
        until = until.multipliedBy(2);
      }
    }
    return age(one).compareTo(until.compareTo(BELIEVED_AT_MOST) < 0 ? until : BELIEVED_AT_MOST) < 0;
  }

  private Duration age(Seen one) {
    return Duration.ofNanos(nanoTime.getAsLong() - one.nanos());
  }

  /** Asks the cloud where an ENI is that {@link #of} is not sure of. */
  public Look look(String eniId) {
    var last = Optional.ofNullable(seen.get(eniId)).map(this::age).map(APART::minus);
    if (last.filter(Duration::isPositive).isPresent()) {
      return new Look.Later(last.get());
    }
    return tasks.drive(
        new CloudTasks.Task<>(
            new CloudTasks.Key(eniId, "place"),
            _ -> own.find(eniId).thenAccept(found -> note(eniId, found)),
            () -> enqueue(eniId)),
        new Look.Asking(),
        // What it has shown is not believed any more.
        _ -> look(eniId),
        failed -> new Look.Later(failed.pause()));
  }

  private void note(String eniId, Optional<NetworkInterface> found) {
    seen.values().removeIf(one -> age(one).compareTo(BELIEVED_AT_MOST.multipliedBy(2)) > 0);
    var on = found.flatMap(NetworkInterface::instanceId);
    boolean settled =
        found.map(NetworkInterface::state).orElse(NetworkInterface.State.AVAILABLE)
            == NetworkInterface.State.AVAILABLE;
    long now = nanoTime.getAsLong();
    seen.compute(
        eniId,
        (_, before) -> {
          boolean again =
              before != null
                  && before.on().equals(on)
                  // What was so long ago says nothing of whether this look lags behind.
                  && (on.isPresent() || age(before).compareTo(BELIEVED.multipliedBy(2)) < 0);
          int looks = again ? before.looks() : 0;
          return new Seen(settled, on, settled ? looks + 1 : 0, now);
        });
  }

  private void enqueue(String eniId) {
    book.onEni(eniId).stream()
        .map(vip -> vip.getSpec().claimRef())
        .filter(ref -> ref != null)
        .forEach(ref -> claims.enqueue(ref.namespace(), ref.name()));
  }
}
