package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimProblems;
import io.eniipamd.domain.claim.PlacementStep;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.DirectRecords;
import io.eniipamd.kube.address.EniPlaces;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SlimPod;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;

/** Brings the address of a claim to an ENI of its Pod's node, and binds it there. */
@Singleton
final class PlacementSteps {
  private final AddressBook book;
  private final VpcIpStore records;
  private final DirectRecords directs;
  private final FreshReads fresh;
  private final EniDemand demand;
  private final EniPlaces places;
  private final PreemptionVictims victims;
  private final Binder binder;
  private final WaitSteps waits;

  PlacementSteps(
      AddressBook book,
      VpcIpStore records,
      DirectRecords directs,
      FreshReads fresh,
      EniDemand demand,
      EniPlaces places,
      PreemptionVictims victims,
      Binder binder,
      WaitSteps waits) {
    this.book = book;
    this.records = records;
    this.directs = directs;
    this.fresh = fresh;
    this.demand = demand;
    this.places = places;
    this.victims = victims;
    this.binder = binder;
    this.waits = waits;
  }

  UpdateControl<VpcIPClaim> perform(ClaimPass pass, PlacementStep step) {
    return switch (step) {
      case PlacementStep.AwaitRoom room -> awaitRoom(pass, room);
      case PlacementStep.Preempt preempt -> preempt(pass, preempt);
      case PlacementStep.Move move -> move(pass, move);
      case PlacementStep.MoveDirect move -> moveDirect(pass, move);
      case PlacementStep.ConfirmPlace(var ip) -> confirmPlace(pass, ip);
      case PlacementStep.LookForEni(var eniId) ->
          switch (places.look(eniId)) {
            case EniPlaces.Look.Asking() -> UpdateControl.noUpdate();
            case EniPlaces.Look.Later(var pause) -> Requeue.after(pause);
          };
      case PlacementStep.Bind bind -> bind(pass, bind);
    };
  }

  private UpdateControl<VpcIPClaim> awaitRoom(ClaimPass pass, PlacementStep.AwaitRoom room) {
    demand.ask(room.node(), pass.uid(), room.subnets());
    return room.problem()
        .map(problem -> waits.problem(pass, problem))
        .orElseGet(() -> waits.await(pass, ClaimProblems.awaitingEni(room.node(), room.subnets())));
  }

  private UpdateControl<VpcIPClaim> preempt(ClaimPass pass, PlacementStep.Preempt preempt) {
    victims.ask(pass.uid(), preempt.enis());
    var why = preempt.problem();
    return waits.await(
        pass,
        new WaitStep.Await(
            why.reason(),
            why.message() + "; the operator moves a retained address away to make room"));
  }

  private UpdateControl<VpcIPClaim> move(ClaimPass pass, PlacementStep.Move move) {
    var ip = move.held().ip();
    var to = move.to();
    var vip = book.get(ip);
    var pod = pass.pod();
    if (vip.isEmpty() || pod.isEmpty() || isOfBefore(pass, pod.get().getMetadata().getUid())) {
      return Requeue.soon();
    }
    if (!book.keepSlot(to.eniId(), to.slots(), ip)) {
      return Requeue.soon();
    }
    try {
      // Written before the record: from here on no binding of before succeeds.
      if (isBoundTo(pass, pod.get())) {
        pass.losesItsPlace(
            vip.get(),
            to.eniId(),
            ClaimProblems.followsToNextMachine(
                move.node().name(), pass.claim().statusOrEmpty().eniId(), ip, to.eniId()));
      } else {
        pass.leavesItsPlace(vip.get(), to.eniId());
      }
      records.direct(vip.get(), to.eniId(), move.node().name());
    } finally {
      book.putBack(ip);
    }
    return UpdateControl.noUpdate();
  }

  private UpdateControl<VpcIPClaim> moveDirect(ClaimPass pass, PlacementStep.MoveDirect move) {
    var vip = book.get(move.held().ip()).filter(pass::holds);
    var pod = pass.pod();
    if (vip.isEmpty()
        || pod.isEmpty()
        || isBoundTo(pass, pod.get())
        || isOfBefore(pass, pod.get().getMetadata().getUid())) {
      return Requeue.soon();
    }
    // Written before the record: from here on no binding of before succeeds.
    pass.leavesItsPlace(vip.get(), "instance " + move.instanceId());
    directs.place(vip.get(), move.instanceId(), move.node().name());
    return UpdateControl.noUpdate();
  }

  private static boolean isBoundTo(ClaimPass pass, SlimPod pod) {
    var status = pass.claim().statusOrEmpty();
    return status.phase() == ClaimPhase.BOUND && pod.getMetadata().getUid().equals(status.podUID());
  }

  /**
   * Whether the cache shows a Pod from before the one that the claim is bound to: that one may
   * live, and this one be long gone. It costs a request, and only where there is such a doubt.
   */
  private boolean isOfBefore(ClaimPass pass, String podUid) {
    var status = pass.claim().statusOrEmpty();
    return (status.phase() == ClaimPhase.BOUND || status.phase() == ClaimPhase.PENDING)
        && status.podUID() != null
        && !status.podUID().equals(podUid)
        && !fresh.pod(pass.namespace(), pass.name()).alive(podUid);
  }

  /**
   * A process that may be moving the address by what it knew before is to fail: the claim says that
   * the address was on the move, and the record of the address has not been written since.
   */
  private UpdateControl<VpcIPClaim> confirmPlace(ClaimPass pass, Ip ip) {
    book.get(ip).filter(pass::holds).ifPresent(records::confirm);
    return UpdateControl.noUpdate();
  }

  private UpdateControl<VpcIPClaim> bind(ClaimPass pass, PlacementStep.Bind bind) {
    var pod = pass.pod().filter(p -> p.getMetadata().getUid().equals(bind.pod().uid()));
    if (pod.isEmpty() || isOfBefore(pass, bind.pod().uid())) {
      return Requeue.soon();
    }
    binder.bind(pass, bind, pod.get());
    return UpdateControl.noUpdate();
  }
}
