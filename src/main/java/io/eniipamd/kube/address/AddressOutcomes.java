package io.eniipamd.kube.address;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.GuardedDelete;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes what has become of an address into its record: where it is, or why it is not where the
 * record wants it. Nothing is decided here, and the cloud is not asked.
 */
@Singleton
public final class AddressOutcomes {
  private final KubernetesClient client;
  private final SharedCache<VpcIPClaim> claims;
  private final VpcIpStore records;
  private final FreshChecks checks;
  private final EventRecorder events;
  private final Clock clock;

  public AddressOutcomes(
      KubernetesClient client,
      SharedCache<VpcIPClaim> claims,
      VpcIpStore records,
      FreshChecks checks,
      EventRecorder events,
      Clock clock) {
    this.client = client;
    this.claims = claims;
    this.records = records;
    this.checks = checks;
    this.events = events;
    this.clock = clock;
  }

  /** The cloud has the address on the ENI. */
  void assigned(VpcIP vip, String eniId, String requestId) {
    var status = vip.statusOrEmpty();
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(there(vip))
            .since(records.now())
            .eniId(eniId)
            .requestId(requestId.isEmpty() ? status.requestId() : requestId)
            .error(null)
            .conditions(
                records.withAttached(
                    vip, Condition.TRUE, AddressReason.ASSIGNED, "the cloud has it on " + eniId))
            .build());
  }

  /** The phase of an address that is on its ENI: it waits for a Pod, or a claim holds it. */
  static VpcIPPhase there(VpcIP vip) {
    return RecordPurpose.isMadeWarm(vip) ? VpcIPPhase.AVAILABLE : VpcIPPhase.ASSIGNED;
  }

  /** A claim has taken the warm address, which is where it was. */
  void taken(VpcIP vip) {
    records.status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.ASSIGNED)
            .since(records.now())
            .build());
  }

  /** The address has left its ENI, and its record alone holds it. */
  void parked(VpcIP vip, String requestId) {
    records.status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.HELD)
            .since(records.now())
            .eniId(null)
            .error(null)
            .requestId(requestId)
            .conditions(
                records.withAttached(
                    vip,
                    Condition.FALSE,
                    AddressReason.HELD,
                    "its claim keeps it, and it is on no ENI"))
            .build());
  }

  /** The address is on no ENI, no claim holds it, and its quarantine begins. */
  void released(VpcIP vip, String requestId) {
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
                    records.withAttached(
                        vip, Condition.FALSE, AddressReason.RELEASED, "it is on no ENI"),
                    vip.getMetadata().getGeneration(),
                    clock.instant()))
            .build());
  }

  /**
   * The cloud has refused to put the address where its record wants it; written once for each
   * place.
   *
   * @param nowhere whether it is on no ENI at all, wherever it was confirmed last
   */
  void notAssigned(VpcIP vip, CloudException cause, boolean nowhere) {
    var message = cause.getMessage();
    var status = vip.statusOrEmpty();
    boolean leaves = nowhere && status.eniId() != null;
    if (!leaves && message.equals(status.error()) && isSaidOfThisPlace(vip)) {
      return;
    }
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(leaves ? VpcIPPhase.ATTACHING : status.phase())
            .eniId(nowhere ? null : status.eniId())
            .error(message)
            .requestId(cause.requestId().orElse(status.requestId()))
            .conditions(records.withAttached(vip, Condition.FALSE, reason(cause), message))
            .build());
  }

  /**
   * The cloud has refused anything but an assign: writes it, tells of it where a user has to act,
   * and comes back.
   */
  UpdateControl<VpcIP> refused(VpcIP vip, CloudTasks.State.Failed<?> failed) {
    var cause = failed.cause();
    var message = cause.getMessage();
    if (!message.equals(vip.statusOrEmpty().error())) {
      records.status(vip, VpcIPStatusBuilder.builder(vip.statusOrEmpty()).error(message).build());
      if (cause.kind() == CloudException.Kind.DENIED) {
        // It lasts until a user grants the right, and a user who waits for the address reads the
        // claim.
        events.warn(vip, reason(cause), message);
        holder(vip).ifPresent(claim -> events.warn(claim, reason(cause), message));
      }
    }
    return Requeue.after(failed.pause());
  }

  /** The claim that holds the address, by the cache. */
  private Optional<VpcIPClaim> holder(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    return ref == null
        ? Optional.empty()
        : claims.get(ref.namespace(), ref.name()).filter(claim -> FreshChecks.is(claim, ref));
  }

  /** Writes down why the address waits, once; whether it was not said before. */
  boolean explained(VpcIP vip, Reason reason, String message) {
    var status = vip.statusOrEmpty();
    boolean said = message.equals(status.error());
    if (said && isSaidOfThisPlace(vip)) {
      return false;
    }
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .error(message)
            .conditions(records.withAttached(vip, Condition.FALSE, reason, message))
            .build());
    return !said;
  }

  /** Deletes the record and takes its finalizer away; both only as it was read. */
  void gone(VpcIP vip) {
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
      current = checks.record(vip);
    }
    current.ifPresent(records::finish);
  }

  private static boolean isSaidOfThisPlace(VpcIP vip) {
    return Conditions.find(vip.statusOrEmpty().conditions(), AddressConditions.ATTACHED)
        .filter(c -> isOfThisPlace(c, vip))
        .isPresent();
  }

  /** Whether the condition was written since the record says where its address should be. */
  public static boolean isOfThisPlace(Condition condition, VpcIP vip) {
    return Objects.equals(condition.observedGeneration(), vip.getMetadata().getGeneration());
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
}
