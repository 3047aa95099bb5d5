package io.eniipamd.cloud;

import io.eniipamd.domain.address.Cidr;

/**
 * A subnet as the cloud describes it.
 *
 * @param id like {@code subnet-…}
 * @param vpcId the VPC it belongs to
 * @param zone the availability zone it lies in
 * @param cidr its range
 * @param totalAddresses addresses that anybody can have, by the cloud's count
 * @param availableAddresses addresses that nobody has, by the cloud's count
 */
public record Subnet(
    String id,
    String vpcId,
    String zone,
    Cidr cidr,
    long totalAddresses,
    long availableAddresses) {}
