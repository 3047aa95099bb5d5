package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** A batch of addresses of one ENI on its way; blocks its virtual thread until all are settled. */
abstract class AddressBatch {

  final OperationContext context;
  final String eniId;
  private final Map<Ip, AddressSlot> slots = new LinkedHashMap<>();

  AddressBatch(OperationContext context, String eniId, List<AddressRequest> requests) {
    this.context = context;
    this.eniId = eniId;
    for (AddressRequest request : requests) {
      AddressSlot slot = slots.computeIfAbsent(request.address(), AddressSlot::new);
      slot.requests.add(request);
      slot.doubtful |= request.mayBeThere();
    }
  }

  /** Settles every request of the batch, whatever happens. */
  final void run() {
    try {
      perform();
    } catch (CloudException e) {
      fail(unsettled(), e);
    } catch (RuntimeException e) {
      fail(unsettled(), Futures.failure(step(unsettled()), e));
    } finally {
      fail(unsettled(), Futures.interrupted("working on " + eniId));
    }
  }

  abstract void perform();

  /** What is being done to these addresses, for messages. */
  abstract String step(Collection<AddressSlot> some);

  /** Waits until each address whose change the cloud has accepted is seen to have changed. */
  final void awaitAccepted(BiPredicate<Optional<NetworkInterface>, AddressSlot> changed) {
    while (true) {
      List<AddressSlot> accepted = in(AddressSlot.State.ACCEPTED);
      if (accepted.isEmpty()) {
        return;
      }
      var eni =
          context
              .looks()
              .awaitEnd(
                  step(accepted),
                  eniId,
                  requestIdOf(accepted),
                  seen -> accepted.stream().anyMatch(slot -> changed.test(seen, slot)));
      accepted.stream().filter(slot -> changed.test(eni, slot)).forEach(AddressSlot::succeeded);
    }
  }

  /** All slots in a state. */
  final List<AddressSlot> in(AddressSlot.State state) {
    return in(slots.values(), state);
  }

  static List<AddressSlot> in(Collection<AddressSlot> some, AddressSlot.State state) {
    return some.stream().filter(slot -> slot.state == state).toList();
  }

  private List<AddressSlot> unsettled() {
    return slots.values().stream().filter(slot -> slot.state != AddressSlot.State.SETTLED).toList();
  }

  static void fail(Collection<AddressSlot> some, CloudException e) {
    List.copyOf(some).forEach(slot -> slot.failed(e));
  }

  static List<Ip> addresses(Collection<AddressSlot> some) {
    return some.stream().map(slot -> slot.address).toList();
  }

  static String joined(Collection<AddressSlot> some) {
    return some.stream().map(slot -> slot.address.toString()).collect(Collectors.joining(", "));
  }

  /** The first call that any of these was accepted by, empty where none is known. */
  static String requestIdOf(Collection<AddressSlot> some) {
    return some.stream()
        .map(slot -> slot.requestId)
        .filter(id -> !id.isEmpty())
        .findFirst()
        .orElse("");
  }

  static List<List<AddressSlot>> halves(List<AddressSlot> some) {
    int half = some.size() / 2;
    return List.of(
        new ArrayList<>(some.subList(0, half)), new ArrayList<>(some.subList(half, some.size())));
  }
}
