package io.eniipamd.cloud;

/**
 * What an instance may have.
 *
 * @param enis ENIs in all, the primary one of the instance included
 * @param addressesPerEni addresses of an ENI, its primary one included
 */
public record EniLimits(int enis, int addressesPerEni) {}
