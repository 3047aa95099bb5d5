package io.eniipamd.kube.address;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Holds kept addresses that are on no ENI as reserved private IPs of the cloud, where that is
 * switched on. Where the cloud refuses, the record alone holds the address, and says why.
 */
@Singleton
public final class AddressReserver {
  private static final String RESERVE = "reserve";

  /** A quota that was raised, or a right that was granted, shows after this. */
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(10);

  private final AddressReservations cloud;
  private final VpcIpStore records;
  private final SharedCache<VpcIP> vips;
  private final SharedCache<VpcIPClaim> claims;
  private final CloudTasks tasks;
  private final EventRecorder events;
  private final Supplier<ReleaseSettings> settings;
  private final Clock clock;

  public AddressReserver(
      AddressReservations cloud,
      VpcIpStore records,
      SharedCache<VpcIP> vips,
      SharedCache<VpcIPClaim> claims,
      CloudTasks tasks,
      EventRecorder events,
      Supplier<ReleaseSettings> settings,
      Clock clock) {
    this.cloud = cloud;
    this.records = records;
    this.vips = vips;
    this.claims = claims;
    this.tasks = tasks;
    this.events = events;
    this.settings = settings;
    this.clock = clock;
  }

  /** Whether the record says that the address is reserved in the cloud by us, or may be. */
  static boolean reserved(VpcIP vip) {
    return Conditions.find(vip.statusOrEmpty().conditions(), AddressConditions.RESERVED)
        .filter(c -> !c.status().equals(Condition.FALSE))
        .isPresent();
  }

  /** The conditions of a record whose reservation is over. */
  static List<Condition> ended(List<Condition> before, Long generation, Instant now) {
    return Conditions.find(before, AddressConditions.RESERVED).isEmpty()
        ? before
        : Conditions.with(
            before,
            AddressConditions.RESERVED,
            Condition.FALSE,
            AddressReason.RESERVATION_ENDED,
            "it is not reserved",
            generation,
            now);
  }

  /** Reserves an address that its record alone holds, where that is wanted and not done yet. */
  UpdateControl<VpcIP> hold(VpcIP vip) {
    var said = Conditions.find(vip.statusOrEmpty().conditions(), AddressConditions.RESERVED);
    var why = Conditions.reason(vip.statusOrEmpty().conditions(), AddressConditions.RESERVED);
    if (!settings.get().reserve()
        || said.filter(c -> c.status().equals(Condition.TRUE)).isPresent()) {
      return UpdateControl.noUpdate();
    }
    if (said.isEmpty() || why.filter(AddressReason.RESERVATION_ENDED::equals).isPresent()) {
      // The intent first: from here on it may be reserved, whatever happens to this process.
      say(
          vip,
          Condition.UNKNOWN,
          AddressReason.RESERVING,
          "the operator asks the cloud to reserve it");
      return UpdateControl.noUpdate();
    }
    return tasks.drive(
        new CloudTasks.Task<>(
            new CloudTasks.Key(vip.getMetadata().getUid(), RESERVE),
            _ -> cloud.reserve(vip.getSpec().subnetId(), vip.ip()),
            () -> enqueue(vip)),
        UpdateControl.<VpcIP>noUpdate(),
        answer -> answered(vip, answer),
        failed -> refused(vip, failed));
  }

  private UpdateControl<VpcIP> answered(VpcIP vip, Answer<Reservation> answer) {
    return switch (answer) {
      case Answer.Known<Reservation>(Reservation made) -> {
        say(vip, Condition.TRUE, AddressReason.RESERVED, "the cloud reserves it as " + made.id());
        yield UpdateControl.noUpdate();
      }
      case Answer.Unknown<Reservation>(String reason) -> {
        problem(vip, AddressReason.RESERVE_DENIED, reason);
        yield Requeue.after(AFTER_REFUSAL);
      }
    };
  }

  private UpdateControl<VpcIP> refused(
      VpcIP vip, CloudTasks.State.Failed<Answer<Reservation>> failed) {
    var reason =
        switch (failed.cause().kind()) {
          case QUOTA -> AddressReason.RESERVE_QUOTA;
          case ADDRESS_TAKEN -> AddressReason.TAKEN_BY_STRANGER;
          case SUBNET_FULL, NOT_FOUND, THROTTLED, DENIED, TRANSIENT, INVALID ->
              AddressReason.RESERVE_FAILED;
        };
    problem(vip, reason, failed.cause().getMessage());
    return Requeue.after(
        failed.cause().kind() == CloudException.Kind.TRANSIENT ? failed.pause() : AFTER_REFUSAL);
  }

  /** Its own condition, and an event on the claim, which users read. */
  private void problem(VpcIP vip, Reason reason, String message) {
    if (say(vip, Condition.UNKNOWN, reason, message)) {
      var ref = vip.getSpec().claimRef();
      claims
          .get(ref.namespace(), ref.name())
          .ifPresent(claim -> events.warn(claim, reason, message));
    }
  }

  CompletionStage<EniOperations.Done> assign(String eniId, Ip ip) {
    return cloud.assignReserved(eniId, ip, true);
  }

  /**
   * Ends the reservation of an address that is being released. If the account may not list
   * reservations, it could not have made one either.
   */
  CompletionStage<EniOperations.Done> end(VpcIP vip, BooleanSupplier stillWanted) {
    return cloud
        .unreserve(vip.ip(), stillWanted)
        .thenApply(answer -> answer.known().orElseGet(() -> new EniOperations.Done("")));
  }

  private boolean say(VpcIP vip, String state, Reason reason, String message) {
    var status = vip.statusOrEmpty();
    if (Conditions.says(status.conditions(), AddressConditions.RESERVED, state, reason, message)) {
      return false;
    }
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .conditions(
                Conditions.with(
                    status.conditions(),
                    AddressConditions.RESERVED,
                    state,
                    reason,
                    message,
                    vip.getMetadata().getGeneration(),
                    clock.instant()))
            .build());
    return true;
  }

  private void enqueue(VpcIP vip) {
    vips.enqueue(vip.getMetadata().getName());
  }
}
