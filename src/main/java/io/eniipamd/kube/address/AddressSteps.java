package io.eniipamd.kube.address;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.GuardedDelete;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What is done for an address in each phase of its life. */
public final class AddressSteps {
  private static final String ASSIGN = "assign";
  private static final String UNASSIGN = "unassign";
  private static final String PARK = "park";
  private static final String WHOSE = "whose/";

  /** The watch has shown what a request has made; its answer is some milliseconds away. */
  private static final Duration ANSWER_IS_NEAR = Duration.ofMillis(10);

  /** How often a Pod is looked for that uses an address of nobody's. */
  private static final Duration STRAY_IN_USE = Duration.ofSeconds(20);

  private final KubernetesClient client;
  private final SharedCache<VpcIP> vips;
  private final SharedCache<VpcIPClaim> claims;
  private final AddressBook book;
  private final VpcIpStore records;
  private final EniOperations enis;
  private final OwnEnis own;
  private final AddressReserver reserving;
  private final CloudTasks tasks;
  private final FreshReads fresh;
  private final EventRecorder events;
  private final ReleaseHold releaseHold;
  private final NoRoom noRoom;
  private final Duration rest;
  private final LongSupplier nanoTime;

  /** Since when this process has seen an address rest, by the UID of its record. */
  private final Map<String, Resting> resting = new ConcurrentHashMap<>();

  /**
   * @param since which rest of the record, as its status tells it apart from another one
   * @param nanos the first sight of it
   */
  private record Resting(String since, long nanos) {}

  private final Clock clock;

  /** Records whose address a look has not found on the ENI that they were confirmed on. */
  private final Set<String> left = ConcurrentHashMap.newKeySet();

  /** Hears where the cloud refuses a further address although there is room by the records. */
  public interface NoRoom {
    /** On this ENI, because of its limit. */
    void onEni(String eniId);

    /** In this subnet, on whichever ENI. */
    void inSubnet(String subnetId);
  }

  /**
   * @param releaseHold what can hold up a release
   * @param noRoom hears where the cloud has no room although there is some by the records
   * @param rest how long a released address stays with nobody
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public AddressSteps(
      KubernetesClient client,
      SharedCache<VpcIP> vips,
      SharedCache<VpcIPClaim> claims,
      AddressBook book,
      VpcIpStore records,
      EniOperations enis,
      OwnEnis own,
      AddressReserver reserving,
      CloudTasks tasks,
      FreshReads fresh,
      EventRecorder events,
      ReleaseHold releaseHold,
      NoRoom noRoom,
      Duration rest,
      Clock clock,
      LongSupplier nanoTime) {
    this.client = client;
    this.vips = vips;
    this.claims = claims;
    this.book = book;
    this.records = records;
    this.enis = enis;
    this.own = own;
    this.reserving = reserving;
    this.tasks = tasks;
    this.fresh = fresh;
    this.events = events;
    this.releaseHold = releaseHold;
    this.noRoom = noRoom;
    this.rest = rest;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Tells of a record that another version has written. */
  void leaveAlone(VpcIP vip, String field) {
    events.leftAlone(vip, field);
  }

  /** The record is gone; nothing has to be known of it any more. */
  void forget(String uid) {
    left.remove(uid);
    resting.remove(uid);
  }

  /** Puts our finalizer back on a record from which it was stripped. */
  UpdateControl<VpcIP> guard(VpcIP vip) {
    records.guard(vip);
    events.warn(
        vip,
        AddressReason.FINALIZER_RESTORED,
        "the finalizer was taken away; it was put back, because without it the address could be lost");
    return UpdateControl.noUpdate();
  }

