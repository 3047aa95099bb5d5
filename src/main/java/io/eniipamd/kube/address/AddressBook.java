package io.eniipamd.kube.address;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.FreeAddresses;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.domain.node.SubnetQuotas;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every {@code VpcIP} there is, and what was just done to them: the newest of what the informer has
 * seen and what this process has written. Free is an address that is in the subnet, has no {@code
 * VpcIP}, stands in no claim's status, is no ENI's primary one by any {@code NodeENIConfig}, was
 * not seen in foreign use, and is not being taken at this moment.
 *
 * <p>The book only makes a good guess; the API server is the arbiter, by refusing a second {@code
 * VpcIP} of a name.
 */
@Singleton
public final class AddressBook implements SharedCache.Listener<VpcIP> {

  /** Another user may free its address: after this it is tried again. */
  private static final Duration FOREIGN_FOR = Duration.ofMinutes(10);

  /** No answer to a write comes later than this after what became of the write. */
  private static final Duration GONE_FOR = Duration.ofMinutes(10);

  private final Clock clock;
  private final SubnetCounts counts = new SubnetCounts();

  @GuardedBy("this")
  private final IndexedRecords entries = new IndexedRecords();

  /** Addresses that are being taken: picked, their object not yet created. */
  @GuardedBy("this")
  private final Map<Ip, String> picked = new HashMap<>();

  /** Slots of ENIs that addresses are about to take: the address to the ENI. */
  @GuardedBy("this")
  private final Map<Ip, String> slots = new HashMap<>();

  /** Addresses in claims' statuses, by the claims' UIDs. */
  @GuardedBy("this")
  private final StatusAddresses inClaims = new StatusAddresses();

  /**
   * The primary addresses of the ENIs in the statuses of {@code NodeENIConfig}s, by their names.
   */
  @GuardedBy("this")
  private final StatusAddresses ofEnis = new StatusAddresses();

  @GuardedBy("this")
  private final ForeignAddresses foreign = new ForeignAddresses();

  private final List<Consumer<Subnet>> collisionListeners = new CopyOnWriteArrayList<>();

  @GuardedBy("this")
  private final Map<String, FreeAddresses> pools = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Subnet> subnets = new HashMap<>();

  @GuardedBy("this")
  private SubnetQuotas quotas = SubnetQuotas.NONE;

  /** The version of the store at which all was listed last. */
  @GuardedBy("this")
  private BigInteger listedAt = BigInteger.ZERO;

  /** The UIDs of records that are gone, the longest gone first, and when each was seen to be. */
  @GuardedBy("this")
  private final LinkedHashMap<String, Instant> gone = new LinkedHashMap<>();

  public AddressBook(Clock clock) {
    this.clock = clock;
  }

  /** Notes a newer state of a {@code VpcIP}; an older one than is known changes nothing. */
  @Override
  public synchronized void changed(VpcIP vip) {
    var ip = vip.ip();
    var known = entries.get(ip).orElse(null);
    if (known != null && version(known).compareTo(version(vip)) > 0) {
      return;
    }
    if (known == null && version(vip).compareTo(listedAt) <= 0) {
      // A cache that lags behind the list shows what was gone by then.
      return;
    }
    if (gone.containsKey(vip.getMetadata().getUid())) {
      // The answer to a write that was overtaken by the news of the deletion.
      return;
    }
    entries.put(ip, vip);
    counts.changed(ip, vip);
    picked.remove(ip);
    slots.remove(ip);
    pool(vip.getSpec() == null ? null : vip.getSpec().subnetId()).ifPresent(p -> p.take(ip));
  }

  /** Notes that a {@code VpcIP} is gone; a new object of the same name stays. */
  @Override
  public synchronized void deleted(VpcIP vip) {
    var ip = vip.ip();
    noteGone(vip.getMetadata().getUid());
    var known = entries.get(ip);
    if (known.filter(k -> k.getMetadata().getUid().equals(vip.getMetadata().getUid())).isEmpty()) {
      return;
    }
    entries.remove(ip);
    counts.deleted(ip);
    freeUnlessKnown(ip);
  }

