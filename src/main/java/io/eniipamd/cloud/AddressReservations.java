package io.eniipamd.cloud;

import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.domain.address.Ip;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Holding addresses that are on no ENI. As with {@link EniOperations} every operation is
 * idempotent, none blocks, and stages fail with {@link CloudException}. A reservation is this
 * cluster's if it has this cluster's tags and the name that this package gives for the address;
 * others are left alone.
 *
 * <p>An address that was assigned while it was reserved may stay reserved, as the cloud pleases: a
 * caller that releases it for good takes it from its ENI first and then ends the reservation.
 */
public interface AddressReservations {

  /**
   * Reserves an address that is on no ENI; success too where it is reserved by us already.
   *
   * <p>Fails with {@link CloudException.Kind#ADDRESS_TAKEN} where it is in use, also by an ENI of
   * this cluster, and with {@link CloudException.Kind#QUOTA} where there may be no more
   * reservations.
   *
   * @return unknown where the account may not reserve: the address is not held
   */
  CompletionStage<Answer<Reservation>> reserve(String subnetId, Ip address);

  /**
   * Ends this cluster's reservation of an address, which any user of the VPC can have from then on;
   * success too where there is none. Fails with {@link CloudException.Kind#TRANSIENT} while an ENI
   * has the address.
   *
   * @param stillWanted asked right before the call goes out, on a thread that may block; {@code
   *     false} or an exception fails the stage with {@link CloudException.Kind#TRANSIENT}
   * @return unknown if the account may not list reservations, or not end them
   */
  CompletionStage<Answer<Done>> unreserve(Ip address, BooleanSupplier stillWanted);

  /**
   * Puts an address on an ENI that may be reserved by us. It is asked for as it is; if the cloud
   * refuses it as taken and the reservation is this cluster's, the reservation is ended and the
   * address requested again at once. If that fails and leaves the address free, it is reserved
   * again if possible.
   *
   * @param mayBeThere as with {@link EniOperations#assign}
   */
  CompletionStage<Done> assignReserved(String eniId, Ip address, boolean mayBeThere);
}
