package io.eniipamd.cloud;

import io.eniipamd.domain.address.Cidr;

/**
 * A subnet as the cloud describes it.
 *
 * @param id like {@code subnet-…}
 * @param vpcId the VPC it belongs to
 * @param zone the availability zone it lies in
 * @param cidr its range
 * @param totalAddresses usable addresses, as reported by the cloud
 * @param availableAddresses free addresses, as reported by the cloud
 */
public record Subnet(
    String id,
    String vpcId,
    String zone,
    Cidr cidr,
    long totalAddresses,
    long availableAddresses) {}
