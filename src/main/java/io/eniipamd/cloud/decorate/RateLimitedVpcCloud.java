package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Lets each call wait for its turn; blocks its thread, so only virtual threads may call it. */
public final class RateLimitedVpcCloud extends InterceptedVpcCloud {

  private final RequestLimits limits;
  private final BiConsumer<CloudAction, String> turn;

  /**
   * @param limits give the turns that calls wait for
   */
  public RateLimitedVpcCloud(VpcCloud next, RequestLimits limits) {
    this(next, limits, limits::await);
  }

  private RateLimitedVpcCloud(
      VpcCloud next, RequestLimits limits, BiConsumer<CloudAction, String> turn) {
    super(next);
    this.limits = limits;
    this.turn = turn;
  }

  /** With the turns of reads, only for questions about ENIs by their ids. */
  public static RateLimitedVpcCloud forLooks(VpcCloud next, RequestLimits limits) {
    return new RateLimitedVpcCloud(next, limits, (_, subject) -> limits.awaitLook(subject));
  }

  @Override
  public Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    Listing<NetworkInterface> enis = super.networkInterfaces(query);
    // How many pages a listing has is known when it has been read.
    limits.owe(
        CloudAction.DESCRIBE_NETWORK_INTERFACES, (enis.found().size() - 1) / MAX_IDS_PER_CALL);
    return enis;
  }

  @Override
  public Answer<List<Reservation>> reservations(ReservationQuery query) {
    Answer<List<Reservation>> answer = super.reservations(query);
    int rows = answer.known().map(List::size).orElse(0);
    limits.owe(CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES, (rows - 1) / MAX_IDS_PER_CALL);
    return answer;
  }

  @Override
  public List<Ip> usedAddresses(Collection<Ip> addresses) {
    var all = List.copyOf(addresses);
    var used = new ArrayList<Ip>();
    for (int from = 0; from < all.size(); from += MAX_ADDRESSES_PER_CALL) {
      int to = Math.min(all.size(), from + MAX_ADDRESSES_PER_CALL);
      used.addAll(super.usedAddresses(all.subList(from, to)));
    }
    return used;
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    turn.accept(action, subject);
    return call.get();
  }
}
