package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimDecision;
import io.eniipamd.domain.claim.ClaimProblems;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.EniPlaces;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.address.WornAddresses;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.OwnerReferences.Tie;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.ReleaseGate.Answer;
import io.eniipamd.kube.release.ReleasePath;
import io.eniipamd.kube.release.Releases;
import io.eniipamd.kube.support.ApiAnswer;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Paged;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.WriteThrottle;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries out what was decided about a claim: one step, its writes, and what people are told. */
@Singleton
final class ClaimSteps {
  /**
   * A full subnet or node is looked at again after this, beside being woken; it costs no request.
   */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

  /** How often another address is tried at once when others were faster. */
  private static final int PICKS = 5;

  /** For so long after the start, records are looked for that a leader before may have made. */
  private static final Duration NEWLY = Duration.ofMinutes(1);

  record Id(String ns, String name) {}

  private final KubernetesClient client;
  private final SharedCache<VpcIPClaim> claims;
  private final SharedCache<SlimPod> pods;
  private final ClaimLookup holders;
  private final AddressBook book;
  private final VpcIpStore records;
  private final EniDemand demand;
  private final FreshReads fresh;
  private final ReleasePath path;
  private final Releases releases;
  private final ReleaseGate gate;
  private final OwnerReferences ties;
  private final Expiry expiry;
  private final Preemptions preemptions;
  private final RetentionSteps retention;
  private final EventRecorder events;
  private final ClaimObserver observer;
  private final WornAddresses worn;
  private final EniPlaces places;
  private final PodRequestReader wishes;
  private final Leadership leadership;
  private final Waits waits;
  private final WriteThrottle pace;
  private final Clock clock;

  /** Claims that wait for an address that somebody holds, by the address. */
  private final Map<String, Set<Id>> awaiting = new ConcurrentHashMap<>();

  /** Claims for which a record was asked for and the answer never came, by their UIDs. */
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

  /** Claims whose finalizer was just taken away and that the cache still shows with it. */
  private final Set<String> lettingGo = ConcurrentHashMap.newKeySet();

  ClaimSteps(
      KubernetesClient client,
      SharedCache<VpcIPClaim> claims,
      SharedCache<SlimPod> pods,
      ClaimLookup holders,
      AddressBook book,
      VpcIpStore records,
      EniDemand demand,
      FreshReads fresh,
      ReleasePath path,
      Releases releases,
      ReleaseGate gate,
      OwnerReferences ties,
      Expiry expiry,
      Preemptions preemptions,
      RetentionSteps retention,
      EventRecorder events,
      ClaimObserver observer,
      WornAddresses worn,
      EniPlaces places,
      PodRequestReader wishes,
      Leadership leadership,
      Waits waits,
      WriteThrottle pace,
      Clock clock) {
    this.client = client;
    this.claims = claims;
    this.pods = pods;
    this.holders = holders;
    this.book = book;
    this.records = records;
    this.demand = demand;
    this.fresh = fresh;
    this.path = path;
    this.releases = releases;
    this.gate = gate;
    this.ties = ties;
    this.expiry = expiry;
    this.preemptions = preemptions;
    this.retention = retention;
    this.events = events;
    this.observer = observer;
    this.worn = worn;
    this.places = places;
    this.wishes = wishes;
    this.leadership = leadership;
    this.waits = waits;
    this.pace = pace;
    this.clock = clock;
  }

  /** Tells of a claim that another version has written. */
  void leaveAlone(VpcIPClaim claim, String field) {
    events.leftAlone(claim, field);
  }

  /** Puts our finalizer on a claim that a user made in advance, or whose finalizer was stripped. */
  UpdateControl<VpcIPClaim> guard(VpcIPClaim claim, Context<VpcIPClaim> context) {
    claim.addFinalizer(Names.CLAIM_FINALIZER);
    claims.wrote(context.resourceOperations().updatePrimary(claim));
    return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(Duration.ofMillis(1));
  }

