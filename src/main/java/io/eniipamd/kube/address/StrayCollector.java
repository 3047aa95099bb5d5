package io.eniipamd.kube.address;

import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Compares now and then what is on the cluster's ENIs with what is recorded, in both directions.
 *
 * <p>An ENI that is gone, or on another instance than its node's, is used for no Pod any more (see
 * {@link OwnEnis}). An address that its record says is on an ENI and that is not there is put back
 * before a Pod can be bound to it.
 *
 * <p>A stray is a secondary address that no {@code VpcIP} speaks of and no claim names: a request
 * that a former leader had sent, and that took effect after its successor had cleaned up, or
 * something that was done by hand. Nothing else would ever find it, and it takes a slot that the
 * records count as free.
 *
 * <p>A stray gets a record of its own, which names its ENI and no claim. From then on no claim can
 * get it, and it is released in the usual way, unless a Pod turns out to use it (see {@link
 * AddressSteps}).
 */
@Singleton
public final class StrayCollector {
  private static final Logger LOG = Logger.getLogger(StrayCollector.class);

  /** No more are released at a time: if that is a mistake, a user can stop it. */
  static final int MOST_AT_A_TIME = 50;

  private static final int UNFOUNDED_SECONDS = 30;

  private static final Set<VpcIPPhase> ON_ENI = Set.of(VpcIPPhase.ASSIGNED, VpcIPPhase.AVAILABLE);

  private final VpcCloud cloud;
  private final SharedCache<NodeENIConfig> necs;
  private final OwnEnis own;
  private final AddressBook book;
  private final VpcIpStore records;
  private final EventRecorder events;
  private final AddressSettings settings;
  private final ReleaseHold releases;
  private final Clock clock;

  /** What the last read of each ENI found, by the ENI. */
  private final Map<String, Findings> seen = new ConcurrentHashMap<>();

  /** ENIs that are read again before the next read of all. */
  private final Set<String> suspected = ConcurrentHashMap.newKeySet();

  /** When suspected ENIs were read last, and when all were. */
  private final Map<String, Instant> lookedAt = new ConcurrentHashMap<>();

  private volatile BiConsumer<NodeENIConfig, NetworkInterface> onSeen = (_, _) -> {};
  private volatile Instant lastLook = Instant.EPOCH;

  private record Stray(Ip ip, String eniId) {}

  /**
   * What does not fit.
   *
   * @param strays addresses that no record has
   * @param missing records whose address is not there, to the version that was compared
   */
  private record Findings(
      Set<Stray> strays, Map<Ip, String> missing, boolean gone, boolean detached) {
    static final Findings NONE = new Findings(Set.of(), Map.of(), false, false);

    boolean isEmpty() {
      return equals(NONE);
    }

    boolean losses() {
      return gone || detached || !missing.isEmpty();
    }
  }

  /**
   * Of whom an ENI is.
   *
   * @param leaving whether its node gives it back: that it goes is no loss
   */
  private record Place(NodeENIConfig nec, String subnetId, boolean leaving) {}

  public StrayCollector(
      VpcCloud cloud,
      SharedCache<NodeENIConfig> necs,
      OwnEnis own,
      AddressBook book,
      VpcIpStore records,
      EventRecorder events,
      AddressSettings settings,
      ReleaseHold releases,
      Clock clock) {
    this.cloud = cloud;
    this.necs = necs;
    this.own = own;
    this.book = book;
    this.records = records;
    this.events = events;
    this.settings = settings;
    this.releases = releases;
    this.clock = clock;
  }

  /** Who is told of each ENI that a read has shown, with the record that lists it. */
  public void onSeen(BiConsumer<NodeENIConfig, NetworkInterface> listener) {
    onSeen = listener;
  }

  /**
   * An ENI is read soon: it is full though the records say that it has room, so that something is
   * on it that they miss; or it was not read before.
   */
  public void suspect(String eniId) {
    suspected.add(eniId);
  }

  /**
   * Reads the ENIs that are suspected, every few seconds: a Pod waits. While nothing can be
   * released it reads an ENI at most once in {@value #UNFOUNDED_SECONDS} seconds.
   *
   * @throws CloudException as {@link #look}
   */
  public void lookIfSuspected() {
    var due = suspected.stream().filter(this::isDue).collect(Collectors.toSet());
    if (due.isEmpty()) {
      return;
    }
    suspected.removeAll(due);
    var now = clock.instant();
    due.forEach(eniId -> lookedAt.put(eniId, now));
    look(due);
  }

