package io.eniipamd.domain.node;

/** How many addresses of a subnet this cluster may take. */
public sealed interface SubnetQuota {

  /** The same as a number. */
  long of(long total);

  /** So many. */
  record Addresses(long count) implements SubnetQuota {
    @Override
    public long of(long total) {
      return count;
    }
  }

  /** A share of all that the subnet has, those that are in use included; rounded down. */
  record Percent(int percent) implements SubnetQuota {
    static final int ALL = 100;

    @Override
    public long of(long total) {
      return total * percent / ALL;
    }
  }
}
