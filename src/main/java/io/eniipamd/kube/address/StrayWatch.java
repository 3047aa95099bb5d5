package io.eniipamd.kube.address;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.People;
import io.eniipamd.kube.support.Watched;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Compares now and then what is on the cluster's ENIs with what is recorded. A stray is a secondary
 * address that no {@code VpcIP} speaks of and no claim names: a request that a former leader had
 * sent, and that took effect after its successor had cleaned up, or something that was done by
 * hand. Nothing else would ever find it, and it takes a slot that the records count as free.
 *
 * <p>A stray gets a record of its own, which names its ENI and no claim. From then on nobody else
 * can be given it, and the ordinary way of a release takes it away, unless a Pod turns out to use
 * it (see {@link AddressSteps}).
 */
public final class StrayWatch {
  private static final Logger LOG = Logger.getLogger(StrayWatch.class);

  /** No more are taken away at a time: should that be a mistake, people can stop it. */
  static final int MOST_AT_A_TIME = 50;

  private static final int UNFOUNDED_SECONDS = 30;

  private final VpcCloud cloud;
  private final Watched<NodeENIConfig> necs;
  private final OwnEnis own;
  private final AddressBook book;
  private final IpRecords records;
  private final People people;
  private final BooleanSupplier release;
  private final Clock clock;

  /** What the last look found. */
  private volatile Set<Stray> seen = Set.of();

  private volatile boolean suspected;
  private volatile Instant lastLook = Instant.EPOCH;

  private record Stray(Ip ip, String eniId) {}

  /** Of whom an ENI is. */
  private record Place(NodeENIConfig nec, String subnetId) {}

  /**
   * @param release whether strays are given back at the moment, or only told of
   */
  public StrayWatch(
      VpcCloud cloud,
      Watched<NodeENIConfig> necs,
      OwnEnis own,
      AddressBook book,
      IpRecords records,
      People people,
      BooleanSupplier release,
      Clock clock) {
    this.cloud = cloud;
    this.necs = necs;
    this.own = own;
    this.book = book;
    this.records = records;
    this.people = people;
    this.release = release;
    this.clock = clock;
  }

  /** An ENI is full though the records say that it has room: something is on it that they miss. */
  public void suspect() {
    suspected = true;
  }

  /**
   * Looks where there is reason to, for a beat of some seconds: a Pod waits. While nothing can be
   * given back it is at most one look in {@value #UNFOUNDED_SECONDS} seconds.
   *
   * @throws CloudException as {@link #look}
   */
  public void lookIfSuspected() {
    var soonest = lastLook.plusSeconds(UNFOUNDED_SECONDS);
    if (!suspected || (!isClearing() && clock.instant().isBefore(soonest))) {
      return;
    }
    suspected = false;
    look();
    if (isClearing()) {
      // What was found for the first time is to be confirmed by the next look.
      suspected = true;
    }
  }

  /** Whether there are strays that the next look will give back. */
  private boolean isClearing() {
    return !seen.isEmpty() && release.getAsBoolean();
  }

  /** How many strays the last look has found. */
  public int strays() {
    return seen.size();
  }

  /**
   * Looks; one request for a hundred ENIs. What was seen by the look before, too, is a stray: a
   * single look may be older than the records.
   *
   * @throws CloudException where the look failed; what was known stays
   */
  public void look() {
    var places = places();
    var before = seen;
    lastLook = clock.instant();
    var now = strays(places.keySet());
    seen = now;
    int taken = 0;
    for (var stray : now) {
      if (before.contains(stray) && taken < MOST_AT_A_TIME) {
        taken++;
        found(stray, places.get(stray.eniId()));
      }
    }
  }

  private Map<String, Place> places() {
    var places = new HashMap<String, Place>();
    necs.all()
        .forEach(
            nec ->
                nec.statusOrEmpty()
                    .eniInfos()
                    .forEach(eni -> places.put(eni.eniId(), new Place(nec, eni.subnetId()))));
    return places;
  }

  private Set<Stray> strays(Set<String> eniIds) {
    var strays = new HashSet<Stray>();
    var ids = new ArrayList<>(eniIds);
    for (int i = 0; i < ids.size(); i += VpcCloud.MAX_IDS_PER_CALL) {
      var some = List.copyOf(ids.subList(i, Math.min(ids.size(), i + VpcCloud.MAX_IDS_PER_CALL)));
      for (var eni : cloud.networkInterfaces(new EniQuery.ByIds(some))) {
        if (own.isOthers(eni)) {
          continue;
        }
        eni.addresses().stream()
            .filter(address -> !address.primary())
            .map(Address::ip)
            .filter(book::isUnknown)
            .forEach(ip -> strays.add(new Stray(ip, eni.id())));
      }
    }
    return strays;
  }

  private void found(Stray stray, Place place) {
    var node = place.nec().getMetadata().getName();
    if (!release.getAsBoolean()) {
      people.warn(
          place.nec(),
          "StrayAddress",
          "%s is on ENI %s, but no VpcIP and no claim has it; it stays, because releases are paused or release-stray-addresses is off"
              .formatted(stray.ip(), stray.eniId()));
      return;
    }
    try {
      records
          .takeStray(stray.ip(), place.subnetId(), stray.eniId(), node)
          .ifPresent(
              vip ->
                  people.warn(
                      place.nec(),
                      "StrayAddress",
                      "%s is on ENI %s, but no VpcIP and no claim has it; it is given back unless a Pod uses it"
                          .formatted(stray.ip(), stray.eniId())));
    } catch (KubernetesClientException e) {
      // The next look finds it again.
      LOG.warnf("stray address %s could not be recorded: %s", stray.ip(), e.getMessage());
    }
  }
}
