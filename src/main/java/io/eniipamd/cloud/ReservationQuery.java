package io.eniipamd.cloud;

import java.util.Map;

/** What {@link VpcCloud#reservations} selects by, within the configured VPC. */
public sealed interface ReservationQuery {

  /** Those that carry all these tags. */
  record ByTags(Map<String, String> tags) implements ReservationQuery {
    public ByTags {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * Those of exactly this name that carry all these tags. There is no query by address: the name of
   * that filter differs between versions of the API, the one for names does not.
   */
  record ByName(String name, Map<String, String> tags) implements ReservationQuery {
    public ByName {
      tags = Map.copyOf(tags);
    }
  }
}
