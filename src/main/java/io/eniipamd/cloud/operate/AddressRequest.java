package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.domain.address.Ip;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A request for one address on an ENI.
 *
 * @param kind whether it is to come or to go
 * @param mayBeThere for an assign: an earlier run may have asked for it
 * @param stillWanted for an unassign: asked right before it goes out
 * @param freeing for an assign: asked where the address is refused as taken; {@code true} where it
 *     was held for this and is free now
 * @param since {@link System#nanoTime} of the request
 */
record AddressRequest(
    Kind kind,
    Ip address,
    boolean mayBeThere,
    BooleanSupplier stillWanted,
    BooleanSupplier freeing,
    long since,
    CompletableFuture<Done> done) {

  /** Requests of one kind share a call. */
  enum Kind {
    ASSIGN,
    UNASSIGN
  }

  static AddressRequest assign(Ip address, boolean mayBeThere) {
    return assign(address, mayBeThere, () -> false);
  }

  static AddressRequest assign(Ip address, boolean mayBeThere, BooleanSupplier freeing) {
    return new AddressRequest(
        Kind.ASSIGN,
        address,
        mayBeThere,
        () -> true,
        freeing,
        System.nanoTime(),
        new CompletableFuture<>());
  }

  static AddressRequest unassign(Ip address, BooleanSupplier stillWanted) {
    return new AddressRequest(
        Kind.UNASSIGN,
        address,
        true,
        stillWanted,
        () -> false,
        System.nanoTime(),
        new CompletableFuture<>());
  }

  void succeeded(String requestId) {
    done.complete(new Done(requestId));
  }

  void failed(CloudException e) {
    done.completeExceptionally(e);
  }
}
