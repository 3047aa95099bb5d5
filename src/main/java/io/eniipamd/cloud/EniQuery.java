package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Map;

/** What {@link VpcCloud#networkInterfaces} selects by. */
public sealed interface EniQuery {

  /**
   * The ENIs of these ids, at most {@value VpcCloud#MAX_IDS_PER_CALL} of them; unknown ones are
   * left out.
   */
  record ByIds(List<String> eniIds) implements EniQuery {
    public ByIds {
      eniIds = List.copyOf(eniIds);
    }
  }

  /** The secondary ENIs on an instance. */
  record ByInstance(String instanceId) implements EniQuery {}

  /** The ENIs of the configured VPC that carry all these tags. */
  record ByTags(Map<String, String> tags) implements EniQuery {
    public ByTags {
      tags = Map.copyOf(tags);
    }
  }

  /** The ENI of the configured VPC that has exactly this address, at most one. */
  record ByAddress(Ip address) implements EniQuery {}
}