  private synchronized void noteGone(String uid) {
    var now = clock.instant();
    gone.putLast(uid, now);
    while (gone.firstEntry().getValue().isBefore(now.minus(GONE_FOR))) {
      gone.pollFirstEntry();
    }
  }

  /**
   * What the API server listed just now is all there was: for a new leader, before it allocates.
   * What was seen of later than the list stays; the watch may be ahead of its answer.
   *
   * @param listVersion the version of the list as a whole
   */
  public synchronized void replaceBy(Collection<VpcIP> listed, String listVersion) {
    var names = new HashSet<Ip>();
    var asOf = new BigInteger(listVersion);
    listedAt = BigInteger.ZERO;
    listed.forEach(
        vip -> {
          names.add(vip.ip());
          changed(vip);
        });
    for (var ip : List.copyOf(entries.addresses())) {
      var known = entries.get(ip).orElseThrow();
      if (!names.contains(ip) && version(known).compareTo(asOf) <= 0) {
        deleted(known);
      }
    }
    listedAt = asOf;
  }

  /** Keeps addresses in claims' statuses from being given to others. */
  public SharedCache.Listener<VpcIPClaim> claims() {
    return new SharedCache.Listener<>() {
      @Override
      public void changed(VpcIPClaim claim) {
        counts.changed(claim);
        noteClaim(claim.getMetadata().getUid(), claim.statusOrEmpty().address());
      }

      @Override
      public void deleted(VpcIPClaim claim) {
        counts.deleted(claim);
        noteClaim(claim.getMetadata().getUid(), null);
      }
    };
  }

  private synchronized void noteClaim(String uid, String address) {
    note(
        inClaims, uid, address == null || address.isEmpty() ? Set.of() : Set.of(Ip.parse(address)));
  }

  /**
   * Keeps the primary addresses of ENIs from being given to others: one whose {@code VpcIP} was
   * torn away is on its ENI all the same.
   */
  public SharedCache.Listener<NodeENIConfig> nodes() {
    return new SharedCache.Listener<>() {
      @Override
      public void changed(NodeENIConfig nec) {
        noteEnis(
            nec.getMetadata().getName(),
            nec.statusOrEmpty().eniInfos().stream()
                .map(eni -> Ip.parse(eni.primaryIP()))
                .collect(Collectors.toSet()));
      }

      @Override
      public void deleted(NodeENIConfig nec) {
        noteEnis(nec.getMetadata().getName(), Set.of());
      }
    };
  }

  private synchronized void noteEnis(String node, Set<Ip> primary) {
    note(ofEnis, node, primary);
  }

  private synchronized void note(StatusAddresses named, String holder, Set<Ip> now) {
    named.note(holder, now).forEach(this::freeUnlessKnown);
    now.forEach(ip -> pools.values().forEach(p -> p.take(ip)));
  }

  /** The node whose {@code NodeENIConfig} lists an ENI with this primary address. */
  public synchronized Optional<String> nodeOfPrimary(Ip ip) {
    return ofEnis.holder(ip);
  }

  /** Sets the subnets that addresses may come from; those that went away keep their addresses. */
  public synchronized void subnets(Collection<Subnet> current) {
    for (var subnet : current) {
      var before = subnets.put(subnet.id(), subnet);
      if (before == null || !before.cidr().equals(subnet.cidr())) {
        var pool = new FreeAddresses(subnet.cidr());
        entries.addresses().forEach(pool::take);
        inClaims.all().forEach(pool::take);
        ofEnis.all().forEach(pool::take);
        picked.keySet().forEach(pool::take);
        foreign.all().forEach(pool::take);
        pools.put(subnet.id(), pool);
      }
    }
  }

  /** How many addresses are held, by subnet and by what; without a look at each of them. */
  public SubnetCounts counts() {
    return counts;
  }

  /** The subnet of that id as the cloud last described it. */
  public synchronized Optional<Subnet> subnet(String subnetId) {
    return Optional.ofNullable(subnetId).map(subnets::get);
  }

  /** The subnet in whose range the address lies. */
  public synchronized Optional<Subnet> subnetOf(Ip ip) {
    return subnets.values().stream().filter(s -> s.cidr().contains(ip)).findFirst();
  }

