package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Brings the ENI of a Pod's own to the instance that its record names, keeps it on none, and
 * removes it. The ENI is found by its address, which is its primary one for as long as it is there.
 */
@Singleton
public final class DirectEniSteps {

  /** How soon to look again whether the record of the node is there. */
  private static final Duration NODE_AGAIN = Duration.ofSeconds(5);

  /** The watch has shown what a request has made; its answer is some milliseconds away. */
  private static final Duration ANSWER_IS_NEAR = Duration.ofMillis(10);

  private final EniOperations enis;
  private final OwnEnis own;
  private final AddressTasks tasks;
  private final FreshChecks checks;
  private final AddressOutcomes outcomes;
  private final DirectRecords records;
  private final AddressBook book;
  private final DirectEniSpecs specs;
  private final SharedCache<VpcIPClaim> claims;
  private final EventRecorder events;
  private final NoRoom noRoom;

  /**
   * Records whose ENI is on its way somewhere. The next task waits for its end: what it does not
   * see yet, such as an ENI that is just being made, would be left behind.
   */
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  public DirectEniSteps(
      EniOperations enis,
      OwnEnis own,
      AddressTasks tasks,
      FreshChecks checks,
      AddressOutcomes outcomes,
      DirectRecords records,
      AddressBook book,
      DirectEniSpecs specs,
      SharedCache<VpcIPClaim> claims,
      EventRecorder events,
      NoRoom noRoom) {
    this.enis = enis;
    this.own = own;
    this.tasks = tasks;
    this.checks = checks;
    this.outcomes = outcomes;
    this.records = records;
    this.book = book;
    this.specs = specs;
    this.claims = claims;
    this.events = events;
    this.noRoom = noRoom;
  }

  /** The record is gone; nothing has to be known of it any more. */
  void forget(String uid) {
    underWay.remove(uid);
  }

  /** Brings the ENI to where its record wants it. */
  UpdateControl<VpcIP> settle(VpcIP vip) {
    if (DirectRecords.isSettled(vip)) {
      return UpdateControl.noUpdate();
    }
    if (isUnderWay(vip)) {
      return UpdateControl.noUpdate();
    }
    return vip.getSpec().instanceId() == null ? detach(vip) : attach(vip);
  }

  /** Whether a task of its record runs, for whichever intent; its end enqueues the record. */
  private boolean isUnderWay(VpcIP vip) {
    return underWay.contains(vip.getMetadata().getUid());
  }

  private <T> CompletionStage<T> alone(VpcIP vip, Supplier<CompletionStage<T>> work) {
    var uid = vip.getMetadata().getUid();
    underWay.add(uid);
    try {
      return work.get().whenComplete((_, _) -> underWay.remove(uid));
    } catch (RuntimeException e) {
      underWay.remove(uid);
      throw e;
    }
  }

  private UpdateControl<VpcIP> attach(VpcIP vip) {
    var spec = specs.of(vip, token("create", vip));
    if (spec.isEmpty()) {
      return Requeue.after(NODE_AGAIN);
    }
    if (records.isBeingMade(vip.ip())) {
      // The cloud cannot have it yet, and asking as if it could is slow where another user has it.
      return Requeue.after(ANSWER_IS_NEAR);
    }
    return tasks.drive(
        vip,
        "attach/" + vip.getMetadata().getGeneration(),
        failures -> alone(vip, () -> bring(vip, spec.get(), failures > 0)),
        eni -> records.attached(vip, eni),
        failed -> notAttached(vip, failed));
  }

