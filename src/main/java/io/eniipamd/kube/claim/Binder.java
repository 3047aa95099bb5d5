package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.claim.PlacementStep;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Binds a claim to its Pod: the one write after which the node's agent may give the Pod its
 * address.
 */
@Singleton
final class Binder {
  private final AddressBook book;
  private final OwnerReferences owners;
  private final Expiry expiry;
  private final ClaimMemory memory;
  private final ClaimObserver observer;
  private final Clock clock;

  Binder(
      AddressBook book,
      OwnerReferences owners,
      Expiry expiry,
      ClaimMemory memory,
      ClaimObserver observer,
      Clock clock) {
    this.book = book;
    this.owners = owners;
    this.expiry = expiry;
    this.memory = memory;
    this.observer = observer;
    this.clock = clock;
  }

  /** Writes the binding, which fails where the claim has changed since it was read. */
  void bind(ClaimPass pass, PlacementStep.Bind bind, SlimPod pod) {
    var before = pass.claim().statusOrEmpty();
    var request = (PodRequest.Requested) bind.pod().request();
    var error = request.errors().stream().findFirst();
    pass.status(bound(pass, bind, pod, conditions(pass, bind, error)));
    memory.clear(pass.uid());
    error.ifPresent(e -> pass.tell(e.reason(), e.message()));
    if (!bind.pod().uid().equals(before.podUID())) {
      observer.bound(
          Duration.between(
              Instant.parse(pod.getMetadata().getCreationTimestamp()), clock.instant()));
    }
  }

  private VpcIPClaimStatus bound(
      ClaimPass pass, PlacementStep.Bind bind, SlimPod pod, List<Condition> conditions) {
    var claim = pass.claim();
    var before = claim.statusOrEmpty();
    var request = (PodRequest.Requested) bind.pod().request();
    var owner = owners.recorded(claim, pod);
    var policy = Policy.atBinding(claim, request);
    var said = PodRequests.expirySaid(request);
    // The expiry in force follows from what this Pod says of it.
    claim.setStatus(VpcIPClaimStatusBuilder.builder(before).podClaimExpiredDuration(said).build());
    return VpcIPClaimStatusBuilder.builder(before)
        .phase(ClaimPhase.BOUND)
        .address(bind.held().ip().toString())
        .subnetId(bind.held().subnetId())
        .subnetCIDR(bind.eni().cidr().toString())
        .gateway(bind.eni().gateway().toString())
        .zone(book.subnet(bind.held().subnetId()).map(Subnet::zone).orElse(bind.node().zone()))
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
        .build();
  }

  private static List<Condition> conditions(
      ClaimPass pass, PlacementStep.Bind bind, Optional<ValidationError> error) {
    var before = pass.claim().statusOrEmpty().conditions();
    var valid =
        error
            .map(
                e ->
                    pass.set(
                        before, ClaimConditions.VALID, Condition.FALSE, e.reason(), e.message()))
            .orElseGet(
                () ->
                    pass.set(
                        before, ClaimConditions.VALID, Condition.TRUE, ClaimReason.ACCEPTED, ""));
    var ready =
        pass.set(
            valid,
            ClaimConditions.READY,
            Condition.TRUE,
            ClaimReason.BOUND,
            "%s is on ENI %s of node %s"
                .formatted(bind.held().ip(), bind.eni().eniId(), bind.node().name()));
    var notReleased =
        pass.set(
            ready, ClaimConditions.RELEASE_BLOCKED, Condition.FALSE, ClaimReason.NOT_DELETED, "");
    return Conditions.find(notReleased, ClaimConditions.PLACED).isEmpty()
        ? notReleased
        : pass.set(notReleased, ClaimConditions.PLACED, Condition.TRUE, ClaimReason.ON_ENI, "");
  }
}
