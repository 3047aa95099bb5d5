package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.WarmNeeds;
import io.eniipamd.domain.node.WarmPlan;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.RecordPurpose;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps unused addresses ready on a node's ENIs, so that a Pod which comes need not wait for the
 * cloud. The record of each is written before the cloud is asked, as for any address; the room of
 * addresses puts it on its ENI.
 */
@Singleton
final class WarmSteps {

  /** From one batch that is added, or released, to the next. */
  static final Duration NEXT_FILL = Duration.ofSeconds(1);

  static final Duration NEXT_SURPLUS = Duration.ofSeconds(30);

  /** When it is tried again where no ENI has room, or its subnet has too few addresses. */
  static final Duration NO_ROOM = Duration.ofMinutes(1);

  private final SharedCache<NodeENIConfig> necs;
  private final AddressBook book;
  private final VpcIpStore records;
  private final OwnEnis own;
  private final FullPlaces full;
  private final WarmSettings settings;
  private final EniCache memory;
  private final ReleaseHold releases;

  WarmSteps(
      SharedCache<NodeENIConfig> necs,
      SharedCache<VpcIP> vips,
      AddressBook book,
      VpcIpStore records,
      OwnEnis own,
      FullPlaces full,
      WarmSettings settings,
      EniCache memory,
      ReleaseHold releases) {
    this.necs = necs;
    this.book = book;
    this.records = records;
    this.own = own;
    this.full = full;
    this.settings = settings;
    this.memory = memory;
    this.releases = releases;
    vips.listen(SharedCache.Listener.onAny(this::enqueueBelow));
  }

  /** A claim has taken a warm address, or a slot has become free. */
  private void enqueueBelow(VpcIP vip) {
    var spec = vip.getSpec();
    if (spec == null || spec.type() != VpcIPType.POD || spec.nodeName() == null) {
      return;
    }
    boolean news = spec.claimRef() != null || vip.statusOrEmpty().phase() == VpcIPPhase.QUARANTINED;
    if (news && necs.get(spec.nodeName()).filter(this::isBelow).isPresent()) {
      necs.enqueue(spec.nodeName());
    }
  }

  private boolean isBelow(NodeENIConfig nec) {
    int min = settings.of(nec).min();
    return min > 0
        && nec.statusOrEmpty().eniInfos().stream()
                .mapToInt(eni -> book.warmOn(eni.eniId()).size())
                .sum()
            < min;
  }

  /** One batch, towards the targets of a node. */
  void perform(NodeENIConfig nec, EniFacts facts) {
    if (facts.nodeFacts().isEmpty()) {
      // It may come back; if it does not, all are released together.
      return;
    }
    if (facts.isReplaced()) {
      // The ENIs that it lists may be on no machine of the node, and no Pod comes to them.
      releaseAll(nec);
      return;
    }
    releaseUnlisted(nec);
    var targets = settings.checked(nec);
    var needs =
        new WarmNeeds(
            targets,
            nec.statusOrEmpty().eniInfos().stream()
                .filter(this::carriesPods)
                .map(eni -> eni(eni, facts))
                .toList(),
            facts.wanted().waiting().size());
    if (!targets.any() && needs.enis().stream().allMatch(eni -> eni.warm().isEmpty())) {
      return;
    }
    follow(nec, needs, WarmPlan.of(needs));
  }

  private boolean carriesPods(EniInfo eni) {
    return eni.phase() == EniPhase.ATTACHED && own.isUsable(eni.eniId());
  }

  private WarmNeeds.Eni eni(EniInfo info, EniFacts facts) {
    boolean noRoom = full.isFull(info.eniId()) || full.isFull(info.subnetId());
    return new WarmNeeds.Eni(
        info.eniId(),
        info.subnetId(),
        noRoom ? 0 : slots(info, facts),
        book.used(info.eniId()),
        book.warmOn(info.eniId()).stream().map(VpcIP::ip).toList(),
        book.free(info.subnetId()));
  }

  private static int slots(EniInfo info, EniFacts facts) {
    return facts
        .instance()
        .limits()
        .map(RouteLimits::slotsPerEni)
        .or(() -> Optional.ofNullable(info.slots()))
        .orElse(0);
  }

  private void follow(NodeENIConfig nec, WarmNeeds needs, WarmPlan plan) {
    var uid = nec.getMetadata().getUid();
    if (!plan.fills().isEmpty()) {
      plan.fills().forEach(fill -> fill(nec, fill));
      memory.warmAgain(uid, NEXT_FILL);
    } else if (plan.surplus().isEmpty()) {
      if (needs.isBelow()) {
        memory.warmAgain(uid, NO_ROOM);
      }
    } else if (memory.isWarmDue(uid) && releases.open()) {
      plan.surplus().forEach(this::release);
      memory.warmAgain(uid, NEXT_SURPLUS);
    }
  }

  private void fill(NodeENIConfig nec, WarmPlan.Fill fill) {
    for (int i = 0; i < fill.addresses(); i++) {
      var ip = book.pick(fill.subnetId(), nec.getMetadata().getUid());
      if (ip.isEmpty()) {
        return;
      }
      try {
        if (book.keepSlot(fill.eniId(), fill.slots(), ip.get())) {
          var unused =
              records.takeWarm(
                  ip.get(), fill.subnetId(), fill.eniId(), nec.getMetadata().getName());
        }
      } finally {
        book.putBack(ip.get());
      }
    }
  }

  /** Releases all that no claim has taken. */
  void releaseAll(NodeENIConfig nec) {
    warmOf(nec).map(VpcIP::ip).forEach(this::release);
  }

  /** Those on an ENI that is gone, leaves, or is of a machine before: no Pod can have them. */
  private void releaseUnlisted(NodeENIConfig nec) {
    var usable =
        nec.statusOrEmpty().eniInfos().stream()
            .filter(this::carriesPods)
            .map(EniInfo::eniId)
            .collect(Collectors.toSet());
    warmOf(nec)
        .filter(vip -> !usable.contains(vip.getSpec().eniId()))
        .map(VpcIP::ip)
        .forEach(this::release);
  }

  private Stream<VpcIP> warmOf(NodeENIConfig nec) {
    return book.onNode(nec.getMetadata().getName()).stream().filter(RecordPurpose::isWarm);
  }

  private void release(Ip ip) {
    var unused = records.releaseWarm(ip, "");
  }
}
