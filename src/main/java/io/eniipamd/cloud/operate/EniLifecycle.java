package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.NetworkInterface.State;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Creating, attaching and removing an ENI; every method blocks until the end is seen. */
final class EniLifecycle {

  /** Codes for what is not possible now. */
  private static final String NOT_IN_THIS_STATE = "UnsupportedOperation.";

  private final OperationContext context;
  private final ClientTokens tokens = new ClientTokens();

  EniLifecycle(OperationContext context) {
    this.context = context;
  }

  NetworkInterface create(EniSpec spec, boolean mayBeThere) {
    String step = "creating ENI " + spec.name() + " in " + spec.subnetId();
    var attempts = new Retries(step, context);
    boolean doubtful = mayBeThere;
    while (true) {
      if (doubtful) {
        Optional<NetworkInterface> made = made(spec);
        if (made.isPresent()) {
          return awaitMade(step, spec, made.get().id());
        }
      }
      String eniId;
      try {
        eniId = context.cloud().createNetworkInterface(withToken(spec)).id();
      } catch (CloudException e) {
        if (e.kind() == Kind.ADDRESS_TAKEN) {
          eniId = awaitOwn(step, spec, doubtful, e).id();
        } else if (ClientTokens.isSpoilt(e)) {
          // An earlier run asked for another address with this token, and may have got it.
          tokens.spoil(spec.clientToken());
          attempts.pauseAfter(
              new CloudException(
                  Kind.TRANSIENT,
                  step,
                  e.code().orElse(null),
                  "its client token is used up",
                  null,
                  e));
          doubtful = true;
          continue;
        } else {
          doubtful |= e.mayHaveHadEffect();
          attempts.pauseAfter(e);
          continue;
        }
      }
      return awaitMade(step, spec, eniId);
    }
  }

  private EniSpec withToken(EniSpec spec) {
    return new EniSpec(
        spec.name(),
        spec.subnetId(),
        spec.primaryIp(),
        spec.securityGroups(),
        spec.tags(),
        tokens.current(spec.clientToken()));
  }

  /** The primary address is taken, perhaps by an ENI of this very spec that no read shows yet. */
  private NetworkInterface awaitOwn(
      String step, EniSpec spec, boolean doubtful, CloudException taken) {
    long patience = doubtful ? context.settings().staleness().toNanos() : 0;
    long deadline = System.nanoTime() + patience;
    while (true) {
      Optional<NetworkInterface> made = made(spec);
      if (made.isPresent()) {
        return made.get();
      }
      if (deadline - System.nanoTime() <= 0) {
        throw taken;
      }
      Retries.sleep(step, context.settings().slowestLook());
    }
  }

  private Optional<NetworkInterface> made(EniSpec spec) {
    if (spec.tags().isEmpty()) {
      return Optional.empty();
    }
    return context.cloud().networkInterfaces(new EniQuery.ByTags(spec.tags())).all().stream()
        .filter(eni -> eni.state() != State.DELETING)
        .min(
            Comparator.comparing(
                    (NetworkInterface eni) ->
                        eni.primaryIp().filter(spec.primaryIp()::equals).isEmpty())
                .thenComparing(NetworkInterface::id));
  }

  private NetworkInterface awaitMade(String step, EniSpec spec, String eniId) {
    try {
      NetworkInterface made =
          context
              .looks()
              .await(step, eniId, eni -> eni.filter(EniLifecycle::isAtRest).isPresent())
              .orElseThrow();
      tokens.done(spec.clientToken());
      return made;
    } catch (CloudException e) {
      // The task has failed perhaps, and its token would bring the same answer for ever. Another
      // token makes no second ENI: the first one would have the primary address.
      tokens.spoil(spec.clientToken());
      throw e;
    }
  }

  NetworkInterface attach(String eniId, String instanceId, AttachMode mode, String clientToken) {
    String step = "attaching " + eniId + " to " + instanceId;
    var attempts = new Retries(step, context);
    while (true) {
      Optional<NetworkInterface> seen =
          context.looks().await(step, eniId, eni -> eni.isEmpty() || isAtRest(eni.get()));
      Optional<String> where = seen.flatMap(NetworkInterface::instanceId);
      if (where.isPresent() && !where.get().equals(instanceId)) {
        throw new CloudException(
            Kind.INVALID, step, null, "it is attached to " + where.get(), null, null);
      }
      if (where.isPresent()) {
        tokens.done(clientToken);
        return seen.get();
      }
      String requestId;
      try {
        requestId =
            context
                .cloud()
                .attachNetworkInterface(eniId, instanceId, mode, tokens.current(clientToken));
      } catch (CloudException e) {
        if (ClientTokens.isSpoilt(e)) {
          tokens.spoil(clientToken);
        }
        if (e.kind() == Kind.NOT_FOUND && context.looks().look(step, eniId).isEmpty()) {
          // Else it is the instance that is gone.
          throw e.withMissing(eniId);
        }
        attempts.pauseAfter(e);
        awaitChange(step, seen.orElse(null), eniId, e);
        continue;
      }
      return awaitAttached(step, eniId, instanceId, clientToken, requestId);
    }
  }

