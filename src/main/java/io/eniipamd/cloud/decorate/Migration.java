package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Optional;

/** Moves one address between two ENIs; there is no token, so it looks before each call. */
record Migration(OperationContext context, String fromEniId, String toEniId, Ip address) {

  private String step() {
    return "migrating " + address + " from " + fromEniId + " to " + toEniId;
  }

  Done run() {
    var attempts = new Attempts(step(), context);
    boolean sent = false;
    while (true) {
      List<Optional<NetworkInterface>> seen = context.looks().look(step(), fromEniId, toEniId);
      boolean arriving = state(seen.getLast()).isPresent();
      boolean leaving = state(seen.getFirst()).filter(AddressState.MIGRATING::equals).isPresent();
      boolean believed = sent || context.recent().believesPresence(address, toEniId);
      if ((arriving || leaving) && believed) {
        awaitArrival("");
        return new Done("");
      }
      String requestId;
      try {
        requestId = context.cloud().migrate(fromEniId, toEniId, address);
      } catch (CloudException e) {
        if (e.kind() == Kind.NOT_FOUND) {
          return notThere(e);
        }
        sent |= e.kind() == Kind.TRANSIENT;
        attempts.pauseAfter(e);
        continue;
      }
      context.recent().placed(address, toEniId);
      awaitArrival(requestId);
      return new Done(requestId);
    }
  }

  /** The cloud does not find the address where it should be: has it arrived already? */
  private Done notThere(CloudException e) {
    boolean elsewhere =
        context.cloud().networkInterfaces(new EniQuery.ByAddress(address)).stream()
            .map(NetworkInterface::id)
            .anyMatch(holder -> !holder.equals(fromEniId) && !holder.equals(toEniId));
    if (elsewhere) {
      throw e;
    }
    var look =
        context.looks().await(step(), toEniId, this::hasArrived, context.settings().staleness());
    if (!look.enough()) {
      throw e;
    }
    return new Done("");
  }

  private void awaitArrival(String requestId) {
    var unused = context.looks().awaitEnd(step(), toEniId, requestId, this::hasArrived);
  }

  private boolean hasArrived(Optional<NetworkInterface> eni) {
    return state(eni).filter(AddressState.AVAILABLE::equals).isPresent();
  }

  private Optional<AddressState> state(Optional<NetworkInterface> eni) {
    return eni.flatMap(present -> present.address(address)).map(NetworkInterface.Address::state);
  }
}
