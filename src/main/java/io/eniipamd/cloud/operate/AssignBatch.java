package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.operate.AddressSlot.State;
import io.eniipamd.domain.address.Ip;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Puts addresses on an ENI. The cloud accepts a batch as a whole or not at all, so a refused one is
 * split until each address has a result of its own.
 */
final class AssignBatch extends AddressBatch {

  private boolean echoAwaited;

  AssignBatch(OperationContext context, String eniId, List<AddressRequest> requests) {
    super(context, eniId, requests);
  }

  @Override
  String step(Collection<AddressSlot> some) {
    return "assigning " + joined(some) + " to " + eniId;
  }

  @Override
  void perform() {
    if (in(State.OPEN).stream().anyMatch(slot -> slot.doubtful)) {
      observe(in(State.OPEN));
    }
    send(in(State.OPEN));
    awaitAccepted(AssignBatch::isAssigned);
    settleDisputes();
  }

  /** Sends what is open of these; returns when each is accepted, disputed or settled. */
  private void send(List<AddressSlot> some) {
    var attempts = new Retries(step(some), context);
    while (true) {
      List<AddressSlot> open = in(some, State.OPEN);
      if (open.isEmpty()) {
        return;
      }
      // One operation at a time per ENI, in a batch that was taken apart too. It is not tried again
      // here when that one ends badly: the caller comes back.
      awaitAccepted(AssignBatch::isAssigned);
      try {
        String requestId = context.cloud().assign(eniId, addresses(open));
        for (AddressSlot slot : open) {
          slot.accepted(requestId);
          context.recent().placed(slot.address, eniId);
        }
        return;
      } catch (CloudException e) {
        if (!refused(open, e, attempts)) {
          attempts.pauseAfter(e);
          if (e.kind() == Kind.TRANSIENT) {
            // A cloud that is busy with another task has said that it does nothing.
            boolean perhapsDone = e.mayHaveHadEffect() && !Retries.isBusy(e);
            open.forEach(slot -> slot.doubtful |= perhapsDone);
            observe(open);
          }
          if (!in(open, State.OPEN).isEmpty()) {
            attempts.awaitEndOfOther(e, eniId);
          }
        }
      }
    }
  }

  /** Deals with a refusal; {@code false} where the same call may succeed later. */
  private boolean refused(List<AddressSlot> open, CloudException e, Retries attempts) {
    switch (e.kind()) {
      case THROTTLED, TRANSIENT -> {
        return false;
      }
      case ADDRESS_TAKEN -> findTaken(open, e);
      case QUOTA, SUBNET_FULL -> fillUp(open, e);
      case INVALID -> isolate(open, e);
      case NOT_FOUND -> {
        attempts.pauseAfter(context.looks().confirmed(step(open), e, eniId));
      }
      case DENIED -> fail(open, e);
    }
    return true;
  }

  private void findTaken(List<AddressSlot> open, CloudException e) {
    observe(open);
    List<AddressSlot> left = in(open, State.OPEN);
    if (left.size() < open.size()) {
      // Those of our own that a read had hidden are reason enough: it need not be one of the
      // others.
      send(left);
      return;
    }
    if (left.size() == 1) {
      refusedAlone(left.getFirst(), e);
      return;
    }
    Set<Ip> used = used(left);
    if (used.isEmpty() && isDoubtful(left)) {
      if (echoArrives(left)) {
        send(in(left, State.OPEN));
        return;
      }
      used = used(left);
    }
    Set<Ip> known = used;
    List<AddressSlot> suspects =
        left.stream().filter(slot -> known.contains(slot.address)).toList();
    if (suspects.isEmpty()) {
      // The cloud does not say which one it is: the cloud's answers to fewer and fewer of them do.
      halves(left).forEach(this::send);
      return;
    }
    // Those that are free now first: no other user may take them meanwhile.
    send(suspects.stream().filter(this::freed).toList());
    for (AddressSlot slot : in(suspects, State.OPEN)) {
      if (slot.doubtful) {
        slot.state = State.DISPUTED;
      } else {
        // The list may lag behind: an address is taken by a refusal of its own and by nothing else.
        send(List.of(slot));
      }
    }
    send(in(left, State.OPEN));
  }

  /**
   * Where one of these may be there by an own call whose answer was lost: the list of used
   * addresses may be as stale as the reads. To wait for both costs less than to ask for each
   * address alone, all of which are refused over their own echo.
   *
   * @return whether any of them has turned up
   */
  private boolean echoArrives(List<AddressSlot> some) {
    echoAwaited = true;
    var unused = awaitEcho(some, seen -> some.stream().anyMatch(slot -> isBelieved(seen, slot)));
    observe(some);
    if (in(some, State.OPEN).size() < some.size()) {
      return true;
    }
    // No read lags further behind: what was sent without an answer has had no effect.
    some.forEach(slot -> slot.doubtful = false);
    return false;
  }

  /** Waits until a read shows enough, and no longer than a read may be stale. */
  private EniPoller.Look awaitEcho(
      List<AddressSlot> some, Predicate<Optional<NetworkInterface>> enough) {
    return context.looks().await(step(some), eniId, enough, context.settings().staleness());
  }

  private boolean isDoubtful(List<AddressSlot> some) {
    return !echoAwaited && some.stream().anyMatch(slot -> slot.doubtful);
  }