  /** Sets how many addresses this cluster may take; what it has beyond that stays. */
  public synchronized void quotas(SubnetQuotas now) {
    quotas = now;
  }

  /**
   * The quota of a subnet and its use; empty where it has none, or the cloud has not described it.
   */
  public synchronized Optional<SubnetQuotaUse> quota(String subnetId) {
    var subnet = subnets.get(subnetId);
    return subnet == null
        ? Optional.empty()
        : quotas
            .of(subnetId, subnet.totalAddresses())
            .map(most -> counts.use(subnetId, most, coming(subnet)));
  }

  /** Addresses that are picked and have no record; few, because each is about to get one. */
  private synchronized long coming(Subnet subnet) {
    long coming = 0;
    for (var ip : picked.keySet()) {
      if (subnet.cidr().contains(ip) && !entries.contains(ip)) {
        coming++;
      }
    }
    return coming;
  }

  /** Whether this cluster may take no further address of a subnet. */
  public boolean isQuotaMet(String subnetId) {
    return quota(subnetId).filter(SubnetQuotaUse::isMet).isPresent();
  }

  /** How many addresses of a subnet are free by this book, and within its quota. */
  public synchronized long free(String subnetId) {
    long unused = unused(subnetId);
    return quota(subnetId).map(use -> Math.min(unused, use.left())).orElse(unused);
  }

  private synchronized long unused(String subnetId) {
    forgetOldForeign();
    return pool(subnetId).map(FreeAddresses::count).orElse(0L);
  }

  /**
   * Whether no address of a subnet is left by this book, or none within its quota. Of a subnet that
   * was not looked at yet nothing is said.
   */
  public synchronized boolean isFull(String subnetId) {
    return subnets.containsKey(subnetId) && free(subnetId) == 0;
  }

  /**
   * Of subnets that are full, of which others have some addresses, it is asked whether they have
   * given one back, as it is when nothing can be picked: a subnet that is full is picked from no
   * more.
   */
  public void askWhereFull() {
    fullByOthers().forEach(this::collided);
  }

  private synchronized List<Subnet> fullByOthers() {
    return subnets.values().stream()
        .filter(s -> isUsedByOthers(s.id()) && unused(s.id()) == 0)
        .toList();
  }

  /**
   * Picks a free address and keeps it from others until its {@code VpcIP} is seen or {@link
   * #putBack} is called.
   *
   * @param byWhom the UID of the claim or node that it is for
   */
  public Optional<Ip> pick(String subnetId, String byWhom) {
    var ip = pickFrom(subnetId, byWhom);
    if (ip.isEmpty() && !isQuotaMet(subnetId)) {
      // Perhaps a user has released an address since the cloud was asked.
      subnet(subnetId).filter(s -> isUsedByOthers(s.id())).ifPresent(this::collided);
    }
    return ip;
  }

  private synchronized Optional<Ip> pickFrom(String subnetId, String byWhom) {
    if (isQuotaMet(subnetId)) {
      return Optional.empty();
    }
    forgetOldForeign();
    var ip = pool(subnetId).flatMap(p -> p.takeNext(this::nobodys));
    ip.ifPresent(i -> picked.put(i, byWhom));
    return ip;
  }

  private synchronized boolean isUsedByOthers(String subnetId) {
    return foreign.isListed(subnetId);
  }

  /**
   * Picks this very address, if it is free and within the quota of its subnet, or stands in the
   * status of the claim that asks.
   */
  public synchronized boolean pick(Ip ip, String byWhom) {
    forgetOldForeign();
    if (isOverQuota(ip)
        || entries.contains(ip)
        || ofEnis.contains(ip)
        || (picked.containsKey(ip) && !picked.get(ip).equals(byWhom))
        || inClaims.holder(ip).filter(uid -> !uid.equals(byWhom)).isPresent()) {
      return false;
    }
    picked.put(ip, byWhom);
    pools.values().forEach(p -> p.take(ip));
    return true;
  }

  private synchronized boolean isOverQuota(Ip ip) {
    return !inClaims.contains(ip)
        && !picked.containsKey(ip)
        && subnetOf(ip).filter(subnet -> isQuotaMet(subnet.id())).isPresent();
  }

