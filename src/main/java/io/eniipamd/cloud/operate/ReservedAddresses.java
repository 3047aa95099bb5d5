package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.ReservationSpec;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Reservations on virtual threads, one operation at a time for each address. */
final class ReservedAddresses implements AddressReservations {

  /** What our reservations are called, before the address. */
  private static final String NAME_PREFIX = "eni-ipamd-";

  private static final Answer<Done> NOTHING_TO_END = new Answer.Known<>(new Done(""));

  private final OperationContext context;
  private final EniWorkers workers;
  private final ExecutorService threads;
  private final Map<String, String> marks;
  private final EniLocks locks = new EniLocks();

  /**
   * What this process has reserved and not ended. A listing may not show it yet; without this an
   * address that is released at once would stay reserved for ever.
   */
  private final Map<Ip, Reservation> made = new ConcurrentHashMap<>();

  ReservedAddresses(
      OperationContext context,
      EniWorkers workers,
      ExecutorService threads,
      Map<String, String> marks) {
    this.context = context;
    this.workers = workers;
    this.threads = threads;
    this.marks = marks;
  }

  @Override
  public CompletionStage<Answer<Reservation>> reserve(String subnetId, Ip address) {
    String step = "reserving " + address + " in " + subnetId;
    return alone(step, address, () -> hold(step, subnetId, address));
  }

  @Override
  public CompletionStage<Answer<Done>> unreserve(Ip address, BooleanSupplier stillWanted) {
    String step = "ending the reservation of " + address;
    return alone(step, address, () -> release(step, address, stillWanted));
  }

  @Override
  public CompletionStage<Done> assignReserved(String eniId, Ip address, boolean mayBeThere) {
    String step = "assigning " + address + ", which may be reserved, to " + eniId;
    return alone(step, address, () -> assign(step, eniId, address, mayBeThere));
  }

  private Answer<Reservation> hold(String step, String subnetId, Ip address) {
    if (marks.isEmpty()) {
      return new Answer.Unknown<>(
          step + ": no tags are configured that distinguish it from other users' addresses");
    }
    var spec = new ReservationSpec(name(address), subnetId, address, marks);
    var attempts = new Retries(step, context);
    boolean doubtful = false;
    while (true) {
      try {
        Answer<Reservation> answer = context.cloud().createReservation(spec);
        answer.known().ifPresent(one -> made.put(address, one));
        return answer;
      } catch (CloudException e) {
        if (e.kind() == Kind.ADDRESS_TAKEN) {
          return ownOrTaken(step, address, doubtful, e);
        }
        attempts.pauseAfter(e);
        if (e.mayHaveHadEffect()) {
          doubtful = true;
          Optional<Reservation> own = own(address).known().flatMap(found -> found);
          if (own.isPresent()) {
            return new Answer.Known<>(own.get());
          }
        }
      }
    }
  }

  /** The address is taken, perhaps by a reservation of this cluster that no list shows yet. */
  private Answer<Reservation> ownOrTaken(
      String step, Ip address, boolean doubtful, CloudException taken) {
    long patience = doubtful ? context.settings().staleness().toNanos() : 0;
    long deadline = System.nanoTime() + patience;
    while (true) {
      switch (own(address)) {
        case Answer.Unknown<Optional<Reservation>>(String reason) -> {
          return new Answer.Unknown<>(reason);
        }
        case Answer.Known<Optional<Reservation>>(Optional<Reservation> own) -> {
          if (own.isPresent()) {
            return new Answer.Known<>(own.get());
          }
        }
      }
      if (deadline - System.nanoTime() <= 0) {
        throw taken;
      }
      Retries.sleep(step, context.settings().slowestLook());
    }
  }

  private Answer<Done> release(String step, Ip address, BooleanSupplier stillWanted) {
    Reservation remembered = made.get(address);
    if (remembered != null) {
      Answer<Done> ended = allowed(step, end(step, remembered, stillWanted));
      if (!ended.equals(NOTHING_TO_END)) {
        return ended;
      }
      // Another leader may have ended it and reserved the address again since.
    }
    return switch (own(address)) {
      case Answer.Unknown<Optional<Reservation>>(String reason) -> new Answer.Unknown<>(reason);
      case Answer.Known<Optional<Reservation>>(Optional<Reservation> own) ->
          own.isEmpty() ? NOTHING_TO_END : allowed(step, end(step, own.get(), stillWanted));
    };
  }