  private boolean isDue(String eniId) {
    var last = lookedAt.getOrDefault(eniId, lastLook);
    return isClearing(eniId) || !clock.instant().isBefore(last.plusSeconds(UNFOUNDED_SECONDS));
  }

  /** Whether the next read releases, or reports, what the last one has found. */
  private boolean isClearing(String eniId) {
    var found = seen.getOrDefault(eniId, Findings.NONE);
    return found.losses() || (!found.strays().isEmpty() && releasesNow());
  }

  /** Whether strays are released at the moment, or only reported. */
  private boolean releasesNow() {
    return settings.releaseStrays() && releases.open();
  }

  /** How many strays the last look has found. */
  public int strays() {
    return seen.values().stream().mapToInt(found -> found.strays().size()).sum();
  }

  /**
   * Reads all ENIs; one request for a hundred. What was seen by the look before, too, is so: a
   * single look may be older than the records.
   *
   * @throws CloudException where the look failed; what was known stays
   */
  public void look() {
    var places = places(necs.all());
    lastLook = clock.instant();
    lookedAt.clear();
    seen.keySet().retainAll(places.keySet());
    compare(places);
  }

  private void look(Set<String> eniIds) {
    var places = places(eniIds.stream().flatMap(eniId -> recordOf(eniId).stream()).distinct());
    places.keySet().retainAll(eniIds);
    compare(places);
  }

  private Optional<NodeENIConfig> recordOf(String eniId) {
    return own.nodeListing(eniId).flatMap(necs::get);
  }

  private void compare(Map<String, Place> places) {
    int taken = 0;
    for (var one : compared(places).entrySet()) {
      var eniId = one.getKey();
      var place = places.get(eniId);
      var now = one.getValue();
      var before = seen.getOrDefault(eniId, Findings.NONE);
      if (now.isEmpty()) {
        seen.remove(eniId);
      } else {
        seen.put(eniId, now);
      }
      for (var stray : now.strays()) {
        if (before.strays().contains(stray) && taken < MOST_AT_A_TIME) {
          taken++;
          found(stray, place);
        }
      }
      lost(eniId, place, before, now);
      if (!now.isEmpty() && !now.equals(before) && isClearing(eniId)) {
        // What was found for the first time is to be confirmed by the next look.
        suspected.add(eniId);
      }
    }
  }

  private static Map<String, Place> places(Stream<NodeENIConfig> records) {
    var places = new HashMap<String, Place>();
    records.forEach(
        nec ->
            nec.statusOrEmpty()
                .eniInfos()
                .forEach(
                    eni ->
                        places.put(
                            eni.eniId(),
                            new Place(nec, eni.subnetId(), eni.phase() == EniPhase.DETACHING))));
    return places;
  }

  private Map<String, Findings> compared(Map<String, Place> places) {
    var all = new HashMap<String, Findings>();
    var ids = new ArrayList<>(places.keySet());
    for (int i = 0; i < ids.size(); i += VpcCloud.MAX_IDS_PER_CALL) {
      var some = List.copyOf(ids.subList(i, Math.min(ids.size(), i + VpcCloud.MAX_IDS_PER_CALL)));
      // Before the look: what is recorded after it may be newer than what it shows.
      var expected = some.stream().collect(Collectors.toMap(id -> id, this::expected));
      var there = cloud.networkInterfaces(new EniQuery.ByIds(some));
      for (var id : some) {
        // What cannot be read is not gone: of that one, what was known stays.
        if (!there.unclear().containsKey(id)) {
          all.put(id, compared(there.find(id), places.get(id), expected.get(id)));
        }
      }
    }
    return all;
  }

  private Findings compared(
      Optional<NetworkInterface> there, Place place, Map<Ip, String> expected) {
    if (there.isEmpty()) {
      return place.leaving() ? Findings.NONE : new Findings(Set.of(), Map.of(), true, false);
    }
    var eni = there.get();
    if (own.isOthers(eni)) {
      return Findings.NONE;
    }
    onSeen.accept(place.nec(), eni);
    var strays =
        eni.addresses().stream()
            .filter(address -> !address.primary())
            .map(Address::ip)
            .filter(book::isUnknown)
            .map(ip -> new Stray(ip, eni.id()))
            .collect(Collectors.toSet());
    var missing = new HashMap<>(expected);
    eni.addresses().forEach(address -> missing.remove(address.ip()));
    return new Findings(strays, Map.copyOf(missing), false, isElsewhere(eni, place));
  }

