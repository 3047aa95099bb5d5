package io.eniipamd.cloud;

/**
 * A virtual machine as the cloud describes it.
 *
 * @param id like {@code ins-…}
 * @param type like {@code S5.LARGE8}
 * @param zone the availability zone it runs in
 * @param cpuCores number of virtual cores
 */
public record Instance(String id, String type, String zone, int cpuCores) {}