  UpdateControl<VpcIPClaim> perform(
      VpcIPClaim claim, ClaimDecision decision, Context<VpcIPClaim> context) {
    var writes = new ClaimPass(claim, context, claims, pods, events, clock);
    var step = new Step(writes);
    return switch (decision) {
      case ClaimDecision.Nothing nothing -> UpdateControl.noUpdate();
      case ClaimDecision.Problem problem -> step.problem(problem);
      case ClaimDecision.Await await -> step.await(await);
      case ClaimDecision.Refuse refuse -> step.refuse(refuse.error());
      case ClaimDecision.NoteRequest wish -> step.noteWish();
      case ClaimDecision.Allocate allocate -> step.allocate(allocate);
      case ClaimDecision.AllocateNamed named -> step.allocateNamed(named);
      case ClaimDecision.RecreateRecord again -> step.recordAgain(again.ip());
      case ClaimDecision.AwaitRoom room -> step.awaitRoom(room);
      case ClaimDecision.TakeBack back -> step.takeBack(back.ip(), back.eniId());
      case ClaimDecision.LookForWorn(var ip) -> step.lookForWorn(ip);
      case ClaimDecision.LookForEni(var eniId) -> step.lookForEni(eniId);
      case ClaimDecision.Move move -> step.move(move);
      case ClaimDecision.ConfirmPlace(var ip) -> step.confirmPlace(ip);
      case ClaimDecision.Bind bind -> step.bind(bind);
      case ClaimDecision.Preempt room -> step.makeRoom(room);
      case ClaimDecision.Retain retain -> step.retain();
      case ClaimDecision.RefreshStatus refresh -> retention.refresh(writes, step.wishOfBound());
      case ClaimDecision.Relocate displace -> retention.displace(writes, displace);
      case ClaimDecision.DeleteScaled scaled -> retention.deleteScaled(writes);
      case ClaimDecision.ExplainPause(var hold) -> retention.explain(writes, hold);
      case ClaimDecision.DeleteClaim delete -> step.deleteClaim();
      case ClaimDecision.ReleaseSurplus surplus -> step.releaseSurplus(surplus.surplus());
      case ClaimDecision.BlockRelease block -> step.blockRelease();
      case ClaimDecision.ReleaseAddresses giveBack -> step.giveBack(giveBack.addresses());
      case ClaimDecision.RemoveFinalizer letGo -> step.letGo();
    };
  }

  /** What has to be done about the owners of a claim, when nothing else has. */
  UpdateControl<VpcIPClaim> tie(VpcIPClaim claim, Tie tie, Context<VpcIPClaim> context) {
    var writes = new ClaimPass(claim, context, claims, pods, events, clock);
    return switch (tie) {
      case Tie.Settled settled -> UpdateControl.noUpdate();
      case Tie.LookUp(var from) -> retention.tie(writes, Optional.of(from));
      case Tie.Strip strip -> retention.tie(writes, Optional.empty());
    };
  }

  /** The claim is gone: nothing about it need be known any more. */
  void forget(VpcIPClaim claim) {
    var uid = claim.getMetadata().getUid();
    demand.withdraw(uid);
    waits.over(uid);
    lettingGo.remove(uid);
    doubtful.remove(uid);
    preemptions.forget(uid);
    gate.done(uid);
    ties.forget(uid);
    releases.done(claim);
  }

  /** The node that a kept address has just left; said once. */
  Optional<String> left(VpcIP vip) {
    return retention.left(vip);
  }

  /** The claims that wait for an address, which are asked no second time. */
  Set<Id> awaiting(String address) {
    var waiting = awaiting.remove(address);
    return waiting == null ? Set.of() : waiting;
  }

  /** One step on one claim. */
  private final class Step {
    private final ClaimPass writes;
    private final VpcIPClaim claim;
    private final String namespace;
    private final String name;
    private final String uid;

    Step(ClaimPass writes) {
      this.writes = writes;
      this.claim = writes.claim();
      this.namespace = writes.namespace();
      this.name = writes.name();
      this.uid = writes.uid();
    }