  /** On no instance, or on another than its node's; one that is on its way is left out. */
  private static boolean isElsewhere(NetworkInterface eni, Place place) {
    var instance = place.nec().getSpec().instanceId();
    return instance != null
        && !place.leaving()
        && eni.state() == NetworkInterface.State.AVAILABLE
        && eni.instanceId().filter(instance::equals).isEmpty();
  }

  /**
   * The ENI that an address is on by the cloud's confirmation, where its record wants it to stay
   * there.
   */
  public static Optional<String> placeOf(VpcIP vip) {
    var spec = vip.getSpec();
    return Optional.ofNullable(vip.statusOrEmpty().eniId())
        .filter(_ -> ON_ENI.contains(vip.statusOrEmpty().phase()))
        .filter(eniId -> spec.type() == VpcIPType.ENI || eniId.equals(spec.eniId()));
  }

  /** The addresses that are on the ENI by their records, to the records' versions. */
  private Map<Ip, String> expected(String eniId) {
    return book.onEni(eniId).stream()
        .filter(vip -> vip.getSpec().type() == VpcIPType.POD)
        .filter(vip -> vip.unreadable().isEmpty())
        .filter(vip -> placeOf(vip).filter(eniId::equals).isPresent())
        .collect(Collectors.toMap(vip -> vip.ip(), vip -> vip.getMetadata().getResourceVersion()));
  }

  /** What two reads have missed: the ENI is used no more, an address is put back. */
  private void lost(String eniId, Place place, Findings before, Findings now) {
    if (now.gone() && before.gone()) {
      own.gone(eniId);
      events.warn(
          place.nec(),
          NodeReason.ENI_GONE,
          "ENI %s does not exist any more; the operator puts no Pod on it".formatted(eniId));
    } else if (now.detached() && before.detached()) {
      own.detached(eniId);
      events.warn(
          place.nec(),
          NodeReason.ENI_DETACHED,
          "ENI %s is not attached to instance %s; the operator puts no Pod on it until it is"
              .formatted(eniId, place.nec().getSpec().instanceId()));
    } else if (!now.gone() && !now.detached() && !place.leaving()) {
      own.inPlace(eniId);
    }
    now.missing()
        .forEach(
            (ip, version) -> {
              if (version.equals(before.missing().get(ip))) {
                book.get(ip)
                    .filter(vip -> vip.getMetadata().getResourceVersion().equals(version))
                    .ifPresent(vip -> missed(vip, eniId));
              }
            });
  }

  /** From here on it is on its way to where its record wants it; what is in its way is reported. */
  private void missed(VpcIP vip, String eniId) {
    var message =
        "another user of the VPC took %s off ENI %s; the operator puts it back"
            .formatted(vip.getMetadata().getName(), eniId);
    try {
      records.lost(vip, message);
      events.warn(vip, AddressReason.ADDRESS_MISSING, message);
    } catch (KubernetesClientException e) {
      // The next look finds it again.
      LOG.warnf("cannot record %s: %s", message, e.getMessage());
    }
  }

  private void found(Stray stray, Place place) {
    var node = place.nec().getMetadata().getName();
    if (!releasesNow()) {
      events.warn(
          place.nec(),
          AddressReason.STRAY_ADDRESS,
          "%s is on ENI %s, but no VpcIP and no claim has it; it stays, because releases are paused or release-stray-addresses is off"
              .formatted(stray.ip(), stray.eniId()));
      return;
    }
    try {
      records
          .takeStray(stray.ip(), place.subnetId(), stray.eniId(), node)
          .ifPresent(
              _ ->
                  events.warn(
                      place.nec(),
                      AddressReason.STRAY_ADDRESS,
                      "%s is on ENI %s, but no VpcIP and no claim has it; the operator releases it unless a Pod uses it"
                          .formatted(stray.ip(), stray.eniId())));
    } catch (KubernetesClientException e) {
      // The next look finds it again.
      LOG.warnf("cannot record stray address %s: %s", stray.ip(), e.getMessage());
    }
  }
}
