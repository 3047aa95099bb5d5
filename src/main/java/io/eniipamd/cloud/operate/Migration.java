package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.operate.UnendedChanges.Change;
import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Optional;

/**
 * Moves one address between two ENIs. The first call goes out without a read before it: a read that
 * lags could show the address where it was before it went away. Moving it twice does no harm,
 * because the cloud does not find it where it was; that answer and a read that agrees are the
 * proof.
 */
record Migration(OperationContext context, String fromEniId, String toEniId, Ip address) {

  private String step() {
    return "migrating " + address + " from " + fromEniId + " to " + toEniId;
  }

  Done run() {
    // No call for what the cloud has accepted before and still works on.
    Optional<String> running = context.unended().take(change()).filter(context.looks()::runs);
    if (running.isPresent()) {
      context.recent().placed(address, toEniId);
      awaitArrival(running.get());
      return new Done(running.get());
    }
    var attempts = new Retries(step(), context);
    while (true) {
      String requestId;
      try {
        requestId = context.cloud().migrate(fromEniId, toEniId, address);
      } catch (CloudException e) {
        if (e.kind() == Kind.NOT_FOUND) {
          return notThere(e);
        }
        attempts.pauseAfter(e);
        if (e.kind() == Kind.TRANSIENT && isOnItsWay()) {
          context.recent().placed(address, toEniId);
          awaitArrival("");
          return new Done("");
        }
        attempts.awaitEndOfOther(e, fromEniId, toEniId);
        continue;
      }
      context.recent().placed(address, toEniId);
      awaitArrival(requestId);
      return new Done(requestId);
    }
  }

  /** After a call that was perhaps not answered: does the address move, or has it? */
  private boolean isOnItsWay() {
    List<Optional<NetworkInterface>> seen = context.looks().look(step(), fromEniId, toEniId);
    boolean leaving = state(seen.getFirst()).filter(AddressState.MIGRATING::equals).isPresent();
    boolean arriving = state(seen.getLast()).isPresent();
    return leaving || (arriving && context.recent().believesPresence(address, toEniId));
  }

  /**
   * The cloud does not find the address where it should be: has it arrived already? An ENI that is
   * gone is reported at once; who asked has other ways then.
   */
  private Done notThere(CloudException e) {
    List<Optional<NetworkInterface>> seen = context.looks().look(step(), fromEniId, toEniId);
    if (seen.getLast().isEmpty()) {
      throw e.withMissing(toEniId);
    }
    if (seen.getFirst().isEmpty() && state(seen.getLast()).isEmpty()) {
      throw e.withMissing(fromEniId);
    }
    boolean elsewhere =
        context.cloud().networkInterfaces(new EniQuery.ByAddress(address)).all().stream()
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
    context.recent().placed(address, toEniId);
    return new Done("");
  }

  private void awaitArrival(String requestId) {
    try {
      var unused = context.looks().awaitEnd(step(), toEniId, requestId, this::hasArrived);
    } catch (CloudException e) {
      context.unended().remember(change(), requestId);
      throw e;
    }
  }

  private Change change() {
    return new Change(address, fromEniId, Optional.of(toEniId));
  }

  private boolean hasArrived(Optional<NetworkInterface> eni) {
    return state(eni).filter(AddressState.AVAILABLE::equals).isPresent();
  }

  private Optional<AddressState> state(Optional<NetworkInterface> eni) {
    return eni.flatMap(present -> present.address(address)).map(NetworkInterface.Address::state);
  }
}