    UpdateControl<VpcIPClaim> problem(ClaimDecision.Problem problem) {
      problem
          .awaited()
          .ifPresent(
              ip ->
                  awaiting
                      .computeIfAbsent(ip.toString(), a -> ConcurrentHashMap.newKeySet())
                      .add(new Id(namespace, name)));
      askWhereFull(problem.reason());
      writes.say(ClaimConditions.READY, Condition.FALSE, problem.reason(), problem.message());
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(LOOK_AGAIN);
    }

    /** A Pod waits because of a full subnet: perhaps somebody has given an address back. */
    private void askWhereFull(Reason reason) {
      if (reason == NodeReason.SUBNET_FULL) {
        book.askWhereFull();
      }
    }

    UpdateControl<VpcIPClaim> await(ClaimDecision.Await await) {
      return UpdateControl.<VpcIPClaim>noUpdate()
          .rescheduleAfter(tellLater(await.reason(), await.message()).orElse(LOOK_AGAIN));
    }

    /** Says what the Pod waits for once that lasts; else when to come back for it. */
    private Optional<Duration> tellLater(Reason reason, String message) {
      var left = waits.untilTold(uid, reason);
      if (left.isPresent()) {
        return left;
      }
      if (Conditions.says(
          claim.statusOrEmpty().conditions(),
          ClaimConditions.READY,
          Condition.FALSE,
          reason,
          message)) {
        return Optional.empty();
      }
      // Where thousands wait, telling it must not hold them up.
      var turn = pace.untilTurnOf(uid);
      if (turn.isEmpty()) {
        writes.say(ClaimConditions.READY, Condition.FALSE, reason, message);
      }
      return turn.map(t -> t.plusMillis(1));
    }

    UpdateControl<VpcIPClaim> refuse(ValidationError error) {
      // Nobody but the Pod's author can mend it, and a change of the Pod wakes the claim.
      writes.say(ClaimConditions.VALID, Condition.FALSE, error.reason(), error.message());
      return UpdateControl.noUpdate();
    }

    private Optional<PodRequest.Requested> wish() {
      return pods.get(namespace, name).flatMap(wishes::wants);
    }

    /** What the Pod that the claim is bound to says now. */
    private Optional<PodRequest.Requested> wishOfBound() {
      return pods.get(namespace, name)
          .filter(pod -> pod.getMetadata().getUid().equals(claim.statusOrEmpty().podUID()))
          .flatMap(wishes::wants);
    }

    UpdateControl<VpcIPClaim> noteWish() {
      var wish = wish();
      if (wish.isEmpty()) {
        return soon();
      }
      var status = VpcIPClaimStatusBuilder.builder(claim.statusOrEmpty());
      writes.status(
          status
              .deletePolicy(policy(wish.get()))
              .podClaimExpiredDuration(PodRequests.expirySaid(wish.get()))
              .build());
      return again();
    }

    /** The policy that is in force when this Pod is bound. */
    private DeletePolicy policy(PodRequest.Requested wish) {
      return Policy.annotated(claim)
          .orElse(wish.fixed() ? DeletePolicy.NEVER : DeletePolicy.IMMEDIATE);
    }

    UpdateControl<VpcIPClaim> allocate(ClaimDecision.Allocate allocate) {
      if (hasOneAfterAll()) {
        return soon();
      }
      var eni = allocate.eni();
      for (int i = 0; i < PICKS; i++) {
        var picked = book.pick(eni.subnetId(), uid);
        if (picked.isEmpty()) {
          return problem(ClaimProblems.noAddressLeft(eni));
        }
        var ip = picked.get();
        if (!book.keepSlot(eni.eniId(), eni.slots(), ip)) {
          book.putBack(ip);
          return soon();
        }
        if (record(ip, eni.subnetId(), eni.eniId(), allocate.node().name())) {
          return UpdateControl.noUpdate();
        }
      }
      return soon();
    }

    UpdateControl<VpcIPClaim> allocateNamed(ClaimDecision.AllocateNamed named) {
      var eni = named.eni();
      if (!book.pick(named.ip(), uid)) {
        return soon();
      }
      if (!book.keepSlot(eni.eniId(), eni.slots(), named.ip())) {
        book.putBack(named.ip());
        return soon();
      }
      return record(named.ip(), eni.subnetId(), eni.eniId(), named.node().name())
          ? UpdateControl.noUpdate()
          : soon();
    }