  /**
   * Keeps a slot of an ENI for an address until a newer state of its {@code VpcIP} is seen or
   * {@link #putBack} is called.
   *
   * @param capacity how many Pod addresses the ENI has room for
   * @return whether there was one
   */
  public synchronized boolean keepSlot(String eniId, int capacity, Ip ip) {
    if (used(eniId) >= capacity) {
      return false;
    }
    slots.put(ip, eniId);
    return true;
  }

  /** Undoes a pick whose object was not created. */
  public synchronized void putBack(Ip ip) {
    slots.remove(ip);
    if (picked.remove(ip) != null) {
      freeUnlessKnown(ip);
    }
  }

  /** Notes that a user outside this cluster has the address. */
  public void markForeign(Ip ip) {
    note(ip);
    subnetOf(ip).ifPresent(this::collided);
  }

  private synchronized void note(Ip ip) {
    foreign.refused(ip, clock.instant().plus(FOREIGN_FOR));
    pools.values().forEach(p -> p.take(ip));
  }

  /** Hears of a subnet in which an address turned out to belong to another user. */
  void onCollision(Consumer<Subnet> listener) {
    collisionListeners.add(listener);
  }

  /**
   * The cloud has no address left in the subnet, though this book has: it is asked who has them, as
   * where an address turns out to belong to another user.
   */
  public void doubt(String subnetId) {
    subnet(subnetId).ifPresent(this::collided);
  }

  private void collided(Subnet subnet) {
    collisionListeners.forEach(listener -> listener.accept(subnet));
  }

  /**
   * Notes which addresses of a subnet are in use by the cloud's list, in place of an earlier list.
   * Choices leave them out; a request for one of them by its name is still tried.
   *
   * @param addresses those of them that may be others'
   */
  synchronized void noteUsed(Subnet subnet, Set<Ip> addresses) {
    var others = addresses.stream().filter(this::isUnknown).collect(Collectors.toSet());
    var before = foreign.list(subnet.id(), others, clock.instant().plus(FOREIGN_FOR));
    others.forEach(ip -> pools.values().forEach(p -> p.take(ip)));
    before.forEach(this::freeUnlessKnown);
  }

  /** The addresses of a range that are not unknown. */
  synchronized Set<Ip> knownIn(Cidr range) {
    return Stream.of(entries.addresses(), inClaims.all(), ofEnis.all(), picked.keySet())
        .flatMap(Set::stream)
        .filter(range::contains)
        .collect(Collectors.toSet());
  }

  /** Whether a user outside this cluster was seen to have the address. */
  public synchronized boolean isForeign(Ip ip) {
    forgetOldForeign();
    return foreign.wasRefused(ip);
  }

  /**
   * Whether the address has no record, stands in the status of no claim and of no node's ENI, and
   * is not being taken at this moment.
   */
  public synchronized boolean isUnknown(Ip ip) {
    return !entries.contains(ip)
        && !inClaims.contains(ip)
        && !ofEnis.contains(ip)
        && !picked.containsKey(ip);
  }

  public synchronized Optional<VpcIP> get(Ip ip) {
    return entries.get(ip);
  }

  /** The addresses that a claim holds, the oldest first; more than one is a surplus. */
  public synchronized List<VpcIP> heldBy(String claimUid) {
    return entries.ofClaim(claimUid).stream()
        .sorted(
            // Versions change with each write: of two that are of one second, the name decides, for
            // every leader alike.
            Comparator.comparing((VpcIP v) -> v.getMetadata().getCreationTimestamp())
                .thenComparing(v -> v.getMetadata().getName()))
        .toList();
  }

  /** The same, those on their way out left aside. */
  public List<VpcIP> livingOf(String claimUid) {
    return heldBy(claimUid).stream()
        .filter(
            v ->
                switch (v.statusOrEmpty().phase()) {
                  case ATTACHING, ASSIGNED, AVAILABLE, HELD, UNKNOWN -> true;
                  case RELEASING, QUARANTINED -> false;
                })
        .toList();
  }

  /** The addresses of claims of this name, whatever their UIDs. */
  public synchronized List<VpcIP> ofClaimNamed(String namespace, String name) {
    return entries.ofClaimNamed(namespace, name);
  }

