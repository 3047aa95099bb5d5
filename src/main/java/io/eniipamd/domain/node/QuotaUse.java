package io.eniipamd.domain.node;

import java.util.Optional;

/**
 * What is known of the quota of ENIs of the VPC.
 *
 * @param limit how many ENIs it may have; empty where the cloud does not say
 * @param used how many secondary ENIs it has, those of others included; empty where that could not
 *     be read
 */
public record QuotaUse(Optional<Integer> limit, Optional<Integer> used) {
  public static final QuotaUse UNKNOWN = new QuotaUse(Optional.empty(), Optional.empty());
}