    /** Creating the record is the allocation; what was picked goes back where it failed. */
    private boolean record(Ip ip, String subnetId, String eniId, String node) {
      try {
        return records.take(ip, writes.ref(), subnetId, eniId, node).isPresent();
      } catch (KubernetesClientException e) {
        if (!ApiAnswer.isNo(e)) {
          // It may have been made all the same, and no second one must be.
          doubtful.add(uid);
        }
        throw e;
      } finally {
        book.putBack(ip);
      }
    }

    /** Whether there is a record after all whose creation was not answered. */
    private boolean hasOneAfterAll() {
      if (!doubtful.contains(uid)) {
        return false;
      }
      boolean found = findsRecords();
      doubtful.remove(uid);
      return found;
    }

    /** Asks the API server for records of the claim and puts them into the book. */
    private boolean findsRecords() {
      var listed =
          Paged.list(client.resources(VpcIP.class).withLabel(Names.CLAIM_UID, uid)).items();
      listed.forEach(book::changed);
      return !listed.isEmpty();
    }

    UpdateControl<VpcIPClaim> recordAgain(Ip ip) {
      if (book.get(ip).filter(VpcIpStore::isStray).isPresent()) {
        return takeBack(ip, Optional.empty());
      }
      var status = claim.statusOrEmpty();
      var subnet = status.subnetId() == null ? subnetOf(ip) : status.subnetId();
      var made =
          records.take(ip, writes.ref(), subnet, empty(status.eniId()), empty(status.nodeName()));
      if (made.isEmpty()) {
        return problem(ClaimProblems.addressLost(ip));
      }
      events.warn(
          claim,
          ClaimReason.RECORD_RESTORED,
          "the VpcIP %s was deleted although this claim holds the address; it was recorded again"
              .formatted(ip));
      return UpdateControl.noUpdate();
    }

    UpdateControl<VpcIPClaim> takeBack(Ip ip, Optional<String> eniId) {
      var there = book.get(ip);
      if (there.isEmpty()) {
        var node = eniId.flatMap(e -> pods.get(namespace, name)).map(SlimPod::nodeName);
        return records
                .takeFound(ip, writes.ref(), subnetOf(ip), eniId.orElse(null), node.orElse(null))
                .isPresent()
            ? UpdateControl.noUpdate()
            : soon();
      }
      var vip = there.get();
      var phase = vip.statusOrEmpty().phase();
      if (phase == VpcIPPhase.RELEASING && isGoing()) {
        return soon();
      }
      if (phase == VpcIPPhase.QUARANTINED) {
        vip = records.direct(vip, null, null);
      }
      if (!holds(vip)) {
        vip = records.handOver(vip, writes.ref());
      }
      if (phase == VpcIPPhase.QUARANTINED || phase == VpcIPPhase.RELEASING) {
        records.revive(vip);
      }
      return UpdateControl.noUpdate();
    }

    UpdateControl<VpcIPClaim> lookForWorn(Ip ip) {
      var pod = pods.get(namespace, name);
      if (pod.isEmpty()) {
        return soon();
      }
      return switch (worn.look(namespace, name, pod.get().getMetadata().getUid(), ip)) {
        case WornAddresses.Look.Asking asking -> UpdateControl.noUpdate();
        case WornAddresses.Look.Answered answered -> again();
        case WornAddresses.Look.Failed(var cause, var pause) -> {
          var unclear = ClaimProblems.addressUnclear(ip, cause.getMessage());
          writes.say(ClaimConditions.READY, Condition.FALSE, unclear.reason(), unclear.message());
          yield UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(pause);
        }
      };
    }

    UpdateControl<VpcIPClaim> lookForEni(String eniId) {
      return switch (places.look(eniId)) {
        case EniPlaces.Look.Asking asking -> UpdateControl.noUpdate();
        case EniPlaces.Look.Later(var pause) ->
            UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(pause.plusMillis(1));
      };
    }