  /**
   * An address that the expiry released from a claim of this name and that is still in quarantine.
   */
  public synchronized Optional<VpcIP> quarantinedOf(String namespace, String name) {
    return ofClaimNamed(namespace, name).stream()
        .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.QUARANTINED)
        .filter(v -> v.statusOrEmpty().releaseReason() == ReleaseReason.EXPIRED)
        .filter(v -> v.getMetadata().getDeletionTimestamp() == null)
        .filter(v -> v.unreadable().isEmpty())
        .findFirst();
  }

  /** The {@code VpcIP}s that name an ENI, or that the cloud last confirmed on it. */
  public synchronized List<VpcIP> onEni(String eniId) {
    return entries.onEni(eniId);
  }

  /** The {@code VpcIP}s that name a node. */
  public synchronized List<VpcIP> onNode(String nodeName) {
    return entries.onNode(nodeName);
  }

  /** How many of an ENI's slots are used: every Pod address that is, will be or was just on it. */
  public synchronized int used(String eniId) {
    int used = 0;
    for (var vip : entries.onEni(eniId)) {
      if (occupies(vip)) {
        used++;
      }
    }
    for (var coming : slots.entrySet()) {
      if (coming.getValue().equals(eniId) && !entries.isOnEni(coming.getKey(), eniId)) {
        used++;
      }
    }
    return used;
  }

  /**
   * Those that are kept ready on an ENI, or on their way there, and that no claim is taking at this
   * moment; the oldest first.
   */
  public synchronized List<VpcIP> warmOn(String eniId) {
    return notPicked(entries.warmOn(eniId));
  }

  /** Those of a subnet that are kept ready on whichever ENI and that no claim is taking. */
  public synchronized List<VpcIP> warmIn(String subnetId) {
    return notPicked(
        entries.warm().stream().filter(v -> subnetId.equals(v.getSpec().subnetId())).toList());
  }

  private synchronized List<VpcIP> notPicked(List<VpcIP> vips) {
    var free = new ArrayList<VpcIP>();
    for (var vip : vips) {
      if (!picked.containsKey(vip.ip())) {
        free.add(vip);
      }
    }
    return free;
  }

  /**
   * Picks a warm address and keeps it from others until a newer state of its {@code VpcIP} is seen
   * or {@link #putBack} is called.
   *
   * @return its record; empty where it is warm no more, or is being taken
   */
  public synchronized Optional<VpcIP> pickWarm(Ip ip, String byWhom) {
    var warm = entries.get(ip).filter(RecordPurpose::isWarm);
    if (picked.containsKey(ip)) {
      return Optional.empty();
    }
    if (warm.isPresent()) {
      picked.put(ip, byWhom);
    }
    return warm;
  }

  /** Those that are kept for their claims on no ENI. */
  public synchronized List<VpcIP> heldOnNone() {
    return entries.heldOnNone();
  }

  private static boolean occupies(VpcIP vip) {
    return vip.getSpec().type() == VpcIPType.POD
        && vip.statusOrEmpty().phase() != VpcIPPhase.QUARANTINED;
  }

  private synchronized void freeUnlessKnown(Ip ip) {
    if (!entries.contains(ip) && nobodys(ip)) {
      pools.values().forEach(p -> p.free(ip));
    }
  }

  private synchronized boolean nobodys(Ip ip) {
    return isUnknown(ip) && !foreign.contains(ip);
  }

  private synchronized void forgetOldForeign() {
    foreign.forgetOld(clock.instant()).forEach(this::freeUnlessKnown);
  }

  private synchronized Optional<FreeAddresses> pool(String subnetId) {
    return Optional.ofNullable(subnetId).map(pools::get);
  }

  /** Comparable since Kubernetes 1.35 by contract, and with etcd always. */
  private static BigInteger version(HasMetadata object) {
    return new BigInteger(object.getMetadata().getResourceVersion());
  }

  /** Whether the first was written after the second, by the API server's order of all writes. */
  public static boolean isNewer(HasMetadata one, HasMetadata other) {
    return version(one).compareTo(version(other)) > 0;
  }
}
