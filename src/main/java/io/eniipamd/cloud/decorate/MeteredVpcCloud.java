package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/** Reports to an observer how each call ended and how long it took. */
public final class MeteredVpcCloud extends InterceptedVpcCloud {

  private final CallObserver observer;

  public MeteredVpcCloud(VpcCloud next, CallObserver observer) {
    super(next);
    this.observer = observer;
  }

  @Override
  public String assign(String eniId, Collection<Ip> addresses) {
    observer.carried(CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES, addresses.size());
    return super.assign(eniId, addresses);
  }

  @Override
  public String unassign(String eniId, Collection<Ip> addresses) {
    observer.carried(CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES, addresses.size());
    return super.unassign(eniId, addresses);
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    long start = System.nanoTime();
    Optional<CloudException.Kind> failure = Optional.of(CloudException.Kind.TRANSIENT);
    try {
      T answer = call.get();
      // What is no failure to the caller is one to the account: the figures show it.
      failure =
          answer instanceof Answer.Unknown
              ? Optional.of(CloudException.Kind.DENIED)
              : Optional.empty();
      if (answer instanceof Listing<?> listing) {
        listing.unclear().forEach((id, why) -> observer.unreadable(action, id, why));
      }
      return answer;
    } catch (CloudException e) {
      failure = Optional.of(e.kind());
      throw e;
    } finally {
      observer.called(action, failure, Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
