package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Brings an address onto the ENI that its record names, from no ENI or from another one. */
@Singleton
public final class AssignSteps {

  /** The watch has shown what a request has made; its answer is some milliseconds away. */
  private static final Duration ANSWER_IS_NEAR = Duration.ofMillis(10);

  private final SharedCache<VpcIPClaim> claims;
  private final AddressBook book;
  private final VpcIpStore records;
  private final EniOperations enis;
  private final OwnEnis own;
  private final AddressReserver reserving;
  private final AddressTasks tasks;
  private final FreshChecks checks;
  private final AddressOutcomes outcomes;
  private final EventRecorder events;
  private final NoRoom noRoom;

  /** Records whose address may have been on the ENI before it was asked for. */
  private final Set<String> perhapsThere = ConcurrentHashMap.newKeySet();

  /** Records whose address a look has not found on the ENI that they were confirmed on. */
  private final Set<String> left = ConcurrentHashMap.newKeySet();

  public AssignSteps(
      SharedCache<VpcIPClaim> claims,
      AddressBook book,
      VpcIpStore records,
      EniOperations enis,
      OwnEnis own,
      AddressReserver reserving,
      AddressTasks tasks,
      FreshChecks checks,
      AddressOutcomes outcomes,
      EventRecorder events,
      NoRoom noRoom) {
    this.claims = claims;
    this.book = book;
    this.records = records;
    this.enis = enis;
    this.own = own;
    this.reserving = reserving;
    this.tasks = tasks;
    this.checks = checks;
    this.outcomes = outcomes;
    this.events = events;
    this.noRoom = noRoom;
  }

  /** The record is gone; nothing has to be known of it any more. */
  void forget(String uid) {
    left.remove(uid);
    perhapsThere.remove(uid);
  }

  /** Brings the address of a record that names an ENI to it. */
  UpdateControl<VpcIP> assign(VpcIP vip) {
    var wanted = vip.getSpec().eniId();
    var status = vip.statusOrEmpty();
    if (Objects.equals(wanted, status.eniId())) {
      if (status.phase() == AddressOutcomes.there(vip)) {
        return UpdateControl.noUpdate();
      }
      if (status.phase() == VpcIPPhase.AVAILABLE) {
        // A claim has taken it, and did not wait for this.
        outcomes.taken(vip);
        return UpdateControl.noUpdate();
      }
    }
    var hindrance = tasks.hindrance(vip, status.eniId(), wanted);
    if (hindrance.isPresent()) {
      return hindrance.get();
    }
    // One that was under way has to be looked for first: it may have left its old ENI.
    boolean underWay = status.eniId() != null && !status.eniId().equals(wanted);
    if (own.isGone(wanted) && !underWay && (status.eniId() != null || standsInClaim(vip))) {
      return awaitPlace(vip, wanted);
    }
    if (records.isBeingMade(vip.ip())) {
      // The cloud cannot have it yet, and asking as if it could is slow where another user has it.
      return Requeue.after(ANSWER_IS_NEAR);
    }
    return tasks.drive(
        vip,
        // The target is part of it: a task for an earlier one says nothing of this one.
        "assign/" + wanted,
        failures -> bring(vip, failures > 0),
        done -> {
          left.remove(vip.getMetadata().getUid());
          arrived(vip, wanted, done.requestId());
        },
        failed -> failed(vip, failed));
  }

  /**
   * Writes that the address is there. A warm one that was on the ENI before may be in use: its
   * record and its claim were deleted past their finalizers, and a claim that is to come takes it
   * back. No other Pod may get it.
   */
  private void arrived(VpcIP vip, String eniId, String requestId) {
    var uid = vip.getMetadata().getUid();
    if (RecordPurpose.isMadeWarm(vip) && perhapsThere.contains(uid)) {
      var user = checks.user(vip);
      if (user.isPresent()) {
        var message =
            "Pod %s uses it, but no claim of that Pod holds it; no other Pod gets it"
                .formatted(user.get());
        if (outcomes.explained(vip, AddressReason.STRAY_ADDRESS_IN_USE, message)) {
          events.warn(vip, AddressReason.STRAY_ADDRESS_IN_USE, message);
        }
        return;
      }
    }
    perhapsThere.remove(uid);
    outcomes.assigned(vip, eniId, requestId);
  }

  /** An address that is kept waits for its claim to say where it should be instead. */
  private UpdateControl<VpcIP> awaitPlace(VpcIP vip, String gone) {
    var message =
        "ENI %s is gone from the cloud; the operator puts %s on another one when its Pod has a node"
            .formatted(gone, vip.getMetadata().getName());
    var unused = outcomes.explained(vip, AddressReason.ENI_NOT_FOUND, message);
    return Requeue.after(OwnEnis.BELIEVED);
  }

  private CompletionStage<EniOperations.Done> bring(VpcIP vip, boolean again) {
    var ip = vip.ip();
    var wanted = vip.getSpec().eniId();
    var confirmed = vip.statusOrEmpty().eniId();
    if (confirmed != null && !confirmed.equals(wanted)) {
      return enis.migrate(confirmed, wanted, ip)
          .exceptionallyCompose(
              e ->
                  isKind(e, CloudException.Kind.NOT_FOUND)
                      ? fromNowhere(vip, confirmed, e)
                      : CompletableFuture.failedFuture(e));
    }
    if (AddressReserver.reserved(vip)) {
      return orElsewhere(vip, reserving.assign(wanted, ip));
    }
    boolean fresh = records.wasNewborn(vip) && !again;
    if (!fresh) {
      perhapsThere.add(vip.getMetadata().getUid());
    }
    return orElsewhere(vip, enis.assign(wanted, ip, !fresh));
  }

