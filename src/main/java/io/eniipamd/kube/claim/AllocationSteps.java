package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.AllocationStep;
import io.eniipamd.domain.claim.ClaimProblems;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.DirectRecords;
import io.eniipamd.kube.address.RecordPurpose;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.address.WornAddresses;
import io.eniipamd.kube.node.DirectRooms;
import io.eniipamd.kube.support.ApiAnswer;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Gives a claim its address: creating the record ({@code VpcIP}) is the allocation. Every record is
 * created under the address as its name, so that the API server lets one claim have it.
 */
@Singleton
final class AllocationSteps {
  /** How often another address is tried at once where another claim was faster. */
  private static final int PICKS = 5;

  private final AddressBook book;
  private final VpcIpStore records;
  private final DirectRecords directs;
  private final DirectRooms rooms;
  private final UnansweredRecords unanswered;
  private final WornAddresses worn;
  private final PodRequestReader requests;
  private final FreshReads fresh;
  private final WarmYields yields;
  private final WaitSteps waits;

  AllocationSteps(
      AddressBook book,
      VpcIpStore records,
      DirectRecords directs,
      DirectRooms rooms,
      UnansweredRecords unanswered,
      WornAddresses worn,
      PodRequestReader requests,
      FreshReads fresh,
      WarmYields yields,
      WaitSteps waits) {
    this.book = book;
    this.records = records;
    this.directs = directs;
    this.rooms = rooms;
    this.unanswered = unanswered;
    this.worn = worn;
    this.requests = requests;
    this.fresh = fresh;
    this.yields = yields;
    this.waits = waits;
  }

  UpdateControl<VpcIPClaim> perform(ClaimPass pass, AllocationStep step) {
    return switch (step) {
      case AllocationStep.NoteRequest() -> noteRequest(pass);
      case AllocationStep.Allocate allocate -> allocate(pass, allocate);
      case AllocationStep.AllocateNamed named -> allocateNamed(pass, named);
      case AllocationStep.AllocateDirect allocate -> allocateDirect(pass, allocate);
      case AllocationStep.TakeWarm(var ip) -> takeWarm(pass, ip);
      case AllocationStep.YieldWarm yield -> yieldWarm(pass, yield);
      case AllocationStep.RecreateRecord(var ip) -> recreateRecord(pass, ip);
      case AllocationStep.TakeBack(var ip, var eniId) -> takeBack(pass, ip, eniId);
      case AllocationStep.LookForWorn(var ip) -> lookForWorn(pass, ip);
    };
  }

  private UpdateControl<VpcIPClaim> noteRequest(ClaimPass pass) {
    var request = pass.pod().flatMap(requests::requested);
    if (request.isEmpty()) {
      return Requeue.soon();
    }
    pass.status(
        VpcIPClaimStatusBuilder.builder(pass.claim().statusOrEmpty())
            .deletePolicy(Policy.atBinding(pass.claim(), request.get()))
            .podClaimExpiredDuration(PodRequests.expirySaid(request.get()))
            .build());
    return Requeue.again();
  }

  private UpdateControl<VpcIPClaim> allocate(ClaimPass pass, AllocationStep.Allocate allocate) {
    if (unanswered.settle(pass.uid())) {
      return Requeue.soon();
    }
    var eni = allocate.eni();
    for (int i = 0; i < PICKS; i++) {
      var picked = book.pick(eni.subnetId(), pass.uid());
      if (picked.isEmpty() && book.isQuotaMet(eni.subnetId())) {
        // Another claim was faster; the next pass says it, or takes an address elsewhere.
        return Requeue.soon();
      }
      if (picked.isEmpty()) {
        return waits.problem(pass, ClaimProblems.noAddressLeft(eni));
      }
      if (!keepSlot(eni, picked.get())) {
        return Requeue.soon();
      }
      if (record(pass, picked.get(), eni, allocate.node().name())) {
        return UpdateControl.noUpdate();
      }
    }
    return Requeue.soon();
  }

  private UpdateControl<VpcIPClaim> allocateNamed(
      ClaimPass pass, AllocationStep.AllocateNamed named) {
    return book.pick(named.ip(), pass.uid())
            && keepSlot(named.eni(), named.ip())
            && record(pass, named.ip(), named.eni(), named.node().name())
        ? UpdateControl.noUpdate()
        : Requeue.soon();
  }

  private UpdateControl<VpcIPClaim> allocateDirect(
      ClaimPass pass, AllocationStep.AllocateDirect step) {
    if (unanswered.settle(pass.uid())) {
      return Requeue.soon();
    }
    for (int i = 0; i < PICKS; i++) {
      var picked =
          step.ip().isPresent()
              ? step.ip().filter(ip -> book.pick(ip, pass.uid()))
              : book.pick(step.subnetId(), pass.uid());
      if (picked.isEmpty()) {
        break;
      }
      if (recordDirect(pass, picked.get(), step)) {
        return UpdateControl.noUpdate();
      }
    }
    return Requeue.soon();
  }

  private boolean recordDirect(ClaimPass pass, Ip ip, AllocationStep.AllocateDirect step) {
    try {
      return directs
          .take(ip, pass.ref(), step.subnetId(), step.instanceId(), step.node().name())
          .isPresent();
    } catch (KubernetesClientException e) {
      if (!ApiAnswer.isNo(e)) {
        unanswered.note(pass.uid());
      }
      throw e;
    } finally {
      book.putBack(ip);
    }
  }

