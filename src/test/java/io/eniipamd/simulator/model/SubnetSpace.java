package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.BitSet;

/** A subnet and which of its addresses are taken. Guarded by the model's lock. */
final class SubnetSpace {
  /** No ENI can have the network's, the gateway's and the broadcast address. */
  private static final int PLATFORM_ADDRESSES = 3;

  private final String id;
  private final String name;
  private final CidrBlock cidr;
  private final String zone;
  private final Instant createdAt;
  private final BitSet taken = new BitSet();
  private int held;

  SubnetSpace(String id, String name, CidrBlock cidr, String zone, Instant createdAt) {
    this.id = id;
    this.name = name;
    this.cidr = cidr;
    this.zone = zone;
    this.createdAt = createdAt;
    taken.set(0);
    taken.set(1);
    taken.set(lastOffset());
  }

  String id() {
    return id;
  }

  CidrBlock cidr() {
    return cidr;
  }

  String zone() {
    return zone;
  }

  /** Whether the address is the network's, the gateway's or the broadcast one. */
  boolean isPlatforms(Ipv4 ip) {
    int offset = cidr.offsetOf(ip);
    return offset <= 1 || offset == lastOffset();
  }

  long total() {
    return cidr.size() - PLATFORM_ADDRESSES;
  }

  long available() {
    return total() - held;
  }

  boolean isTaken(Ipv4 ip) {
    return taken.get(cidr.offsetOf(ip));
  }

  void take(Ipv4 ip) {
    int offset = cidr.offsetOf(ip);
    if (taken.get(offset)) {
      throw new IllegalStateException(ip + " is taken already");
    }
    taken.set(offset);
    held++;
  }

  void release(Ipv4 ip) {
    int offset = cidr.offsetOf(ip);
    if (!taken.get(offset) || isPlatforms(ip)) {
      throw new IllegalStateException(ip + " is not in use");
    }
    taken.clear(offset);
    held--;
  }

  /** The lowest free offset from one on; beyond the subnet where it is full. */
  int nextFreeOffset(int from) {
    return taken.nextClearBit(from);
  }

  SubnetView view(String vpcId) {
    return new SubnetView(id, name, vpcId, cidr, zone, total(), available(), createdAt);
  }

  private int lastOffset() {
    return Math.toIntExact(cidr.size() - 1);
  }
}