  /**
   * The cloud does not find what was to be moved. Where a look agrees that the address is not on
   * its old ENI, or that this one is gone, there is nothing to move: it is assigned.
   */
  private CompletionStage<EniOperations.Done> fromNowhere(
      VpcIP vip, String from, Throwable refusal) {
    var ip = vip.ip();
    var to = vip.getSpec().eniId();
    return checks
        .find(from, refusal)
        .thenCompose(
            source -> {
              if (source.flatMap(eni -> eni.address(ip)).isPresent()) {
                return after(checks.find(to, refusal), refusal);
              }
              // Whatever becomes of the assign: it is not where it was confirmed last.
              left.add(vip.getMetadata().getUid());
              return orElsewhere(vip, enis.assign(to, ip, true));
            });
  }

  /**
   * Where the ENI is not found, a look tells whether it is gone. Where the address is taken, and a
   * claim has it, it may be on another ENI of ours, and is moved from there.
   */
  private CompletionStage<EniOperations.Done> orElsewhere(
      VpcIP vip, CompletionStage<EniOperations.Done> assigned) {
    var ip = vip.ip();
    var to = vip.getSpec().eniId();
    return assigned.exceptionallyCompose(
        e -> {
          if (isKind(e, CloudException.Kind.NOT_FOUND)) {
            return after(checks.find(to, e), e);
          }
          if (isKind(e, CloudException.Kind.ADDRESS_TAKEN) && standsInClaim(vip)) {
            return checks
                .holding(ip)
                .thenCompose(
                    on ->
                        on.filter(eniId -> !eniId.equals(to)).isPresent()
                            ? enis.migrate(on.get(), to, ip)
                            : CompletableFuture.failedFuture(e));
          }
          return CompletableFuture.failedFuture(e);
        });
  }

  private static boolean isKind(Throwable failure, CloudException.Kind kind) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof CloudException e && e.kind() == kind;
  }

  /** Fails as before when the look has ended, which tells whether the ENI is gone. */
  private static CompletionStage<EniOperations.Done> after(
      CompletionStage<?> look, Throwable refusal) {
    return look.thenCompose(_ -> CompletableFuture.failedFuture(refusal));
  }

  private UpdateControl<VpcIP> failed(
      VpcIP vip, CloudTasks.State.Failed<EniOperations.Done> failed) {
    var cause = failed.cause();
    boolean nowhere =
        left.remove(vip.getMetadata().getUid()) || vip.statusOrEmpty().eniId() == null;
    if (nowhere && !standsInClaim(vip) && givenUp(vip, cause)) {
      return UpdateControl.noUpdate();
    }
    var unused = noRoom(vip, cause);
    outcomes.notAssigned(vip, cause, nowhere);
    return Requeue.after(failed.pause());
  }

  /** Remembers a place that has no room for a further address; whether it was that. */
  private boolean noRoom(VpcIP vip, CloudException cause) {
    return switch (cause.kind()) {
      case QUOTA -> {
        noRoom.onEni(vip.getSpec().eniId());
        yieldWarm(vip);
        yield true;
      }
      case SUBNET_FULL -> {
        noRoom.inSubnet(vip.getSpec().subnetId());
        yield true;
      }
      case ADDRESS_TAKEN, NOT_FOUND, THROTTLED, DENIED, TRANSIENT, INVALID -> false;
    };
  }

  /**
   * A warm address goes where the cloud has no room for the address of a Pod although there is room
   * by the records: they can say so for a moment, and what they do not know takes slots too. One at
   * a time, and none while another address is on its way out.
   */
  private void yieldWarm(VpcIP vip) {
    var spec = vip.getSpec();
    boolean leaving =
        book.onEni(spec.eniId()).stream()
            .anyMatch(other -> other.statusOrEmpty().phase() == VpcIPPhase.RELEASING);
    if (spec.claimRef() != null && !leaving) {
      var unused = records.releaseOneWarm(Set.of(spec.eniId()), spec.claimRef().uid());
    }
  }

  /**
   * Drops the record of an address that is on no ENI and that no claim names, where another
   * address, or another place, will do.
   */
  private boolean givenUp(VpcIP vip, CloudException cause) {
    if (cause.kind() == CloudException.Kind.ADDRESS_TAKEN) {
      // This one is left to its stranger.
      book.markForeign(vip.ip());
      events.warn(
          vip,
          NodeReason.ADDRESS_TAKEN,
          cause.getMessage() + "; the operator chooses another address");
    } else if (cause.kind() == CloudException.Kind.NOT_FOUND && own.isGone(vip.getSpec().eniId())) {
      events.warn(
          vip, AddressReason.ENI_NOT_FOUND, cause.getMessage() + "; the claim gets another place");
    } else if (!RecordPurpose.isMadeWarm(vip) || !noRoom(vip, cause)) {
      // A warm address that finds no room is given up: no Pod waits for it.
      return false;
    }
    outcomes.gone(vip);
    return true;
  }

  /** Whether a claim says, by the cache, that its Pod has this address. */
  private boolean standsInClaim(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    return ref != null
        && claims
            .get(ref.namespace(), ref.name())
            .filter(c -> vip.getMetadata().getName().equals(c.statusOrEmpty().address()))
            .isPresent();
  }
}
