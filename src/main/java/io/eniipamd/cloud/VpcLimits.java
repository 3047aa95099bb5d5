package io.eniipamd.cloud;

/**
 * What the VPC may have in all.
 *
 * @param enis ENIs of the VPC, those of others included
 */
public record VpcLimits(int enis) {}
