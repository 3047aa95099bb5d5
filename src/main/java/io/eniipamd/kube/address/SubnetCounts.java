package io.eniipamd.kube.address;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.kube.support.SharedCache;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many addresses of each subnet are held, and by what. It counts as records and claims change,
 * so that a reading costs as much as there are subnets, and does not hold up who allocates.
 */
public final class SubnetCounts implements SharedCache.Listener<VpcIPClaim> {

  /** What holds an address. */
  public enum Holder {
    POD,
    ENI,
    RETAINED,
    WARM,
    RELEASING
  }

  /**
   * A record as it was counted.
   *
   * @param holder while the Pod is there, where a Pod holds it
   * @param claim the namespace and the name of the claim that holds it; or null
   */
  private record Counted(String subnetId, Holder holder, String claim) {}

  @GuardedBy("this")
  private final Map<Ip, Counted> counted = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Set<Ip>> byClaim = new HashMap<>();

  /** Claims whose Pods are away. */
  @GuardedBy("this")
  private final Set<String> retained = new HashSet<>();

  @GuardedBy("this")
  private final Map<String, Map<Holder, Long>> held = new HashMap<>();

  /**
   * How many addresses of the subnet each kind of holder has; those that have none may be left out.
   */
  public synchronized Map<Holder, Long> of(String subnetId) {
    return Map.copyOf(held.getOrDefault(subnetId, Map.of()));
  }

  /**
   * The same, beside the quota of the subnet.
   *
   * @param coming how many more are about to be recorded
   */
  SubnetQuotaUse use(String subnetId, long quota, long coming) {
    var now = of(subnetId);
    return new SubnetQuotaUse(
        subnetId,
        quota,
        now.getOrDefault(Holder.POD, 0L),
        now.getOrDefault(Holder.ENI, 0L),
        now.getOrDefault(Holder.RETAINED, 0L),
        now.getOrDefault(Holder.WARM, 0L),
        now.getOrDefault(Holder.RELEASING, 0L),
        coming);
  }

  /** The record of an address is this one now. */
  synchronized void changed(Ip ip, VpcIP vip) {
    deleted(ip);
    if (vip.getSpec() == null) {
      return;
    }
    var now = counted(vip);
    counted.put(ip, now);
    if (now.claim() != null) {
      byClaim.computeIfAbsent(now.claim(), _ -> new HashSet<>()).add(ip);
    }
    count(now, 1);
  }

  /** The address has no record any more. */
  synchronized void deleted(Ip ip) {
    var before = counted.remove(ip);
    if (before == null) {
      return;
    }
    count(before, -1);
    if (before.claim() != null) {
      byClaim.computeIfPresent(
          before.claim(),
          (_, ips) -> {
            ips.remove(ip);
            return ips.isEmpty() ? null : ips;
          });
    }
  }

  @Override
  public void changed(VpcIPClaim claim) {
    retained(key(claim), claim.statusOrEmpty().phase() == ClaimPhase.RETAINED);
  }

  @Override
  public void deleted(VpcIPClaim claim) {
    retained(key(claim), false);
  }

  private synchronized void retained(String claim, boolean now) {
    if (retained.contains(claim) == now) {
      return;
    }
    var ofClaim = byClaim.getOrDefault(claim, Set.of());
    ofClaim.forEach(ip -> count(ip, -1));
    if (now) {
      retained.add(claim);
    } else {
      retained.remove(claim);
    }
    ofClaim.forEach(ip -> count(ip, 1));
  }

  private synchronized void count(Ip ip, long by) {
    count(counted.get(ip), by);
  }

  private synchronized void count(Counted record, long by) {
    boolean kept = record.holder() == Holder.POD && retained.contains(record.claim());
    var ofSubnet = held.computeIfAbsent(record.subnetId(), _ -> new EnumMap<>(Holder.class));
    ofSubnet.merge(kept ? Holder.RETAINED : record.holder(), by, Long::sum);
  }

  private static Counted counted(VpcIP vip) {
    var spec = vip.getSpec();
    return new Counted(
        spec.subnetId(), holder(vip), spec.claimRef() == null ? null : key(spec.claimRef()));
  }

  private static Holder holder(VpcIP vip) {
    return switch (vip.statusOrEmpty().phase()) {
      case RELEASING, QUARANTINED -> Holder.RELEASING;
      case ATTACHING, ASSIGNED, AVAILABLE, HELD, UNKNOWN -> {
        if (RecordPurpose.isMadeWarm(vip)) {
          yield Holder.WARM;
        }
        yield vip.getSpec().type() == VpcIPType.ENI ? Holder.ENI : Holder.POD;
      }
    };
  }

  private static String key(VpcIPClaim claim) {
    return claim.getMetadata().getNamespace() + "/" + claim.getMetadata().getName();
  }

  private static String key(ClaimRef claim) {
    return claim.namespace() + "/" + claim.name();
  }
}