  /**
   * The answer of ending an existing reservation of this cluster. Where that may not be done it is
   * a failure and not unknown: a release would leave the address reserved for ever.
   */
  private static Answer<Done> allowed(String step, Answer<Done> ended) {
    return switch (ended) {
      case Answer.Known<Done> known -> known;
      case Answer.Unknown<Done>(String reason) ->
          throw new CloudException(
              Kind.DENIED,
              step,
              null,
              "the operator reserved it and cannot end the reservation: " + reason,
              null,
              null);
    };
  }

  private Answer<Done> end(String step, Reservation one, BooleanSupplier stillWanted) {
    var attempts = new Retries(step, context);
    while (true) {
      // First the turn, then the question: nothing that can wait lies between it and the call.
      context.limits().await(CloudAction.DELETE_RESERVE_IP_ADDRESSES, one.id());
      requireWanted(step, stillWanted);
      try {
        Answer<Done> ended = context.afterTurn().deleteReservation(one.id()).map(Done::new);
        if (ended.known().isPresent()) {
          made.remove(one.address());
        }
        return ended;
      } catch (CloudException e) {
        if (e.kind() == Kind.NOT_FOUND) {
          made.remove(one.address());
          return NOTHING_TO_END;
        }
        attempts.pauseAfter(e);
      }
    }
  }

  private static void requireWanted(String step, BooleanSupplier stillWanted) {
    boolean wanted;
    try {
      wanted = stillWanted.getAsBoolean();
    } catch (RuntimeException e) {
      String detail = "withdrawn: the operator cannot tell whether it is still needed (" + e + ")";
      throw new CloudException(Kind.TRANSIENT, step, null, detail, null, e);
    }
    if (!wanted) {
      throw new CloudException(
          Kind.TRANSIENT, step, null, "withdrawn: no longer needed", null, null);
    }
  }

  private Done assign(String step, String eniId, Ip address, boolean mayBeThere) {
    var freed = new AtomicReference<Reservation>();
    var request = AddressRequest.assign(address, mayBeThere, () -> free(step, address, freed));
    try {
      return Futures.join(step, workers.enqueue(eniId, request).toCompletableFuture());
    } catch (CloudException e) {
      if (freed.get() != null && e.kind() != Kind.ADDRESS_TAKEN) {
        holdAgain(freed.get(), e);
      }
      throw e;
    }
  }

  /** Ends our reservation of an address that could not be assigned, where there is one. */
  private boolean free(String step, Ip address, AtomicReference<Reservation> freed) {
    Optional<Reservation> own =
        own(address)
            .known()
            .flatMap(found -> found)
            .or(() -> Optional.ofNullable(made.get(address)))
            .filter(one -> one.boundTo().isEmpty());
    if (own.isEmpty()) {
      return false;
    }
    var unused = allowed(step, end(step, own.get(), () -> true));
    freed.set(own.get());
    return true;
  }

  private void holdAgain(Reservation lost, CloudException failure) {
    String step = "reserving " + lost.address() + " again";
    try {
      var unused = hold(step, lost.subnetId(), lost.address());
    } catch (CloudException e) {
      failure.addSuppressed(e);
    }
  }

  private Answer<Optional<Reservation>> own(Ip address) {
    if (marks.isEmpty()) {
      return new Answer.Known<>(Optional.empty());
    }
    return context
        .cloud()
        .reservations(new ReservationQuery.ByName(name(address), marks))
        .map(found -> found.stream().filter(one -> one.address().equals(address)).findFirst());
  }

  private static String name(Ip address) {
    return NAME_PREFIX + address;
  }

  private <T> CompletionStage<T> alone(String step, Ip address, Supplier<T> operation) {
    var done = new CompletableFuture<T>();
    try {
      threads.execute(
          () -> {
            try {
              locks.alone(List.of(address.toString()), () -> done.complete(operation.get()));
            } catch (RuntimeException | Error e) {
              done.completeExceptionally(Futures.failure(step, e));
            }
          });
    } catch (RejectedExecutionException shutDown) {
      done.completeExceptionally(Futures.interrupted(step));
    }
    return done;
  }
}
