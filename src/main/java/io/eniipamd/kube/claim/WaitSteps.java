package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.WriteThrottle;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the user why a Pod waits, and comes back to its claim. */
@Singleton
final class WaitSteps {
  /**
   * When the operator reconciles a Pod again that waits for room, unless an event enqueues it
   * before; the look costs no request.
   */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

  /** A claim by namespace and name. */
  record Id(String namespace, String name) {}

  private final AddressBook book;
  private final Waits waits;
  private final WriteThrottle throttle;

  /** Claims that wait for an address that another claim holds, by the address. */
  private final Map<String, Set<Id>> awaiting = new ConcurrentHashMap<>();

  WaitSteps(AddressBook book, Waits waits, WriteThrottle throttle) {
    this.book = book;
    this.waits = waits;
    this.throttle = throttle;
  }

  UpdateControl<VpcIPClaim> perform(ClaimPass pass, WaitStep step) {
    return switch (step) {
      case WaitStep.Await await -> await(pass, await);
      case WaitStep.Problem problem -> problem(pass, problem);
      case WaitStep.Refuse(var error) -> {
        // Only the Pod's author can mend it, and a change of the Pod enqueues the claim.
        pass.say(ClaimConditions.VALID, Condition.FALSE, error.reason(), error.message());
        yield UpdateControl.noUpdate();
      }
    };
  }

  /** Reports a problem at once. */
  UpdateControl<VpcIPClaim> problem(ClaimPass pass, WaitStep.Problem problem) {
    problem
        .awaited()
        .ifPresent(
            ip ->
                awaiting
                    .computeIfAbsent(ip.toString(), _ -> ConcurrentHashMap.newKeySet())
                    .add(new Id(pass.namespace(), pass.name())));
    if (problem.reason() == NodeReason.SUBNET_FULL) {
      // The user of an address outside the cluster may have released it meanwhile.
      book.askWhereFull();
    }
    pass.say(ClaimConditions.READY, Condition.FALSE, problem.reason(), problem.message());
    return Requeue.after(LOOK_AGAIN);
  }

  /** Reports a wait once it lasts, and reconciles again then. */
  UpdateControl<VpcIPClaim> await(ClaimPass pass, WaitStep.Await await) {
    return Requeue.after(tellLater(pass, await.reason(), await.message()).orElse(LOOK_AGAIN));
  }

  /** Says what the Pod waits for once that lasts; else how long until it is said. */
  private Optional<Duration> tellLater(ClaimPass pass, Reason reason, String message) {
    var left = waits.untilTold(pass.uid(), reason);
    if (left.isPresent()) {
      return left;
    }
    if (Conditions.says(
        pass.claim().statusOrEmpty().conditions(),
        ClaimConditions.READY,
        Condition.FALSE,
        reason,
        message)) {
      return Optional.empty();
    }
    // Where thousands wait, telling it must not hold them up.
    var turn = throttle.untilTurnOf(pass.uid());
    if (turn.isEmpty()) {
      pass.say(ClaimConditions.READY, Condition.FALSE, reason, message);
    }
    return turn;
  }

  /**
   * The claims that wait for an address. Each is returned once: it waits again if the address is
   * not free for it.
   */
  Set<Id> takeAwaiting(String address) {
    var waiting = awaiting.remove(address);
    return waiting == null ? Set.of() : waiting;
  }
}
