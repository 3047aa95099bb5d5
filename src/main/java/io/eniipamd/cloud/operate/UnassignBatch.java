package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.operate.AddressSlot.State;
import io.eniipamd.cloud.operate.UnendedChanges.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes addresses from an ENI. The call goes out without a read before it: a read that lags could
 * hide an address that was assigned a moment ago. Only the cloud's own "not found" and a read
 * together prove that one is gone without a request of this process. No call goes out for what the
 * cloud has accepted before and still works on.
 */
final class UnassignBatch extends AddressBatch {

  UnassignBatch(OperationContext context, String eniId, List<AddressRequest> requests) {
    super(context, eniId, requests);
  }

  @Override
  String step(Collection<AddressSlot> some) {
    return "unassigning " + joined(some) + " from " + eniId;
  }

  @Override
  void perform() {
    resume();
    try {
      send(in(State.OPEN));
      awaitAccepted(UnassignBatch::isGone);
    } finally {
      in(State.ACCEPTED).forEach(slot -> context.unended().remember(change(slot), slot.requestId));
    }
  }

  /** Goes on to wait for what the cloud has accepted before and still works on. */
  private void resume() {
    Map<String, Boolean> running = new HashMap<>();
    for (AddressSlot slot : in(State.OPEN)) {
      context
          .unended()
          .take(change(slot))
          .filter(id -> running.computeIfAbsent(id, context.looks()::runs))
          .ifPresent(
              id -> {
                slot.accepted(id);
                context.recent().removed(slot.address);
              });
    }
  }

  private Change change(AddressSlot slot) {
    return new Change(slot.address, eniId, Optional.empty());
  }

  private void send(List<AddressSlot> some) {
    var attempts = new Retries(step(some), context);
    while (true) {
      if (in(some, State.OPEN).isEmpty()) {
        return;
      }
      // One operation at a time per ENI, in a batch that was taken apart too.
      awaitAccepted(UnassignBatch::isGone);
      List<AddressSlot> open = List.of();
      try {
        // First the turn, then the question: nothing that can wait lies between it and the call.
        context.limits().await(CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES, eniId);
        withdrawUnwanted(in(some, State.OPEN));
        open = in(some, State.OPEN);
        if (open.isEmpty()) {
          return;
        }
        String requestId = context.afterTurn().unassign(eniId, addresses(open));
        for (AddressSlot slot : open) {
          slot.accepted(requestId);
          context.recent().removed(slot.address);
        }
        return;
      } catch (CloudException e) {
        if (!refused(open, e, attempts)) {
          attempts.pauseAfter(e);
          if (e.kind() == Kind.TRANSIENT) {
            observe(open);
          }
          if (!in(open, State.OPEN).isEmpty()) {
            attempts.awaitEndOfOther(e, eniId);
          }
        }
      }
    }
  }

  private void withdrawUnwanted(List<AddressSlot> some) {
    for (AddressSlot slot : some) {
      for (AddressRequest request : List.copyOf(slot.requests)) {
        Optional<CloudException> objection = objection(slot, request);
        if (objection.isPresent()) {
          slot.requests.remove(request);
          request.failed(objection.get());
        }
      }
      if (slot.requests.isEmpty()) {
        slot.state = State.SETTLED;
      }
    }
  }

  private Optional<CloudException> objection(AddressSlot slot, AddressRequest request) {
    String step = step(List.of(slot));
    try {
      return request.stillWanted().getAsBoolean()
          ? Optional.empty()
          : Optional.of(
              new CloudException(
                  Kind.TRANSIENT, step, null, "withdrawn: no longer needed", null, null));
    } catch (RuntimeException e) {
      String detail = "withdrawn: the operator cannot tell whether it is still needed (" + e + ")";
      return Optional.of(new CloudException(Kind.TRANSIENT, step, null, detail, null, e));
    }
  }

  private boolean refused(List<AddressSlot> open, CloudException e, Retries attempts) {
    switch (e.kind()) {
      case THROTTLED, TRANSIENT -> {
        return false;
      }
      case NOT_FOUND, INVALID -> sortOut(open, e, attempts);
      case ADDRESS_TAKEN, QUOTA, SUBNET_FULL, DENIED -> fail(open, e);
    }
    return true;
  }

  /** One of them is not there, or cannot be removed: which one? */
  private void sortOut(List<AddressSlot> open, CloudException e, Retries attempts) {
    Optional<NetworkInterface> eni = lookFor(open, e);
    if (eni.isEmpty()) {
      open.forEach(AddressSlot::succeeded);
      return;
    }
    if (open.size() > 1) {
      var there = new ArrayList<AddressSlot>();
      for (AddressSlot slot : open) {
        if (eni.get().address(slot.address).isPresent()) {
          there.add(slot);
        } else {
          send(List.of(slot));
        }
      }
      if (there.size() < open.size()) {
        send(there);
      } else {
        halves(there).forEach(this::send);
      }
      return;
    }
    AddressSlot slot = open.getFirst();
    Optional<Address> seen = eni.get().address(slot.address);
    if (seen.isEmpty()) {
      context.recent().removed(slot.address);
      slot.succeeded();
    } else if (seen.get().state() == AddressState.DELETING) {
      context.recent().removed(slot.address);
      slot.accepted("");
    } else if (e.kind() == Kind.INVALID) {
      slot.failed(e);
    } else {
      attempts.pauseAfter(EniPoller.shown(step(open), e));
    }
  }

  /**
   * What there is to be seen. Where it shows all that the cloud has just not found, the look is
   * what lags: it takes more reads then, not more calls.
   */
  private Optional<NetworkInterface> lookFor(List<AddressSlot> open, CloudException e) {
    if (e.kind() != Kind.NOT_FOUND) {
      return context.looks().look(step(open), eniId);
    }
    var look =
        context
            .looks()
            .await(
                step(open),
                eniId,
                seen -> open.stream().anyMatch(slot -> isGone(seen, slot) || isGoing(seen, slot)),
                context.settings().staleness());
    if (look.eni().isEmpty() && look.failure().isPresent()) {
      throw look.failure().get();
    }
    return look.eni();
  }

  /** After a call that was perhaps not answered: what has gone, what is going? */
  private void observe(List<AddressSlot> some) {
    if (some.isEmpty()) {
      return;
    }
    Optional<NetworkInterface> eni = context.looks().look(step(some), eniId);
    for (AddressSlot slot : some) {
      Optional<Address> seen = eni.flatMap(present -> present.address(slot.address));
      if (seen.isEmpty() && context.recent().believesAbsence(slot.address, eniId)) {
        slot.succeeded();
      } else if (seen.isPresent() && seen.get().state() == AddressState.DELETING) {
        context.recent().removed(slot.address);
        slot.accepted("");
      }
    }
  }

  private static boolean isGoing(Optional<NetworkInterface> eni, AddressSlot slot) {
    return eni.flatMap(present -> present.address(slot.address))
        .filter(address -> address.state() == AddressState.DELETING)
        .isPresent();
  }

  private static boolean isGone(Optional<NetworkInterface> eni, AddressSlot slot) {
    return eni.flatMap(present -> present.address(slot.address)).isEmpty();
  }
}