    /** Whether the claim is being deleted, or gone, and a stale cache still shows it alive. */
    private boolean isGoing() {
      var now = client.resources(VpcIPClaim.class).inNamespace(namespace).withName(name).get();
      return now == null || now.isMarkedForDeletion() || !now.getMetadata().getUid().equals(uid);
    }

    UpdateControl<VpcIPClaim> awaitRoom(ClaimDecision.AwaitRoom room) {
      demand.ask(room.node(), uid, room.subnets());
      if (room.problem().isPresent()) {
        var problem = room.problem().get();
        askWhereFull(problem.reason());
        writes.say(ClaimConditions.READY, Condition.FALSE, problem.reason(), problem.message());
        return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(LOOK_AGAIN);
      }
      return await(ClaimProblems.awaitingEni(room.node(), room.subnets()));
    }

    UpdateControl<VpcIPClaim> move(ClaimDecision.Move move) {
      var vip = book.get(move.held().ip());
      var pod = pods.get(namespace, name);
      if (vip.isEmpty() || pod.isEmpty() || isOfBefore(pod.get().getMetadata().getUid())) {
        return soon();
      }
      if (!book.keepSlot(move.to().eniId(), move.to().slots(), move.held().ip())) {
        return soon();
      }
      try {
        if (isBoundTo(pod.get())) {
          writes.losesItsPlace(
              vip.get(),
              move.to().eniId(),
              ClaimProblems.followsToNextMachine(
                  move.node().name(),
                  claim.statusOrEmpty().eniId(),
                  move.held().ip(),
                  move.to().eniId()));
        } else {
          writes.leavesItsPlace(vip.get(), move.to().eniId());
        }
        records.direct(vip.get(), move.to().eniId(), move.node().name());
      } finally {
        book.putBack(move.held().ip());
      }
      return UpdateControl.noUpdate();
    }

    private boolean isBoundTo(SlimPod pod) {
      var status = claim.statusOrEmpty();
      return status.phase() == ClaimPhase.BOUND
          && pod.getMetadata().getUid().equals(status.podUID());
    }

    /**
     * Whether the cache shows a Pod from before the one that the claim is bound to: that one may
     * live, and this one be long gone. Looked at afresh, and only where there is such a doubt.
     */
    private boolean isOfBefore(String podUid) {
      var status = claim.statusOrEmpty();
      return (status.phase() == ClaimPhase.BOUND || status.phase() == ClaimPhase.PENDING)
          && status.podUID() != null
          && !status.podUID().equals(podUid)
          && !fresh.pod(namespace, name).alive(podUid);
    }

