package io.eniipamd.kube.address;

import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeLabel;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpec;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatus;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.journal.AddressJournal;
import io.eniipamd.kube.support.Conditions;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes {@code VpcIP}s. Each write carries the version that its decision was made from, so that a
 * stale one fails instead of changing a new object of the same name; each answer goes into the book
 * at once.
 */
@Singleton
public final class VpcIpStore {
  private final KubernetesClient client;
  private final AddressBook book;
  private final AddressJournal journal;
  private final Clock clock;

  /** Addresses that this process has just recorded: the cloud cannot know them yet. */
  private final Set<String> newborn = ConcurrentHashMap.newKeySet();

  /** Addresses whose records this process has asked for; the answer is not there yet. */
  private final Set<Ip> beingMade = ConcurrentHashMap.newKeySet();

  /** Records whose finalizer this process has removed, by their UIDs. */
  private final Set<String> finished = ConcurrentHashMap.newKeySet();

  public VpcIpStore(
      KubernetesClient client, AddressBook book, AddressJournal journal, Clock clock) {
    this.client = client;
    this.book = book;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Takes an address for a claim, by creating its record: this is the allocation.
   *
   * @param eniId where it should be; null: it is not on any ENI yet
   * @return the record; empty if another claim has the address
   */
  public Optional<VpcIP> take(
      Ip ip, ClaimRef claim, String subnetId, String eniId, String nodeName) {
    return takeNew(ip, spec(claim, subnetId, eniId, nodeName).build());
  }

  /**
   * Records an address for a claim that had it before: it may be on an ENI.
   *
   * @return the record; empty where another claim holds the address
   */
  public Optional<VpcIP> takeFound(
      Ip ip, ClaimRef claim, String subnetId, String eniId, String nodeName) {
    return takeFound(ip, spec(claim, subnetId, eniId, nodeName).build());
  }

  /**
   * Records an address that was found on an ENI and that no record has.
   *
   * @return the record; empty if a claim has it after all
   */
  Optional<VpcIP> takeStray(Ip ip, String subnetId, String eniId, String nodeName) {
    return takeFound(ip, spec(null, subnetId, eniId, nodeName).build());
  }

  /**
   * Records an address that is to be kept ready on an ENI for a Pod that comes.
   *
   * @return the record; empty if another record has the address
   */
  public Optional<VpcIP> takeWarm(Ip ip, String subnetId, String eniId, String nodeName) {
    return takeNew(ip, spec(null, subnetId, eniId, nodeName).warm(true).build());
  }

  /**
   * Records an address that the cloud cannot have on an ENI of ours yet.
   *
   * @return the record; empty if the address has another one, unless the claim of the spec has it
   */
  Optional<VpcIP> takeNew(Ip ip, VpcIPSpec spec) {
    beingMade.add(ip);
    try {
      var created = create(ip, spec);
      // Before the book shows it to a pass: what is there by then counts as new.
      newborn.add(created.getMetadata().getUid());
      book.changed(created);
      return Optional.of(created);
    } catch (KubernetesClientException e) {
      return thereAlready(ip, e).filter(there -> isOf(there, spec.claimRef()));
    } finally {
      beingMade.remove(ip);
    }
  }

  /**
   * Records an address that the cloud may have on an ENI already.
   *
   * @return the record; empty if the address has another one, unless the claim of the spec has it
   */
  Optional<VpcIP> takeFound(Ip ip, VpcIPSpec spec) {
    try {
      var created = create(ip, spec);
      book.changed(created);
      return Optional.of(created);
    } catch (KubernetesClientException e) {
      return thereAlready(ip, e).filter(there -> isOf(there, spec.claimRef()));
    }
  }

  private static boolean isOf(VpcIP vip, ClaimRef claim) {
    var ref = vip.getSpec().claimRef();
    return claim != null && ref != null && claim.uid().equals(ref.uid());
  }

  private static VpcIPSpecBuilder spec(
      ClaimRef claim, String subnetId, String eniId, String nodeName) {
    return VpcIPSpecBuilder.builder()
        .type(VpcIPType.POD)
        .claimRef(claim)
        .subnetId(subnetId)
        .eniId(eniId)
        .nodeName(nodeName);
  }

  /**
   * Makes the record of an address, with our finalizer on it; the book does not know of it yet.
   *
   * @throws KubernetesClientException of code 409 if there is one
   */
  public VpcIP create(Ip ip, VpcIPSpec spec) {
    var vip = new VpcIP();
    vip.setMetadata(
        new ObjectMetaBuilder()
            .withName(ip.toString())
            .withLabels(labels(spec.claimRef(), spec.subnetId(), spec.nodeName()))
            .withFinalizers(Names.IP_FINALIZER)
            .build());
    vip.setSpec(spec);
    vip.setStatus(null);
    var created = client.resource(vip).create();
    journal.created(created);
    return created;
  }

  /** What holds the name of a record that could not be created. */
  Optional<VpcIP> thereAlready(Ip ip, KubernetesClientException refusal) {
    if (refusal.getCode() != HttpURLConnection.HTTP_CONFLICT) {
      throw refusal;
    }
    var there = Optional.ofNullable(client.resources(VpcIP.class).withName(ip.toString()).get());
    there.ifPresent(book::changed);
    return there;
  }

  /**
   * Whether this process has asked for a record of the address and waits for the answer: the watch
   * may show the record before it is known who has made it.
   */
  boolean isBeingMade(Ip ip) {
    return beingMade.contains(ip);
  }

  /** Whether the record was made by this process a moment ago; said once. */
  public boolean wasNewborn(VpcIP vip) {
    return newborn.remove(vip.getMetadata().getUid());
  }

  /** Changes where the address should be; the intent, before any request to the cloud. */
  public VpcIP direct(VpcIP vip, String eniId, String nodeName) {
    return update(
        vip, VpcIPSpecBuilder.builder(vip.getSpec()).eniId(eniId).nodeName(nodeName).build());
  }

  /**
   * Gives an address that no claim has to a claim: a warm one, which is its allocation, or one that
   * an earlier claim of the same name had.
   */
  public VpcIP handOver(VpcIP vip, ClaimRef to) {
    return update(vip, VpcIPSpecBuilder.builder(vip.getSpec()).claimRef(to).warm(null).build());
  }

  /** What was read of it as unknown would be lost, and what it means is not known. */
  private static void readable(VpcIP vip) {
    if (vip.unreadable().isPresent()) {
      throw new IllegalStateException(
          "VpcIP %s: %s has a word that this version does not know; the operator leaves it as it is"
              .formatted(vip.getMetadata().getName(), vip.unreadable().get()));
    }
  }

  VpcIP update(VpcIP vip, VpcIPSpec spec) {
    readable(vip);
    var next = copy(vip);
    next.setSpec(spec);
    next.getMetadata().setLabels(labels(spec.claimRef(), spec.subnetId(), spec.nodeName()));
    return written(vip, client.resource(next).update());
  }

  /** The address is where it is: written so that a change that was decided before fails. */
  public VpcIP confirm(VpcIP vip) {
    return status(vip, VpcIPStatusBuilder.builder(vip.statusOrEmpty()).since(now()).build());
  }

  /** The address is to be taken from its ENI. */
  public VpcIP release(VpcIP vip, ReleaseReason reason) {
    return status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.RELEASING)
            .since(now())
            .releaseReason(reason)
            .error(null)
            .build());
  }

  /**
   * Releases a warm address, unless a claim is taking it.
   *
   * @param byWhom the UID of what has it released
   * @return the record; empty where the address is warm no more, or a claim takes it
   */
  public Optional<VpcIP> releaseWarm(Ip ip, String byWhom) {
    var warm = book.pickWarm(ip, byWhom);
    try {
      return warm.map(vip -> release(vip, ReleaseReason.SURPLUS));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // A claim has taken it meanwhile, or its record has changed: the next pass looks again.
      return Optional.empty();
    } finally {
      warm.ifPresent(_ -> book.putBack(ip));
    }
  }

  /**
   * Releases one warm address of these ENIs, for a Pod that needs its slot. One that is on its way
   * to the ENI is given up last: a request for it may be out.
   *
   * @param byWhom the UID of what needs the slot
   * @return the record; empty where there is none that can be released
   */
  public Optional<VpcIP> releaseOneWarm(Set<String> enis, String byWhom) {
    return enis.stream()
        .flatMap(eniId -> book.warmOn(eniId).stream())
        .min(Comparator.comparing((VpcIP vip) -> vip.statusOrEmpty().phase()).reversed())
        .flatMap(vip -> releaseWarm(vip.ip(), byWhom));
  }

  /** The address is not on the ENI that it was confirmed on, and is to be put there again. */
  VpcIP lost(VpcIP vip, String message) {
    return status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.ATTACHING)
            .since(now())
            .eniId(null)
            .error(message)
            .conditions(withAttached(vip, Condition.FALSE, AddressReason.ADDRESS_MISSING, message))
            .build());
  }

  /** The address is back from quarantine and has no ENI. */
  public VpcIP revive(VpcIP vip) {
    return status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.ATTACHING)
            .since(now())
            .releaseReason(null)
            .error(null)
            .build());
  }

  /** Puts our finalizer on. */
  public VpcIP guard(VpcIP vip) {
    readable(vip);
    var next = copy(vip);
    next.addFinalizer(Names.IP_FINALIZER);
    return written(vip, client.resource(next).update());
  }

  /** Removes the operator's finalizer from a record that is being deleted. */
  public void finish(VpcIP vip) {
    readable(vip);
    var uid = vip.getMetadata().getUid();
    if (!finished.add(uid)) {
      // The deletion that this process has asked for is seen after its finalizer was removed.
      return;
    }
    var next = copy(vip);
    next.removeFinalizer(Names.IP_FINALIZER);
    try {
      client.resource(next).update();
    } catch (KubernetesClientException e) {
      finished.remove(uid);
      throw e;
    }
    journal.gone(vip);
    // No claim may get it before the watch says so.
    book.deleted(vip);
  }

  /** Whether this process has let the record go, even where a cache still shows it. */
  public boolean isFinished(VpcIP vip) {
    return finished.contains(vip.getMetadata().getUid());
  }

  /** The record is gone; nothing has to be known of it any more. */
  public void forget(String uid) {
    finished.remove(uid);
    newborn.remove(uid);
  }

  /** Writes a status, the version that it was made from being the condition. */
  public VpcIP status(VpcIP vip, VpcIPStatus status) {
    readable(vip);
    var next = copy(vip);
    next.setStatus(status);
    return written(vip, client.resource(next).updateStatus());
  }

  private VpcIP written(VpcIP before, VpcIP vip) {
    book.changed(vip);
    journal.changed(before, vip);
    return vip;
  }

  /** The conditions of a record, with what its condition {@code Attached} says now. */
  public List<Condition> withAttached(VpcIP vip, String status, Reason reason, String message) {
    return Conditions.with(
        vip.statusOrEmpty().conditions(),
        AddressConditions.ATTACHED,
        status,
        reason,
        message,
        vip.getMetadata().getGeneration(),
        clock.instant());
  }

  /** The time of this moment as statuses write it. */
  public String now() {
    return Instant.now(clock).toString();
  }

  private static VpcIP copy(VpcIP vip) {
    var copy = new VpcIP();
    ObjectMeta meta = new ObjectMetaBuilder(vip.getMetadata()).build();
    copy.setMetadata(meta);
    copy.setSpec(vip.getSpec());
    copy.setStatus(vip.getStatus());
    return copy;
  }

  private static Map<String, String> labels(ClaimRef claim, String subnetId, String nodeName) {
    var labels = new HashMap<String, String>();
    labels.put(Names.MANAGED_BY, Names.OPERATOR);
    if (subnetId != null) {
      labels.put(Names.SUBNET_ID, subnetId);
    }
    if (claim != null) {
      labels.put(Names.CLAIM_UID, claim.uid());
    }
    if (nodeName != null) {
      labels.put(Names.NODE_NAME, NodeLabel.of(nodeName));
    }
    return labels;
  }
}
