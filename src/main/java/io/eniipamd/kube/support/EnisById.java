package io.eniipamd.kube.support;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import java.util.List;

/** Reads ENIs by their ids, however many they are. */
public final class EnisById {
  private EnisById() {}

  /**
   * The ENIs of these ids; one request for {@value VpcCloud#MAX_IDS_PER_CALL} of them, none for
   * none.
   *
   * @throws CloudException where a request fails
   */
  public static Listing<NetworkInterface> read(VpcCloud cloud, List<String> ids) {
    Listing<NetworkInterface> all = Listing.none();
    for (int i = 0; i < ids.size(); i += VpcCloud.MAX_IDS_PER_CALL) {
      var some = ids.subList(i, Math.min(ids.size(), i + VpcCloud.MAX_IDS_PER_CALL));
      all = all.and(cloud.networkInterfaces(new EniQuery.ByIds(List.copyOf(some))));
    }
    return all;
  }
}