  private Set<Ip> used(List<AddressSlot> some) {
    if (some.isEmpty()) {
      return Set.of();
    }
    try {
      return new HashSet<>(context.cloud().usedAddresses(addresses(some)));
    } catch (CloudException unknown) {
      return Set.of();
    }
  }

  /**
   * A call for this address and no other was refused: settles the slot, or leaves it open where the
   * address is free now.
   */
  private void refusedAlone(AddressSlot slot, CloudException e) {
    slot.refusedAlone = true;
    if (freed(slot) || slot.state == State.SETTLED) {
      return;
    }
    if (slot.doubtful) {
      slot.state = State.DISPUTED;
    } else {
      slot.failed(takenBySomebody(slot, e.code().orElse(null), e.requestId().orElse(null)));
    }
  }

  /** Whether who wants the address has freed it; the slot is settled where that failed. */
  private boolean freed(AddressSlot slot) {
    if (slot.freeingTried) {
      return false;
    }
    slot.freeingTried = true;
    try {
      return slot.requests.stream().anyMatch(request -> request.freeing().getAsBoolean());
    } catch (CloudException unknown) {
      slot.failed(unknown);
      return false;
    }
  }

  private CloudException takenBySomebody(AddressSlot slot, String code, String requestId) {
    return new CloudException(
        Kind.ADDRESS_TAKEN,
        step(List.of(slot)),
        code,
        "the address is in use by another user of the VPC",
        requestId,
        null);
  }

  /** No room for all of them: as many as fit. */
  private void fillUp(List<AddressSlot> open, CloudException e) {
    if (open.size() == 1) {
      fail(open, e);
      return;
    }
    List<List<AddressSlot>> halves = halves(open);
    send(halves.getFirst());
    boolean full =
        halves.getFirst().stream()
            .anyMatch(slot -> slot.requests.stream().anyMatch(r -> failedWith(r, e.kind())));
    if (full) {
      fail(halves.getLast(), e);
    } else {
      send(halves.getLast());
    }
  }

  private static boolean failedWith(AddressRequest request, Kind kind) {
    return request.done().isCompletedExceptionally()
        && request.done().exceptionNow() instanceof CloudException e
        && e.kind() == kind;
  }

  /** One of them can never be: the others go on without it. */
  private void isolate(List<AddressSlot> open, CloudException e) {
    if (open.size() == 1) {
      fail(open, e);
    } else {
      halves(open).forEach(this::send);
    }
  }

  /** Reads which of these are there, or on their way, without a request of this process. */
  private void observe(List<AddressSlot> some) {
    Optional<NetworkInterface> eni =
        context
            .looks()
            .await(
                step(some),
                eniId,
                // What still goes away cannot be asked for yet.
                seen -> some.stream().noneMatch(slot -> is(seen, slot, AddressState.DELETING)));
    for (AddressSlot slot : in(some, State.OPEN)) {
      var seen = eni.flatMap(present -> present.address(slot.address));
      if (seen.isPresent() && context.recent().believesPresence(slot.address, eniId)) {
        slot.accepted("");
        context.recent().placed(slot.address, eniId);
        if (seen.get().state() == AddressState.AVAILABLE) {
          slot.succeeded();
        }
      }
    }
  }

  /** A refusal may be the echo of an own call whose answer was lost and that no read shows yet. */
  private void settleDisputes() {
    while (true) {
      List<AddressSlot> disputed = in(State.DISPUTED);
      if (disputed.isEmpty()) {
        return;
      }
      settle(disputed);
      awaitAccepted(AssignBatch::isAssigned);
      in(disputed, State.OPEN).forEach(slot -> send(List.of(slot)));
      awaitAccepted(AssignBatch::isAssigned);
    }
  }

  /** Waits for the echoes; what has none is open again where no call was refused for it alone. */
  private void settle(List<AddressSlot> disputed) {
    var echo =
        awaitEcho(disputed, seen -> disputed.stream().allMatch(slot -> isBelieved(seen, slot)));
    // What was enough decides: another look may be further behind. Else one that begins now does.
    var eni = echo.enough() ? echo.eni() : context.looks().look(step(disputed), eniId);
    for (AddressSlot slot : disputed) {
      if (isThere(eni, slot)) {
        // Perhaps not done yet, but of no other user.
        slot.accepted("");
        context.recent().placed(slot.address, eniId);
      } else if (slot.refusedAlone) {
        slot.failed(takenBySomebody(slot, null, null));
      } else {
        // A list has named it, which may lag behind, and nothing else speaks against it any more.
        slot.state = State.OPEN;
        slot.doubtful = false;
      }
    }
  }

  /** There, and not by a read of before it went away. */
  private boolean isBelieved(Optional<NetworkInterface> eni, AddressSlot slot) {
    return isThere(eni, slot) && context.recent().believesPresence(slot.address, eniId);
  }

  private static boolean isThere(Optional<NetworkInterface> eni, AddressSlot slot) {
    return eni.flatMap(present -> present.address(slot.address)).isPresent();
  }

  private static boolean isAssigned(Optional<NetworkInterface> eni, AddressSlot slot) {
    return is(eni, slot, AddressState.AVAILABLE);
  }

  private static boolean is(Optional<NetworkInterface> eni, AddressSlot slot, AddressState state) {
    return eni.flatMap(present -> present.address(slot.address))
        .filter(address -> address.state() == state)
        .isPresent();
  }
}