  /** One write, and the claim has an address that is on its ENI already. */
  private UpdateControl<VpcIPClaim> takeWarm(ClaimPass pass, Ip ip) {
    if (unanswered.settle(pass.uid())) {
      return Requeue.soon();
    }
    var warm = book.pickWarm(ip, pass.uid());
    if (warm.isEmpty()) {
      return Requeue.soon();
    }
    try {
      records.handOver(warm.get(), pass.ref());
      return UpdateControl.noUpdate();
    } catch (KubernetesClientException e) {
      if (!ApiAnswer.isNo(e)) {
        unanswered.note(pass.uid());
      }
      throw e;
    } finally {
      book.putBack(ip);
    }
  }

  private UpdateControl<VpcIPClaim> yieldWarm(ClaimPass pass, AllocationStep.YieldWarm step) {
    yields.ask(pass.uid(), step.enis());
    var why = step.problem();
    return waits.await(
        pass,
        new WaitStep.Await(
            why.reason(), why.message() + "; the operator releases a warm address to make room"));
  }

  /** Reserves a slot of the ENI in the book; without one, what was picked goes back. */
  private boolean keepSlot(EniView eni, Ip ip) {
    boolean kept = book.keepSlot(eni.eniId(), eni.slots(), ip);
    if (!kept) {
      book.putBack(ip);
    }
    return kept;
  }

  /** Creates the record; what was picked goes back where that fails. */
  private boolean record(ClaimPass pass, Ip ip, EniView eni, String node) {
    try {
      return records.take(ip, pass.ref(), eni.subnetId(), eni.eniId(), node).isPresent();
    } catch (KubernetesClientException e) {
      if (!ApiAnswer.isNo(e)) {
        // The API server may have created it all the same, and must create no second one.
        unanswered.note(pass.uid());
      }
      throw e;
    } finally {
      book.putBack(ip);
    }
  }

  private UpdateControl<VpcIPClaim> recreateRecord(ClaimPass pass, Ip ip) {
    if (book.get(ip)
        .filter(vip -> RecordPurpose.isStray(vip) || RecordPurpose.isWarm(vip))
        .isPresent()) {
      return takeBack(pass, ip, Optional.empty());
    }
    var status = pass.claim().statusOrEmpty();
    var subnet = status.subnetId() == null ? subnetOf(ip) : status.subnetId();
    var node = nonEmpty(status.nodeName());
    var made =
        pass.claim().wantsOwnEni()
            ? directs.takeFound(ip, pass.ref(), subnet, instance(node), node)
            : records.take(ip, pass.ref(), subnet, nonEmpty(status.eniId()), node);
    if (made.isEmpty()) {
      return waits.problem(pass, ClaimProblems.addressLost(ip));
    }
    pass.tellOfClaim(
        ClaimReason.RECORD_RESTORED,
        "a user or controller deleted the VpcIP %s although this claim holds the address; the operator recorded it again"
            .formatted(ip));
    return UpdateControl.noUpdate();
  }

  private UpdateControl<VpcIPClaim> takeBack(ClaimPass pass, Ip ip, Optional<String> eniId) {
    var there = book.get(ip);
    if (there.isEmpty() && pass.claim().wantsOwnEni()) {
      var on = pass.pod().map(SlimPod::nodeName).orElse(null);
      return directs.takeFound(ip, pass.ref(), subnetOf(ip), instance(on), on).isPresent()
          ? UpdateControl.noUpdate()
          : Requeue.soon();
    }
    if (there.isEmpty()) {
      var node = eniId.flatMap(_ -> pass.pod()).map(SlimPod::nodeName);
      return records
              .takeFound(ip, pass.ref(), subnetOf(ip), eniId.orElse(null), node.orElse(null))
              .isPresent()
          ? UpdateControl.noUpdate()
          : Requeue.soon();
    }
    var vip = there.get();
    var phase = vip.statusOrEmpty().phase();
    if (phase == VpcIPPhase.RELEASING && !fresh.isAlive(pass.claim())) {
      // The claim is being deleted, or gone, and a stale cache still shows it alive.
      return Requeue.soon();
    }
    revive(pass, vip, phase);
    return UpdateControl.noUpdate();
  }

  private void revive(ClaimPass pass, VpcIP found, VpcIPPhase phase) {
    var vip = phase == VpcIPPhase.QUARANTINED ? onNone(found) : found;
    if (!pass.holds(vip)) {
      vip = records.handOver(vip, pass.ref());
    }
    if (phase == VpcIPPhase.QUARANTINED || phase == VpcIPPhase.RELEASING) {
      records.revive(vip);
    }
  }

  /** It is on no ENI, and so its record wants it. */
  private VpcIP onNone(VpcIP found) {
    return found.getSpec().ofOwnEni()
        ? directs.place(found, null, null)
        : records.direct(found, null, null);
  }

  private String instance(String node) {
    return node == null ? null : rooms.instance(node).orElse(null);
  }

  private UpdateControl<VpcIPClaim> lookForWorn(ClaimPass pass, Ip ip) {
    var pod = pass.pod();
    if (pod.isEmpty()) {
      return Requeue.soon();
    }
    return switch (worn.look(pass.namespace(), pass.name(), pod.get().getMetadata().getUid(), ip)) {
      case WornAddresses.Look.Asking() -> UpdateControl.noUpdate();
      case WornAddresses.Look.Answered() -> Requeue.again();
      case WornAddresses.Look.Failed(var cause, var pause) -> {
        var unclear = ClaimProblems.addressUnclear(ip, cause.getMessage());
        pass.say(ClaimConditions.READY, Condition.FALSE, unclear.reason(), unclear.message());
        yield Requeue.after(pause);
      }
    };
  }

  private String subnetOf(Ip ip) {
    return book.subnetOf(ip).map(Subnet::id).orElse(null);
  }

  private static String nonEmpty(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /** The claim is gone. */
  void forget(String uid) {
    unanswered.forget(uid);
    yields.forget(uid);
  }
}
