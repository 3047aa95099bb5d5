package io.eniipamd.cloud;

import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.domain.address.Ip;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Holding addresses that are on no ENI. As with {@link EniOperations} every operation is
 * idempotent, none blocks, and stages fail with {@link CloudException}. Ours is a reservation with
 * this cluster's tags and the name that this room gives for the address; others are left alone.
 *
 * <p>An address that was assigned while it was reserved may stay reserved, as the cloud pleases:
 * whoever gives it back for good takes it from its ENI first and then ends the reservation.
 */
public interface AddressReservations {

  /**
   * Reserves an address that is on no ENI; success too where it is reserved by us already.
   *
   * <p>Fails with {@link CloudException.Kind#ADDRESS_TAKEN} where somebody has it, an ENI of ours
   * included, and with {@link CloudException.Kind#QUOTA} where there may be no more reservations.
   *
   * @return unknown where the account may not reserve: the address is not held
   */
  CompletionStage<Answer<Reservation>> reserve(String subnetId, Ip address);

  /**
   * Ends our reservation of an address, which is anybody's from then on; success too where there is
   * none. Fails with {@link CloudException.Kind#TRANSIENT} while an ENI has the address.
   *
   * @param stillWanted asked right before the call goes out, on a thread that may block; {@code
   *     false} or an exception fails the stage with {@link CloudException.Kind#TRANSIENT}
   * @return unknown where the account may not look for reservations, or not end them
   */
  CompletionStage<Answer<Done>> unreserve(Ip address, BooleanSupplier stillWanted);

  /**
   * Puts an address on an ENI that may be reserved by us. It is asked for as it is; where the cloud
   * refuses it as taken and the reservation is ours, this is ended and the address asked for again
   * at once. Should that fail and leave the address free, it is reserved anew as far as possible.
   *
   * @param mayBeThere as with {@link EniOperations#assign}
   */
  CompletionStage<Done> assignReserved(String eniId, Ip address, boolean mayBeThere);
}