    UpdateControl<VpcIPClaim> bind(ClaimDecision.Bind bind) {
      var pod = pods.get(namespace, name).orElse(null);
      if (pod == null || !pod.getMetadata().getUid().equals(bind.pod().uid())) {
        return soon();
      }
      var before = claim.statusOrEmpty();
      if (isOfBefore(bind.pod().uid())) {
        return soon();
      }
      var subnet = book.subnet(bind.held().subnetId());
      var wish = (PodRequest.Requested) bind.pod().wish();
      var error = wish.errors().stream().findFirst();
      var conditions =
          error
              .map(
                  c ->
                      writes.set(
                          before.conditions(),
                          ClaimConditions.VALID,
                          Condition.FALSE,
                          c.reason(),
                          c.message()))
              .orElseGet(
                  () ->
                      writes.set(
                          before.conditions(),
                          ClaimConditions.VALID,
                          Condition.TRUE,
                          ClaimReason.ACCEPTED,
                          ""));
      conditions =
          writes.set(
              conditions,
              ClaimConditions.READY,
              Condition.TRUE,
              ClaimReason.BOUND,
              "%s is on ENI %s of node %s"
                  .formatted(bind.held().ip(), bind.eni().eniId(), bind.node().name()));
      conditions =
          writes.set(
              conditions,
              ClaimConditions.RELEASE_BLOCKED,
              Condition.FALSE,
              ClaimReason.NOT_DELETED,
              "");
      if (Conditions.find(conditions, ClaimConditions.PLACED).isPresent()) {
        conditions =
            writes.set(conditions, ClaimConditions.PLACED, Condition.TRUE, ClaimReason.ON_ENI, "");
      }
      var owner = ties.recorded(claim, pod);
      var policy = policy(wish);
      var said = PodRequests.expirySaid(wish);
      // The expiry in force follows from what this Pod says of it.
      claim.setStatus(
          VpcIPClaimStatusBuilder.builder(before).podClaimExpiredDuration(said).build());
      writes.status(
          VpcIPClaimStatusBuilder.builder(before)
              .phase(ClaimPhase.BOUND)
              .address(bind.held().ip().toString())
              .subnetId(bind.held().subnetId())
              .subnetCIDR(bind.eni().cidr().toString())
              .gateway(bind.eni().gateway().toString())
              .zone(subnet.map(Subnet::zone).orElse(bind.node().zone()))
              .eniId(bind.eni().eniId())
              .eniMac(bind.eni().mac())
              .nodeName(bind.node().name())
              .podUID(bind.pod().uid())
              .owner(owner.orElse(before.owner()))
              .deletePolicy(policy)
              .claimExpiredDuration(policy == DeletePolicy.NEVER ? expiry.of(claim).text() : null)
              .podClaimExpiredDuration(said)
              .retainedSince(null)
              .expiresAt(null)
              .conditions(conditions)
              .build());
      demand.withdraw(uid);
      waits.over(uid);
      preemptions.forget(uid);
      gate.done(uid);
      error.ifPresent(c -> writes.tell(c.reason(), c.message()));
      if (!bind.pod().uid().equals(before.podUID())) {
        observer.bound(
            Duration.between(
                Instant.parse(pod.getMetadata().getCreationTimestamp()), clock.instant()));
      }
      return UpdateControl.noUpdate();
    }

    /**
     * Whoever may be moving the address by what it knew before is to fail: the claim says that it
     * was on the move, and its record has not been written since.
     */
    UpdateControl<VpcIPClaim> confirmPlace(Ip ip) {
      book.get(ip).filter(this::holds).ifPresent(records::confirm);
      return UpdateControl.noUpdate();
    }

    UpdateControl<VpcIPClaim> makeRoom(ClaimDecision.Preempt room) {
      var victim =
          room.enis().stream()
              .flatMap(eni -> book.onEni(eni).stream())
              .flatMap(vip -> holders.holding(vip).stream())
              .filter(c -> c.statusOrEmpty().phase() == ClaimPhase.RETAINED)
              .filter(c -> !c.isMarkedForDeletion() && c.unreadable().isEmpty())
              .min(Comparator.comparing(c -> c.statusOrEmpty().retainedSince()));
      var already =
          preemptions
              .askedFor(uid)
              .filter(asked -> victim.isPresent() && preemptions.wanted(asked));
      if (already.isEmpty() && victim.isPresent()) {
        var meta = victim.get().getMetadata();
        if (preemptions.ask(uid, meta.getUid())) {
          claims.enqueue(meta.getNamespace(), meta.getName());
        }
      }
      var told =
          tellLater(
              room.problem().reason(),
              room.problem().message() + "; an address that is kept there is asked to make room");
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(told.orElse(LOOK_AGAIN));
    }

    UpdateControl<VpcIPClaim> retain() {
      var status = claim.statusOrEmpty();
      var read = fresh.pod(namespace, name);
      if (status.podUID() != null && read.alive(status.podUID())) {
        // The cache was wrong about the Pod's end; its events will say what is true.
        return soon();
      }
      var address =
          Optional.ofNullable(status.address()).or(() -> retention.heldBy(uid)).orElse(null);
      if (address == null) {
        // What it held when this was decided is gone.
        return soon();
      }
      writes.status(retention.kept(writes, address, read.serverTime()));
      demand.withdraw(uid);
      // The framework keeps the event of this write to itself, and there may be more to do.
      return again();
    }

    UpdateControl<VpcIPClaim> deleteClaim() {
      var outcome =
          path.begin(
              claim,
              ReleasePath.Request.podEnded(Optional.ofNullable(claim.statusOrEmpty().podUID())),
              read -> true);
      return outcome instanceof ReleasePath.Outcome.Deleted ? UpdateControl.noUpdate() : soon();
    }