  /** Brings the address to where its spec wants it. */
  UpdateControl<VpcIP> settle(VpcIP vip) {
    if (vip.isMarkedForDeletion() && afresh(vip).isEmpty()) {
      // It was let go, and the answer to that never came: nothing may be put on an ENI for it.
      book.deleted(vip);
      return UpdateControl.noUpdate();
    }
    if (VpcIpStore.isStray(vip)) {
      return stray(vip);
    }
    var holder = holder(vip);
    if (holder == Holder.GONE) {
      var ref = vip.getSpec().claimRef();
      var wait = releaseHold.holds(ref.namespace(), ref.uid());
      if (wait.isPresent()) {
        return Requeue.after(wait.get());
      }
      records.release(vip, ReleaseReason.MANUAL);
      return UpdateControl.noUpdate();
    }
    if (holder == Holder.UNSURE) {
      return Requeue.later();
    }
    if (vip.isMarkedForDeletion()) {
      events.warn(
          vip,
          AddressReason.DELETION_BLOCKED,
          ("deleted while claim %s/%s holds it; it stays until that claim is deleted"
                  + " (kubectl delete vipc %s -n %s)")
              .formatted(
                  vip.getSpec().claimRef().namespace(),
                  vip.getSpec().claimRef().name(),
                  vip.getSpec().claimRef().name(),
                  vip.getSpec().claimRef().namespace()));
    }
    var wanted = vip.getSpec().eniId();
    var status = vip.statusOrEmpty();
    boolean settled =
        status.phase() == VpcIPPhase.ASSIGNED && Objects.equals(wanted, status.eniId());
    if (wanted == null) {
      return park(vip);
    }
    if (settled) {
      return UpdateControl.noUpdate();
    }
    var hindrance = hindrance(vip, status.eniId(), wanted);
    if (hindrance.isPresent()) {
      return hindrance.get();
    }
    // One that was under way has to be looked for first: it may have left its old ENI.
    boolean underWay = status.eniId() != null && !status.eniId().equals(wanted);
    if (own.isGone(wanted) && !underWay && (status.eniId() != null || standsInClaim(vip))) {
      return awaitPlace(vip, wanted);
    }
    if (records.isBeingMade(ip(vip))) {
      // The cloud cannot have it yet, and asking as if it could is slow where a stranger has it.
      return Requeue.after(ANSWER_IS_NEAR);
    }
    return drive(
        vip,
        task(vip, ASSIGN + "/" + wanted),
        failures -> bring(vip, failures > 0),
        done -> assigned(vip, wanted, done.requestId()),
        failed -> failed(vip, failed));
  }

  /**
   * What hinders a step that would change these ENIs: one of them is not this cluster's, or it is
   * not known yet whose it is.
   */
  private Optional<UpdateControl<VpcIP>> hindrance(VpcIP vip, String... eniIds) {
    for (var eniId : eniIds) {
      if (eniId == null) {
        continue;
      }
      var whose = own.whose(eniId);
      if (whose.isEmpty()) {
        return Optional.of(askWhose(vip, eniId));
      }
      if (whose.get() == OwnEnis.Whose.OTHERS) {
        return Optional.of(foreign(vip, eniId));
      }
    }
    return Optional.empty();
  }

  private UpdateControl<VpcIP> askWhose(VpcIP vip, String eniId) {
    return tasks.drive(
        new CloudTasks.Task<>(
            new CloudTasks.Key(vip.getMetadata().getUid(), WHOSE + eniId),
            _ -> own.look(eniId),
            () -> enqueue(vip)),
        UpdateControl.<VpcIP>noUpdate(),
        // What was found is not believed any more, or another record asked meanwhile.
        _ -> Requeue.again(),
        failed -> refused(vip, failed));
  }

  /** The record came from another cluster: it is kept for its claim, and the cloud left alone. */
  private UpdateControl<VpcIP> foreign(VpcIP vip, String eniId) {
    var message =
        ("%s is recorded on ENI %s, which is not of this cluster: its tag names another cluster or"
                + " none, and no NodeENIConfig of a Node lists it. Nothing is changed in the cloud;"
                + " delete the claim to drop the record")
            .formatted(vip.getMetadata().getName(), eniId);
    if (explained(vip, AddressReason.FOREIGN_ENI, message)) {
      events.warn(vip, AddressReason.FOREIGN_ENI, message);
    }
    return Requeue.after(OwnEnis.BELIEVED);
  }

  /** An address that is kept waits for its claim to say where it shall be instead. */
  private UpdateControl<VpcIP> awaitPlace(VpcIP vip, String gone) {
    var message =
        "ENI %s is gone from the cloud; %s is put on another one when its Pod is placed"
            .formatted(gone, vip.getMetadata().getName());
    explained(vip, AddressReason.ENI_NOT_FOUND, message);
    return Requeue.after(OwnEnis.BELIEVED);
  }

