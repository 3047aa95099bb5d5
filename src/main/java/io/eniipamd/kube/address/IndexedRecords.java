package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The records of addresses, found by address, claim, ENI and node. Only the {@link AddressBook}
 * calls this, under its lock.
 */
final class IndexedRecords {
  private final Map<Ip, VpcIP> records = new HashMap<>();
  private final Map<String, Set<Ip>> byClaimUid = new HashMap<>();
  private final Map<String, Set<Ip>> byClaimName = new HashMap<>();
  private final Map<String, Set<Ip>> byEni = new HashMap<>();
  private final Map<String, Set<Ip>> byNode = new HashMap<>();

  /** Addresses that are kept for their claims on no ENI. */
  private final Set<Ip> onNone = new LinkedHashSet<>();

  /** Addresses that are kept ready for Pods that come, by ENI. */
  private final Map<String, Set<Ip>> warmByEni = new HashMap<>();

  Optional<VpcIP> get(Ip ip) {
    return Optional.ofNullable(records.get(ip));
  }

  boolean contains(Ip ip) {
    return records.containsKey(ip);
  }

  /** All addresses that have a record. */
  Set<Ip> addresses() {
    return Collections.unmodifiableSet(records.keySet());
  }

  /** Adds the record; it replaces an earlier state of it. */
  void put(Ip ip, VpcIP vip) {
    remove(ip);
    records.put(ip, vip);
    if (vip.statusOrEmpty().phase() == VpcIPPhase.HELD) {
      onNone.add(ip);
    }
    forEachKey(vip, (map, key) -> map.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(ip));
  }

  void remove(Ip ip) {
    var vip = records.remove(ip);
    if (vip == null) {
      return;
    }
    onNone.remove(ip);
    forEachKey(
        vip,
        (map, key) ->
            map.computeIfPresent(
                key,
                (_, set) -> {
                  set.remove(ip);
                  return set.isEmpty() ? null : set;
                }));
  }

  List<VpcIP> ofClaim(String uid) {
    return resolve(byClaimUid.get(uid));
  }

  List<VpcIP> ofClaimNamed(String namespace, String name) {
    return resolve(byClaimName.get(namespace + "/" + name));
  }

  /** Those that name an ENI, or that the cloud last confirmed on it. */
  List<VpcIP> onEni(String eniId) {
    return resolve(byEni.get(eniId));
  }

  boolean isOnEni(Ip ip, String eniId) {
    return byEni.getOrDefault(eniId, Set.of()).contains(ip);
  }

  List<VpcIP> onNode(String nodeName) {
    return resolve(byNode.get(nodeName));
  }

  /** Those that are kept for their claims on no ENI. */
  List<VpcIP> heldOnNone() {
    return resolve(onNone);
  }

  /** Those that are kept ready on an ENI, or on their way there, the oldest first. */
  List<VpcIP> warmOn(String eniId) {
    return resolve(warmByEni.get(eniId));
  }

  /** All that are kept ready. */
  List<VpcIP> warm() {
    return warmByEni.values().stream().flatMap(ips -> resolve(ips).stream()).toList();
  }

  private List<VpcIP> resolve(Set<Ip> ips) {
    if (ips == null) {
      return List.of();
    }
    var found = new ArrayList<VpcIP>(ips.size());
    for (var ip : ips) {
      found.add(records.get(ip));
    }
    return found;
  }

  private interface IndexAction {
    void on(Map<String, Set<Ip>> map, String key);
  }

  private void forEachKey(VpcIP vip, IndexAction action) {
    var spec = vip.getSpec();
    if (spec == null) {
      return;
    }
    var claim = spec.claimRef();
    if (claim != null) {
      action.on(byClaimUid, claim.uid());
      action.on(byClaimName, claim.namespace() + "/" + claim.name());
    }
    if (spec.eniId() != null) {
      action.on(byEni, spec.eniId());
    }
    var confirmed = vip.statusOrEmpty().eniId();
    if (confirmed != null && !confirmed.equals(spec.eniId())) {
      action.on(byEni, confirmed);
    }
    if (spec.nodeName() != null) {
      action.on(byNode, spec.nodeName());
    }
    if (RecordPurpose.isWarm(vip)) {
      action.on(warmByEni, spec.eniId());
    }
  }
}