    UpdateControl<VpcIPClaim> releaseSurplus(List<Ip> surplus) {
      for (var ip : surplus) {
        book.get(ip).ifPresent(vip -> records.release(vip, ReleaseReason.SURPLUS));
      }
      return UpdateControl.noUpdate();
    }

    UpdateControl<VpcIPClaim> blockRelease() {
      var status = claim.statusOrEmpty();
      var since =
          pods.get(namespace, name)
              .map(p -> " since " + p.getMetadata().getCreationTimestamp())
              .orElse("");
      var message =
          "deleted while Pod %s (UID %s) uses %s on node %s%s; the address is given back when that Pod"
                  .formatted(name, status.podUID(), status.address(), status.nodeName(), since)
              + " has ended: delete the Pod to have it now";
      if (writes.note(
          ClaimConditions.RELEASE_BLOCKED, Condition.TRUE, ClaimReason.POD_RUNNING, message)) {
        events.warn(claim, ClaimReason.RELEASE_BLOCKED, message);
      }
      return UpdateControl.noUpdate();
    }

    UpdateControl<VpcIPClaim> giveBack(List<Ip> addresses) {
      if (claim.statusOrEmpty().deletePolicy() == DeletePolicy.NEVER) {
        // The garbage collector's deletes and a person's come this way only.
        var request =
            new ReleaseGate.Request(
                namespace, uid, Instant.parse(claim.getMetadata().getDeletionTimestamp()));
        switch (gate.ask(request)) {
          case Answer.Open open -> {}
          case Answer.Full(var again) -> {
            return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(again);
          }
          case Answer.Paused(var reason, var message, var again) -> {
            retention.explain(writes, new RetentionView.Pause(reason, message, false));
            return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(again);
          }
        }
      }
      // Only who was let through costs a read: a pause may last for days.
      var podUid = claim.statusOrEmpty().podUID();
      if (podUid != null && fresh.pod(namespace, name).alive(podUid)) {
        gate.withdraw(uid);
        return blockRelease();
      }
      var reason = releases.reason(claim);
      for (var ip : addresses) {
        book.get(ip).filter(this::holds).ifPresent(vip -> records.release(vip, reason));
      }
      demand.withdraw(uid);
      return UpdateControl.noUpdate();
    }

    UpdateControl<VpcIPClaim> letGo() {
      if (book.heldBy(uid).isEmpty()) {
        // The cache lags behind what the leader before did, and an answer may have been lost.
        if ((doubtful.contains(uid) || leadership.isNewerThan(NEWLY)) && findsRecords()) {
          return soon();
        }
        var podUid = claim.statusOrEmpty().podUID();
        if (podUid != null && fresh.pod(namespace, name).alive(podUid)) {
          return blockRelease();
        }
      }
      if (!claim.getMetadata().getFinalizers().contains(Names.CLAIM_FINALIZER)) {
        return UpdateControl.noUpdate();
      }
      // It may have to ask the API server, and that may fail: before anything is noted.
      var reason = releases.reason(claim);
      if (lettingGo.add(uid)) {
        claim.removeFinalizer(Names.CLAIM_FINALIZER);
        try {
          // Past the cache: what is written here is gone with this very write.
          client.resource(claim).update();
        } catch (KubernetesClientException e) {
          lettingGo.remove(uid);
          throw e;
        }
        observer.released(reason);
      }
      return UpdateControl.noUpdate();
    }

    private boolean holds(VpcIP vip) {
      return vip.getSpec().claimRef() != null && uid.equals(vip.getSpec().claimRef().uid());
    }

    private String subnetOf(Ip ip) {
      return book.subnetOf(ip).map(Subnet::id).orElse(null);
    }

    private UpdateControl<VpcIPClaim> again() {
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(Duration.ofMillis(1));
    }

    private UpdateControl<VpcIPClaim> soon() {
      return UpdateControl.<VpcIPClaim>noUpdate()
          .rescheduleAfter(Duration.of(200, ChronoUnit.MILLIS));
    }
  }

  private static String empty(String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
