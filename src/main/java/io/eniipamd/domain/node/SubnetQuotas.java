package io.eniipamd.domain.node;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The quotas of subnets, as users set them.
 *
 * @param bySubnet the quota by the ID of the subnet; a subnet that is not there has none
 */
public record SubnetQuotas(Map<String, SubnetQuota> bySubnet) {

  /** No subnet has one. */
  public static final SubnetQuotas NONE = new SubnetQuotas(Map.of());

  private static final Pattern ITEM =
      Pattern.compile("(subnet-[A-Za-z0-9][A-Za-z0-9-]{0,62})=(\\d{1,9})(%?)");

  public SubnetQuotas {
    bySubnet = Map.copyOf(bySubnet);
  }

  /**
   * Reads a text such as {@code subnet-a=200,subnet-b=50%}.
   *
   * @return empty where it is none, names a subnet twice, or has a share of more than 100%
   */
  public static Optional<SubnetQuotas> parse(String text) {
    var quotas = new HashMap<String, SubnetQuota>();
    for (var item : text.split(",", -1)) {
      var read = ITEM.matcher(item.strip());
      if (!read.matches()) {
        return Optional.empty();
      }
      int number = Integer.parseInt(read.group(2));
      boolean share = !read.group(3).isEmpty();
      if (share && number > SubnetQuota.Percent.ALL) {
        return Optional.empty();
      }
      var quota = share ? new SubnetQuota.Percent(number) : new SubnetQuota.Addresses(number);
      if (quotas.put(read.group(1), quota) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new SubnetQuotas(quotas));
  }

  /** How many addresses of a subnet this cluster may take; empty where it has no quota. */
  public Optional<Long> of(String subnetId, long total) {
    return Optional.ofNullable(bySubnet.get(subnetId)).map(quota -> quota.of(total));
  }
}
