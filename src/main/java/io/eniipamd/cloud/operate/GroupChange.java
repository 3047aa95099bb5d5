package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.State;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Gives an ENI other security groups; blocks until the end is seen. Only the call itself is made
 * alone on the ENI, with its turn taken before: no Pod is to wait for the rest.
 */
final class GroupChange {

  private final OperationContext context;
  private final EniLocks locks;
  private final String eniId;
  private final List<String> groups;
  private final Predicate<NetworkInterface> stillWanted;
  private final String step;

  GroupChange(
      OperationContext context,
      EniLocks locks,
      String eniId,
      List<String> groups,
      Predicate<NetworkInterface> stillWanted) {
    this.context = context;
    this.locks = locks;
    this.eniId = eniId;
    this.groups = List.copyOf(groups);
    this.stillWanted = stillWanted;
    this.step = "setting the security groups of " + eniId;
  }

  NetworkInterface run() {
    var attempts = new Retries(step, context);
    while (true) {
      var seen =
          context
              .looks()
              .await(step, eniId, eni -> eni.isEmpty() || eni.get().state() == State.AVAILABLE)
              .orElseThrow(this::gone);
      if (seen.securityGroups().equals(groups)) {
        return seen;
      }
      EniLifecycle.refuseUnlessWanted(step, seen, stillWanted);
      String requestId;
      try {
        requestId = call();
      } catch (CloudException e) {
        if (e.kind() == Kind.NOT_FOUND && context.looks().look(step, eniId).isEmpty()) {
          // Else it is a group that is not there.
          throw e.withMissing(eniId);
        }
        attempts.pauseAfter(e);
        continue;
      }
      return context.looks().awaitEnd(step, eniId, requestId, this::hasThem).orElseThrow();
    }
  }

  private String call() {
    context.limits().await(CloudAction.MODIFY_NETWORK_INTERFACE_ATTRIBUTE, eniId);
    var requestId = new String[1];
    locks.alone(
        List.of(eniId), () -> requestId[0] = context.afterTurn().setSecurityGroups(eniId, groups));
    return requestId[0];
  }

  /** In any order: that of the answer is not documented. */
  private boolean hasThem(Optional<NetworkInterface> eni) {
    return eni.filter(e -> new HashSet<>(e.securityGroups()).equals(new HashSet<>(groups)))
        .isPresent();
  }

  private CloudException gone() {
    return new CloudException(Kind.NOT_FOUND, step, null, "it does not exist", null, null)
        .withMissing(eniId);
  }
}
