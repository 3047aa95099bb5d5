package io.eniipamd.kube.address;

import java.time.Duration;
import java.util.List;

/**
 * What is set for addresses at the start.
 *
 * @param clusterId which cluster the ENIs are of; the value of a tag on each
 * @param subnets the ids of the subnets that addresses come from, {@code --eni-subnets}
 * @param quarantine how long no claim gets a released address, {@code --quarantine}
 * @param releaseStrays whether secondary addresses without a record are released, or only reported,
 *     {@code --release-stray-addresses}
 */
public record AddressSettings(
    String clusterId, List<String> subnets, Duration quarantine, boolean releaseStrays) {
  public AddressSettings {
    subnets = List.copyOf(subnets);
  }
}
