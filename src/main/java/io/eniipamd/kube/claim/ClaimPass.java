package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Writes one claim in one pass. Each write carries the version that its decision was made from, and
 * the next one that of the write before it.
 */
final class ClaimPass {
  private final VpcIPClaim claim;
  private final Context<VpcIPClaim> context;
  private final WrittenClaims written;
  private final SharedCache<SlimPod> pods;
  private final EventRecorder events;
  private final Clock clock;

  ClaimPass(
      VpcIPClaim claim,
      Context<VpcIPClaim> context,
      WrittenClaims written,
      SharedCache<SlimPod> pods,
      EventRecorder events,
      Clock clock) {
    this.claim = claim;
    this.context = context;
    this.written = written;
    this.pods = pods;
    this.events = events;
    this.clock = clock;
  }

  VpcIPClaim claim() {
    return claim;
  }

  String namespace() {
    return claim.getMetadata().getNamespace();
  }

  String name() {
    return claim.getMetadata().getName();
  }

  String uid() {
    return claim.getMetadata().getUid();
  }

  /** The Pod of the claim's name that is in the cache. */
  Optional<SlimPod> pod() {
    return pods.get(namespace(), name());
  }

  /** Whether the record of an address says that this claim holds it. */
  boolean holds(VpcIP vip) {
    return vip.getSpec().claimRef() != null && uid().equals(vip.getSpec().claimRef().uid());
  }

  ClaimRef ref() {
    return new ClaimRef(namespace(), name(), uid());
  }

  /**
   * From here on no binding that was decided before succeeds: a step that is about to change where
   * the address is writes this first. The version of its record is in it, so that no two changes
   * say the same, and the write is never one that changes nothing.
   */
  void leavesItsPlace(VpcIP vip, String to) {
    status(onItsWay(claim.statusOrEmpty(), vip, to));
  }

  /**
   * The same of a claim whose Pod lives and whose place is gone: it is bound no more until its
   * address is in another place, so that no agent starts the Pod's network meanwhile.
   */
  void losesItsPlace(VpcIP vip, String to, WaitStep.Problem why) {
    var status = claim.statusOrEmpty();
    status(
        onItsWay(
            VpcIPClaimStatusBuilder.builder(status)
                .phase(ClaimPhase.PENDING)
                .conditions(
                    set(
                        status.conditions(),
                        ClaimConditions.READY,
                        Condition.FALSE,
                        why.reason(),
                        why.message()))
                .build(),
            vip,
            to));
    tell(why.reason(), why.message());
  }

  private VpcIPClaimStatus onItsWay(VpcIPClaimStatus status, VpcIP vip, String to) {
    return VpcIPClaimStatusBuilder.builder(status)
        .eniId(null)
        .eniMac(null)
        .nodeName(null)
        .conditions(
            set(
                status.conditions(),
                ClaimConditions.PLACED,
                Condition.FALSE,
                ClaimReason.MOVING,
                "%s goes to %s (record version %s)"
                    .formatted(
                        vip.getMetadata().getName(), to, vip.getMetadata().getResourceVersion())))
        .build();
  }

  /** A condition on the claim and an event on the Pod, both only when they change. */
  void say(ClaimConditions type, String state, Reason reason, String message) {
    if (note(type, state, reason, message)) {
      tell(reason, message);
    }
  }

  /** A condition on the claim, only when it changes; whether it was. */
  boolean note(ClaimConditions type, String state, Reason reason, String message) {
    var status = claim.statusOrEmpty();
    if (Conditions.says(status.conditions(), type, state, reason, message)) {
      return false;
    }
    status(
        VpcIPClaimStatusBuilder.builder(status)
            .conditions(set(status.conditions(), type, state, reason, message))
            .build());
    return true;
  }

  /** An event on the Pod, or on the claim where there is no Pod. */
  void tell(Reason reason, String message) {
    HasMetadata about = pod().<HasMetadata>map(p -> p).orElse(claim);
    events.warn(about, reason, message);
  }

  /** An event on the claim, whether there is a Pod or not. */
  void tellOfClaim(Reason reason, String message) {
    events.warn(claim, reason, message);
  }

  List<Condition> set(
      List<Condition> before, ClaimConditions type, String state, Reason reason, String message) {
    return Conditions.with(
        before, type, state, reason, message, claim.getMetadata().getGeneration(), clock.instant());
  }

  void status(VpcIPClaimStatus status) {
    var before = claim.statusOrEmpty();
    claim.setStatus(status);
    var answer = context.resourceOperations().updatePrimaryStatus(claim);
    claim.getMetadata().setResourceVersion(answer.getMetadata().getResourceVersion());
    written.wroteStatus(before, answer);
  }

  void owners(List<OwnerReference> references) {
    claim.getMetadata().setOwnerReferences(references);
    var answer = context.resourceOperations().updatePrimary(claim);
    claim.getMetadata().setResourceVersion(answer.getMetadata().getResourceVersion());
    written.wrote(answer);
  }
}