  /** Writes down why the address waits, once; whether it was not said before. */
  private boolean explained(VpcIP vip, Reason reason, String message) {
    var status = vip.statusOrEmpty();
    boolean said = message.equals(status.error());
    if (said && isSaidOfThisPlace(vip)) {
      return false;
    }
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .error(message)
            .conditions(condition(vip, Condition.FALSE, reason, message))
            .build());
    return !said;
  }

  /** This very record as the API server has it now; empty where it is gone. */
  private Optional<VpcIP> afresh(VpcIP vip) {
    return Optional.ofNullable(
            client.resources(VpcIP.class).withName(vip.getMetadata().getName()).get())
        .filter(now -> now.getMetadata().getUid().equals(vip.getMetadata().getUid()));
  }

  /** Gives an address back that nobody has; a Pod may use it all the same. */
  private UpdateControl<VpcIP> stray(VpcIP vip) {
    var user = fresh.podWith(vip.getMetadata().getName());
    if (user.isPresent()) {
      events.warn(
          vip,
          AddressReason.STRAY_ADDRESS_IN_USE,
          "Pod %s uses it, but no claim of that Pod holds it; it stays for as long as that Pod runs"
              .formatted(user.get()));
      return Requeue.after(STRAY_IN_USE);
    }
    records.release(vip, ReleaseReason.STRAY);
    return UpdateControl.noUpdate();
  }

  /** Takes a kept address from its ENI: its record alone holds it then. */
  private UpdateControl<VpcIP> park(VpcIP vip) {
    var status = vip.statusOrEmpty();
    var on = status.eniId();
    if (on == null) {
      return status.phase() == VpcIPPhase.HELD ? reserving.hold(vip) : UpdateControl.noUpdate();
    }
    var hindrance = hindrance(vip, on);
    if (hindrance.isPresent()) {
      return hindrance.get();
    }
    return drive(
        vip,
        task(vip, PARK + "/" + on),
        _ -> enis.unassign(on, ip(vip), () -> stillParking(vip)),
        done -> parked(vip, done.requestId()),
        failed -> refused(vip, failed));
  }

  private void parked(VpcIP vip, String requestId) {
    records.status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.HELD)
            .since(records.now())
            .eniId(null)
            .error(null)
            .requestId(requestId)
            .conditions(
                condition(
                    vip,
                    Condition.FALSE,
                    AddressReason.HELD,
                    "kept for its claim, it is on no ENI"))
            .build());
  }

  /** One step of a task whose end is written into the record. */
  private UpdateControl<VpcIP> drive(
      VpcIP vip,
      CloudTasks.Key key,
      CloudTasks.Work<EniOperations.Done> work,
      Consumer<EniOperations.Done> done,
      Function<CloudTasks.State.Failed<EniOperations.Done>, UpdateControl<VpcIP>> refused) {
    return tasks.drive(
        new CloudTasks.Task<>(key, work, () -> enqueue(vip)),
        UpdateControl.<VpcIP>noUpdate(),
        result -> {
          done.accept(result);
          return UpdateControl.noUpdate();
        },
        refused);
  }

  private UpdateControl<VpcIP> refused(VpcIP vip, CloudTasks.State.Failed<?> failed) {
    say(vip, failed.cause());
    return Requeue.after(failed.pause());
  }

  private void say(VpcIP vip, CloudException cause) {
    var message = cause.getMessage();
    if (message.equals(vip.statusOrEmpty().error())) {
      return;
    }
    records.status(vip, VpcIPStatusBuilder.builder(vip.statusOrEmpty()).error(message).build());
    if (cause.kind() == CloudException.Kind.DENIED) {
      // It lasts until somebody gives the right, and whoever waits for it looks at the claim.
      events.warn(vip, reason(cause), message);
      held(vip).ifPresent(claim -> events.warn(claim, reason(cause), message));
    }
  }

  /** The claim that holds the address, by the cache. */
  private Optional<VpcIPClaim> held(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    return ref == null
        ? Optional.empty()
        : claims.get(ref.namespace(), ref.name()).filter(claim -> is(claim, ref));
  }

  /**
   * The last look before a kept address leaves its ENI: this very record still wants to be on none,
   * and its claim is bound to no Pod.
   */
  private boolean stillParking(VpcIP vip) {
    return afresh(vip)
        .filter(now -> now.getSpec().eniId() == null)
        .filter(now -> now.statusOrEmpty().phase() != VpcIPPhase.RELEASING)
        .flatMap(this::claimOf)
        .map(VpcIPClaim::statusOrEmpty)
        .filter(c -> c.phase() == ClaimPhase.RETAINED && c.eniId() == null)
        .isPresent();
  }

  private Optional<VpcIPClaim> claimOf(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    return ref == null
        ? Optional.empty()
        : Optional.ofNullable(
                client
                    .resources(VpcIPClaim.class)
                    .inNamespace(ref.namespace())
                    .withName(ref.name())
                    .get())
            .filter(c -> is(c, ref));
  }

  /**
   * The target and the beginning of the phase are in the key: a task for an earlier wish says
   * nothing of this one, not even of the same one that was given up in between.
   */
  private static CloudTasks.Key task(VpcIP vip, String what) {
    return new CloudTasks.Key(vip.getMetadata().getUid(), what + "/" + vip.statusOrEmpty().since());
  }

  private CompletionStage<EniOperations.Done> bring(VpcIP vip, boolean again) {
    var ip = ip(vip);
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
    return orElsewhere(vip, enis.assign(wanted, ip, !fresh));
  }

  /**
   * The cloud does not find what was to be moved. Where a look agrees that the address is not on
   * its old ENI, or that this one is gone, there is nothing to move: it is assigned.
   */
  private CompletionStage<EniOperations.Done> fromNowhere(
      VpcIP vip, String from, Throwable refusal) {
    var ip = ip(vip);
    var to = vip.getSpec().eniId();
    return sight(from, refusal)
        .thenCompose(
            source -> {
              if (source.flatMap(eni -> eni.address(ip)).isPresent()) {
                return after(sight(to, refusal), refusal);
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
    var ip = ip(vip);
    var to = vip.getSpec().eniId();
    return assigned.exceptionallyCompose(
        e -> {
          if (isKind(e, CloudException.Kind.NOT_FOUND)) {
            return after(sight(to, e), e);
          }
          if (isKind(e, CloudException.Kind.ADDRESS_TAKEN) && standsInClaim(vip)) {
            return own.holding(ip)
                .thenCompose(
                    on ->
                        on.filter(eniId -> !eniId.equals(to)).isPresent()
                            ? enis.migrate(on.get(), to, ip)
                            : CompletableFuture.failedFuture(e));
          }
          return CompletableFuture.failedFuture(e);
        });
  }

  /**
   * The ENI as the cloud has it now; asked again only where the refusal has not said it is gone.
   */
  private CompletionStage<Optional<NetworkInterface>> sight(String eniId, Throwable refusal) {
    var cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
    if (cause instanceof CloudException e && e.missingEni().filter(eniId::equals).isPresent()) {
      own.gone(eniId);
      return CompletableFuture.completedStage(Optional.empty());
    }
    return own.find(eniId);
  }

  private static boolean isKind(Throwable failure, CloudException.Kind kind) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof CloudException e && e.kind() == kind;
  }

  /** Fails as before when the look has ended, which tells whether the ENI is gone. */
  private static CompletionStage<EniOperations.Done> after(
      CompletionStage<?> look, Throwable refusal) {
    return look.thenCompose(seen -> CompletableFuture.failedFuture(refusal));
  }

  private void assigned(VpcIP vip, String eniId, String requestId) {
    left.remove(vip.getMetadata().getUid());
    var status = vip.statusOrEmpty();
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(VpcIPPhase.ASSIGNED)
            .since(records.now())
            .eniId(eniId)
            .requestId(requestId.isEmpty() ? status.requestId() : requestId)
            .error(null)
            .conditions(
                condition(
                    vip, Condition.TRUE, AddressReason.ASSIGNED, "the cloud has it on " + eniId))
            .build());
  }

  private UpdateControl<VpcIP> failed(
      VpcIP vip, CloudTasks.State.Failed<EniOperations.Done> failed) {
    var cause = failed.cause();
    boolean nowhere =
        left.remove(vip.getMetadata().getUid()) || vip.statusOrEmpty().eniId() == null;
    if (cause.kind() == CloudException.Kind.ADDRESS_TAKEN && nowhere && !standsInClaim(vip)) {
      // Nobody has used it yet: another address will do, and this one is left to its stranger.
      book.markForeign(ip(vip));
      events.warn(
          vip, NodeReason.ADDRESS_TAKEN, cause.getMessage() + "; another address is chosen");
      gone(vip);
      return UpdateControl.noUpdate();
    }
    var wanted = vip.getSpec().eniId();
    if (cause.kind() == CloudException.Kind.NOT_FOUND
        && own.isGone(wanted)
        && nowhere
        && !standsInClaim(vip)) {
      // It is on no ENI, and this one is gone: its claim is placed anew.
      events.warn(
          vip, AddressReason.ENI_NOT_FOUND, cause.getMessage() + "; the claim gets another place");
      gone(vip);
      return UpdateControl.noUpdate();
    }
    if (cause.kind() == CloudException.Kind.QUOTA) {
      noRoom.onEni(wanted);
    } else if (cause.kind() == CloudException.Kind.SUBNET_FULL) {
      noRoom.inSubnet(vip.getSpec().subnetId());
    }
    var message = cause.getMessage();
    var status = vip.statusOrEmpty();
    boolean leaves = nowhere && status.eniId() != null;
    if (leaves || !message.equals(status.error()) || !isSaidOfThisPlace(vip)) {
      records.status(
          vip,
          VpcIPStatusBuilder.builder(status)
              .phase(leaves ? VpcIPPhase.ATTACHING : status.phase())
              .eniId(nowhere ? null : status.eniId())
              .error(message)
              .requestId(cause.requestId().orElse(status.requestId()))
              .conditions(condition(vip, Condition.FALSE, reason(cause), message))
              .build());
    }
    return Requeue.after(failed.pause());
  }

  private static boolean isSaidOfThisPlace(VpcIP vip) {
    return Conditions.find(vip.statusOrEmpty().conditions(), AddressConditions.ATTACHED)
        .filter(c -> isOfThisPlace(c, vip))
        .isPresent();
  }

  /** Whether the condition was written since the record says where its address shall be. */
  public static boolean isOfThisPlace(Condition condition, VpcIP vip) {
    return Objects.equals(condition.observedGeneration(), vip.getMetadata().getGeneration());
  }

  /** Takes the address from its ENI, and sees that it is gone. */
  UpdateControl<VpcIP> release(VpcIP vip) {
    var status = vip.statusOrEmpty();
    var on = status.eniId() != null ? status.eniId() : vip.getSpec().eniId();
    if (vip.getSpec().type() == VpcIPType.ENI || (on == null && !AddressReserver.reserved(vip))) {
      // An ENI's own address goes with the ENI; one that never was on any is free already.
      rested(vip, "");
      return UpdateControl.noUpdate();
    }
    var named =
        Stream.of(status.eniId(), vip.getSpec().eniId()).filter(Objects::nonNull).distinct();
    var ours = new ArrayList<String>();
    for (var eniId : named.toList()) {
      var whose = own.whose(eniId);
      if (whose.isEmpty()) {
        return askWhose(vip, eniId);
      }
      if (whose.get() == OwnEnis.Whose.OTHERS) {
        events.warn(
            vip,
            AddressReason.FOREIGN_ENI,
            ("it is recorded on ENI %s, which is not of this cluster; the record is dropped, and"
                    + " nothing is changed in the cloud")
                .formatted(eniId));
      } else {
        ours.add(eniId);
      }
    }
    if (on != null && ours.isEmpty()) {
      // It is in use over there: nobody here shall be given it soon.
      book.markForeign(ip(vip));
      rested(vip, "");
      return UpdateControl.noUpdate();
    }
    return drive(
        vip,
        task(vip, UNASSIGN),
        _ -> unassign(vip, ours),
        done -> rested(vip, done.requestId()),
        failed -> refused(vip, failed));
  }

  /** It was perhaps on its way from one ENI to another, and may be on either. */
  private CompletionStage<EniOperations.Done> unassign(VpcIP vip, List<String> eniIds) {
    CompletionStage<EniOperations.Done> gone =
        CompletableFuture.completedStage(new EniOperations.Done(""));
    for (var eniId : eniIds) {
      gone = gone.thenCompose(done -> enis.unassign(eniId, ip(vip), () -> stillReleasing(vip)));
    }
    return AddressReserver.reserved(vip)
        ? gone.thenCompose(done -> reserving.end(vip, () -> stillReleasing(vip)))
        : gone;
  }

  /** The last look before an address leaves its ENI: this very record, still being released. */
  private boolean stillReleasing(VpcIP vip) {
    if (VpcIpStore.isStray(vip) && fresh.podWith(vip.getMetadata().getName()).isPresent()) {
      return false;
    }
    return afresh(vip)
        .filter(now -> now.statusOrEmpty().phase() == VpcIPPhase.RELEASING)
        .filter(now -> !boundMeanwhile(now))
        .isPresent();
  }

  /** With two leaders by mistake, one may bind what the other takes for a surplus. */
  private boolean boundMeanwhile(VpcIP vip) {
    return claimOf(vip)
        .filter(claim -> !claim.isMarkedForDeletion())
        .filter(claim -> vip.getMetadata().getName().equals(claim.statusOrEmpty().address()))
        .isPresent();
  }

  private void rested(VpcIP vip, String requestId) {
    var status = vip.statusOrEmpty();
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(VpcIPPhase.QUARANTINED)
            .since(records.now())
            .eniId(null)
            .error(null)
            .requestId(requestId.isEmpty() ? status.requestId() : requestId)
            .conditions(
                AddressReserver.ended(
                    condition(vip, Condition.FALSE, AddressReason.RELEASED, "it is on no ENI"),
                    vip.getMetadata().getGeneration(),
                    clock.instant()))
            .build());
  }

  /**
   * Lets the address go when it has rested. The time counts from this process's first sight of the
   * rest: the moment in the status was written by another leader perhaps, whose clock was off, and
   * a rest that is too short lets a late request hit the next holder.
   */
  UpdateControl<VpcIP> rest(VpcIP vip) {
    var since = vip.statusOrEmpty().since();
    long now = nanoTime.getAsLong();
    var seen =
        resting.compute(
            vip.getMetadata().getUid(),
            (uid, before) ->
                before != null && before.since().equals(since) ? before : new Resting(since, now));
    var left = rest.minusNanos(now - seen.nanos());
    if (left.isPositive()) {
      return Requeue.after(left);
    }
    gone(vip);
    return UpdateControl.noUpdate();
  }

  /** Deletes the record and takes its finalizer away; both only as it was read. */
  private void gone(VpcIP vip) {
    var current = Optional.of(vip);
    if (!vip.isMarkedForDeletion()) {
      try {
        GuardedDelete.of(client, vip);
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
            || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return;
        }
        throw e;
      }
      current = afresh(vip);
    }
    current.ifPresent(records::finish);
  }

  private enum Holder {
    THERE,
    GONE,
    UNSURE
  }

  /**
   * Whether the claim that holds the address is there; the cache's No is asked for a second time.
   */
  private Holder holder(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    if (ref == null) {
      return Holder.THERE;
    }
    if (claims.get(ref.namespace(), ref.name()).filter(c -> is(c, ref)).isPresent()) {
      return Holder.THERE;
    }
    var now = client.resources(VpcIPClaim.class).inNamespace(ref.namespace()).withName(ref.name());
    var claim = Optional.ofNullable(now.get());
    if (claim.filter(c -> is(c, ref)).isPresent()) {
      return Holder.THERE;
    }
    // A Pod that runs with the address, or a claim that names it, keeps it: they will take it over.
    boolean named =
        claim
            .map(c -> vip.getMetadata().getName().equals(c.statusOrEmpty().address()))
            .orElse(false);
    boolean worn =
        fresh
            .pod(ref.namespace(), ref.name())
            .pod()
            .filter(p -> !p.ended())
            .filter(p -> vip.getMetadata().getName().equals(p.podIp()))
            .isPresent();
    return named || worn ? Holder.UNSURE : Holder.GONE;
  }

  private boolean standsInClaim(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    return ref != null
        && claims
            .get(ref.namespace(), ref.name())
            .filter(c -> vip.getMetadata().getName().equals(c.statusOrEmpty().address()))
            .isPresent();
  }

  private static boolean is(VpcIPClaim claim, ClaimRef ref) {
    return claim.getMetadata().getUid().equals(ref.uid());
  }

  private List<Condition> condition(VpcIP vip, String status, Reason reason, String message) {
    return Conditions.with(
        vip.statusOrEmpty().conditions(),
        AddressConditions.ATTACHED,
        status,
        reason,
        message,
        vip.getMetadata().getGeneration(),
        clock.instant());
  }

  private static Reason reason(CloudException cause) {
    return switch (cause.kind()) {
      case QUOTA -> AddressReason.QUOTA_EXCEEDED;
      case SUBNET_FULL -> NodeReason.SUBNET_FULL;
      case ADDRESS_TAKEN -> NodeReason.ADDRESS_TAKEN;
      case NOT_FOUND -> AddressReason.ENI_NOT_FOUND;
      case THROTTLED -> AddressReason.THROTTLED;
      case DENIED -> AddressReason.ACCESS_DENIED;
      case TRANSIENT -> OperatorReason.CLOUD_UNAVAILABLE;
      case INVALID -> AddressReason.REQUEST_REFUSED;
    };
  }

  private void enqueue(VpcIP vip) {
    vips.enqueue(vip.getMetadata().getName());
  }

  private static Ip ip(VpcIP vip) {
    return Ip.parse(vip.getMetadata().getName());
  }
}