  private CompletionStage<NetworkInterface> bring(VpcIP vip, EniSpec spec, boolean again) {
    var instance = vip.getSpec().instanceId();
    boolean fresh = records.wasNewborn(vip) && !again;
    CompletionStage<Optional<NetworkInterface>> found =
        fresh ? CompletableFuture.completedStage(Optional.empty()) : own.direct(vip.ip());
    return found
        .thenCompose(
            there ->
                there
                    .<CompletionStage<NetworkInterface>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> create(vip, spec, !fresh)))
        .thenCompose(eni -> offAnother(vip, eni))
        .thenCompose(
            eni ->
                isWantedStill(vip)
                    ? enis.attach(eni.id(), instance, AttachMode.EXTENSION, token("attach", vip))
                    : CompletableFuture.failedStage(
                        new CloudException(
                            CloudException.Kind.TRANSIENT,
                            "attaching " + eni.id() + " to " + instance,
                            null,
                            "its VpcIP does not want it there any more",
                            null,
                            null)));
  }

  /** By the cache: an ENI that is attached without a record is removed by nobody. */
  private boolean isWantedStill(VpcIP vip) {
    return book.get(vip.ip())
        .filter(now -> now.getMetadata().getUid().equals(vip.getMetadata().getUid()))
        .filter(
            now ->
                Objects.equals(now.getSpec().instanceId(), vip.getSpec().instanceId())
                    && now.statusOrEmpty().phase() != VpcIPPhase.RELEASING)
        .isPresent();
  }

  private CompletionStage<NetworkInterface> create(VpcIP vip, EniSpec spec, boolean mayBeThere) {
    return enis.create(spec, mayBeThere)
        .exceptionallyCompose(
            e ->
                isKind(e, CloudException.Kind.ADDRESS_TAKEN)
                    ? own.direct(vip.ip())
                        .thenCompose(
                            there ->
                                there
                                    .<CompletionStage<NetworkInterface>>map(
                                        CompletableFuture::completedStage)
                                    .orElseGet(() -> CompletableFuture.failedStage(e)))
                    : CompletableFuture.failedStage(e));
  }

  /** At most 64 characters; of another intent it is another one. */
  private static String token(String what, VpcIP vip) {
    var meta = vip.getMetadata();
    return "%s-%s-%d".formatted(what, meta.getUid(), meta.getGeneration());
  }

  private CompletionStage<NetworkInterface> offAnother(VpcIP vip, NetworkInterface eni) {
    var wanted = vip.getSpec().instanceId();
    if (eni.instanceId().filter(on -> !on.equals(wanted)).isEmpty()) {
      return CompletableFuture.completedStage(eni);
    }
    return enis.detach(
            eni.id(),
            seen ->
                own.isDirect(seen, vip.ip())
                    && seen.instanceId().filter(wanted::equals).isEmpty()
                    && checks.stillLeaving(vip))
        .thenApply(_ -> eni);
  }

  private UpdateControl<VpcIP> notAttached(
      VpcIP vip, CloudTasks.State.Failed<NetworkInterface> failed) {
    var cause = failed.cause();
    if (cause.kind() == CloudException.Kind.SUBNET_FULL) {
      noRoom.inSubnet(vip.getSpec().subnetId());
    }
    boolean everHad = vip.statusOrEmpty().eniId() != null || standsInClaim(vip);
    if (cause.kind() == CloudException.Kind.SUBNET_FULL && !everHad) {
      // Another subnet will do; where there is none, the claim says that this one is full.
      outcomes.gone(vip);
      return UpdateControl.noUpdate();
    }
    if (cause.kind() == CloudException.Kind.ADDRESS_TAKEN && !everHad) {
      // No ENI of ours has it, and no Pod ever had it: it is left to its stranger.
      book.markForeign(vip.ip());
      events.warn(
          vip,
          NodeReason.ADDRESS_TAKEN,
          cause.getMessage() + "; the operator chooses another address");
      outcomes.gone(vip);
      return UpdateControl.noUpdate();
    }
    outcomes.notAssigned(vip, cause, false);
    return Requeue.after(failed.pause());
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

  /**
   * Where the ENI went.
   *
   * @param eniId empty where there was none
   */
  private record Detached(Optional<String> eniId, String requestId) {}

  private UpdateControl<VpcIP> detach(VpcIP vip) {
    return tasks.drive(
        vip,
        "detach/" + vip.getMetadata().getGeneration(),
        _ -> alone(vip, () -> takeOff(vip)),
        done -> records.detached(vip, done.eniId().orElse(null), done.requestId()),
        failed -> outcomes.refused(vip, failed));
  }

  private CompletionStage<Detached> takeOff(VpcIP vip) {
    return its(vip)
        .thenCompose(
            eniId ->
                eniId.isEmpty()
                    ? CompletableFuture.completedStage(new Detached(eniId, ""))
                    : enis.detach(
                            eniId.get(),
                            seen -> own.isDirect(seen, vip.ip()) && checks.stillLeaving(vip))
                        .thenApply(done -> new Detached(eniId, done.requestId())));
  }

  /** The ID of the ENI that has the address, else that of the one that had it last. */
  private CompletionStage<Optional<String>> its(VpcIP vip) {
    return own.direct(vip.ip())
        .thenApply(
            found ->
                found
                    .map(NetworkInterface::id)
                    .or(() -> Optional.ofNullable(vip.statusOrEmpty().eniId())));
  }

  /** Takes the ENI of a released address off its instance and deletes it. */
  UpdateControl<VpcIP> remove(VpcIP vip) {
    if (isUnderWay(vip)) {
      return UpdateControl.noUpdate();
    }
    return tasks.drive(
        vip,
        "remove",
        _ -> alone(vip, () -> removal(vip)),
        done -> outcomes.released(vip, done.requestId()),
        failed -> outcomes.refused(vip, failed));
  }

  private CompletionStage<EniOperations.Done> removal(VpcIP vip) {
    return its(vip)
        .thenCompose(
            eniId ->
                eniId.isEmpty()
                    ? CompletableFuture.completedStage(new EniOperations.Done(""))
                    : enis.remove(
                        eniId.get(),
                        seen -> own.isDirect(seen, vip.ip()) && checks.stillReleasing(vip)));
  }

  private static boolean isKind(Throwable failure, CloudException.Kind kind) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof CloudException e && e.kind() == kind;
  }
}
