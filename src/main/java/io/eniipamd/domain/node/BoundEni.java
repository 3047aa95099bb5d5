package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;

/**
 * An ENI that the cloud was seen to have on its instance.
 *
 * @param eniId like {@code eni-…}
 * @param mac its hardware address
 * @param subnetId the subnet of all its addresses
 * @param primaryIp its own address
 */
public record BoundEni(String eniId, String mac, String subnetId, Ip primaryIp) {}
