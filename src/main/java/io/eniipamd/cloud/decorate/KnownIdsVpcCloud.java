package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.VpcCloud;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks for ids that may not all exist. The cloud refuses a request over one that it does not know,
 * so a refused request is cut in two until the unknown ones are found. It comes before the turns:
 * each of these requests waits for its own, and is counted.
 */
public final class KnownIdsVpcCloud extends InterceptedVpcCloud {

  public KnownIdsVpcCloud(VpcCloud next) {
    super(next);
  }

  @Override
  public Listing<Subnet> subnets(Collection<String> subnetIds) {
    return known(List.copyOf(subnetIds), super::subnets);
  }

  @Override
  public Listing<Instance> instances(Collection<String> instanceIds) {
    return known(List.copyOf(instanceIds), super::instances);
  }

  @Override
  public Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    return query instanceof EniQuery.ByIds(List<String> ids)
        ? known(ids, some -> super.networkInterfaces(new EniQuery.ByIds(some)))
        : super.networkInterfaces(query);
  }

  @Override
  <T> T around(CloudAction action, String subject, Supplier<T> call) {
    return call.get();
  }

  private static <T> Listing<T> known(
      List<String> ids, Function<List<String>, Listing<T>> describe) {
    Listing<T> found = Listing.none();
    for (int from = 0; from < ids.size(); from += MAX_IDS_PER_CALL) {
      int to = Math.min(ids.size(), from + MAX_IDS_PER_CALL);
      found = found.and(knownOf(ids.subList(from, to), describe));
    }
    return found;
  }

  private static <T> Listing<T> knownOf(
      List<String> ids, Function<List<String>, Listing<T>> describe) {
    try {
      return describe.apply(ids);
    } catch (CloudException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      if (ids.size() == 1) {
        return Listing.none();
      }
      int half = ids.size() / 2;
      return knownOf(ids.subList(0, half), describe)
          .and(knownOf(ids.subList(half, ids.size()), describe));
    }
  }
}