  private NetworkInterface awaitAttached(
      String step, String eniId, String instanceId, String clientToken, String requestId) {
    try {
      NetworkInterface attached =
          context
              .looks()
              .awaitEnd(
                  step,
                  eniId,
                  requestId,
                  eni -> eni.filter(e -> e.attachedTo(instanceId)).isPresent())
              .orElseThrow();
      tokens.done(clientToken);
      return attached;
    } catch (CloudException e) {
      // As with the creation; an ENI is on one instance at most.
      tokens.spoil(clientToken);
      throw e;
    }
  }

  Done remove(String eniId, Predicate<NetworkInterface> stillWanted) {
    return takeOff("removing " + eniId, eniId, stillWanted, true);
  }

  /** Takes an ENI off its instance; it stays, on none. */
  Done detach(String eniId, Predicate<NetworkInterface> stillWanted) {
    return takeOff("detaching " + eniId, eniId, stillWanted, false);
  }

  private Done takeOff(
      String step, String eniId, Predicate<NetworkInterface> stillWanted, boolean delete) {
    var last = new Done("");
    var attempts = new Retries(step, context);
    while (true) {
      Optional<NetworkInterface> seen =
          context.looks().await(step, eniId, eni -> eni.isEmpty() || isAtRest(eni.get()));
      if (seen.isEmpty()) {
        // A call would delete what no read has shown.
        return last;
      }
      if (!delete && isOnNone(seen.get())) {
        return last;
      }
      refuseToStrand(step, seen.get());
      refuseUnlessWanted(step, seen.get(), stillWanted);
      Optional<String> instance = seen.get().instanceId();
      String requestId;
      try {
        requestId =
            instance.isPresent()
                ? detach(eniId, instance.get())
                : context.cloud().deleteNetworkInterface(eniId);
      } catch (CloudException e) {
        if (e.kind() == Kind.NOT_FOUND) {
          return new Done("");
        }
        attempts.pauseAfter(e);
        awaitChange(step, seen.get(), eniId, e);
        continue;
      }
      if (instance.isEmpty()) {
        var unused = context.looks().awaitEnd(step, eniId, requestId, Optional::isEmpty);
        return new Done(requestId);
      }
      last = new Done(requestId);
      var unused =
          context
              .looks()
              .awaitEnd(
                  step,
                  eniId,
                  requestId,
                  eni -> eni.isEmpty() || (isAtRest(eni.get()) && isOnNone(eni.get())));
    }
  }

  /**
   * A change that the ENI's state does not allow, though by the look it does: the read is stale,
   * and takes more reads, not more calls.
   */
  private void awaitChange(String step, NetworkInterface before, String eniId, CloudException e) {
    if (before != null && e.code().filter(code -> code.startsWith(NOT_IN_THIS_STATE)).isPresent()) {
      var unused =
          context
              .looks()
              .await(
                  step,
                  eniId,
                  eni -> !eni.equals(Optional.of(before)),
                  context.settings().staleness());
    }
  }

  private static void refuseToStrand(String step, NetworkInterface eni) {
    String left =
        eni.addresses().stream()
            .filter(address -> !address.primary() && address.state() != AddressState.DELETING)
            .map(address -> address.ip().toString())
            .collect(Collectors.joining(", "));
    if (!left.isEmpty()) {
      throw new CloudException(Kind.TRANSIENT, step, null, "it still carries " + left, null, null);
    }
  }

  static void refuseUnlessWanted(
      String step, NetworkInterface eni, Predicate<NetworkInterface> stillWanted) {
    boolean wanted;
    try {
      wanted = stillWanted.test(eni);
    } catch (RuntimeException e) {
      throw new CloudException(
          Kind.TRANSIENT, step, null, "it is unclear whether it is still due", null, e);
    }
    if (!wanted) {
      throw new CloudException(Kind.TRANSIENT, step, null, "it is not due any more", null, null);
    }
  }

  private String detach(String eniId, String instanceId) {
    try {
      return context.cloud().detachNetworkInterface(eniId, instanceId);
    } catch (CloudException e) {
      // It is on that instance no more: the next read shows it.
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return "";
    }
  }

  private static boolean isAtRest(NetworkInterface eni) {
    return eni.state() == State.AVAILABLE;
  }

  private static boolean isOnNone(NetworkInterface eni) {
    return eni.instanceId().isEmpty();
  }
}
