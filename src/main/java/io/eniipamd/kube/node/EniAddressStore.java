package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.GuardedDelete;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * The {@code VpcIP}s of ENIs' own addresses. Each is made before its ENI is: it is what a restarted
 * operator finds, and its UID is the ENI's identity in the cloud.
 */
@Singleton
final class EniAddressStore {
  private final KubernetesClient client;
  private final AddressBook book;
  private final VpcIpStore records;

  EniAddressStore(KubernetesClient client, AddressBook book, VpcIpStore records) {
    this.client = client;
    this.book = book;
    this.records = records;
  }

  /**
   * Takes a free address of a subnet for an ENI of a node.
   *
   * @return empty where the subnet has none
   */
  Optional<VpcIP> takeAny(String subnetId, String node, String necUid) {
    while (true) {
      var ip = book.pick(subnetId, necUid);
      if (ip.isEmpty()) {
        return Optional.empty();
      }
      var taken = take(ip.get(), subnetId, node);
      if (taken.isPresent()) {
        return taken;
      }
    }
  }

  /** Whether the quota of a subnet is why no address of it can be taken. */
  boolean isQuotaMet(String subnetId) {
    return book.isQuotaMet(subnetId);
  }

  /**
   * Takes this very address.
   *
   * @return empty if another object has it, which the book knows now
   */
  Optional<VpcIP> take(Ip ip, String subnetId, String node) {
    try {
      var created =
          records.create(
              ip,
              VpcIPSpecBuilder.builder()
                  .type(VpcIPType.ENI)
                  .subnetId(subnetId)
                  .nodeName(node)
                  .build());
      book.changed(created);
      return Optional.of(created);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        book.putBack(ip);
        throw e;
      }
      var there = client.resources(VpcIP.class).withName(ip.toString()).get();
      if (there == null) {
        book.putBack(ip);
      } else {
        book.changed(there);
      }
      return Optional.empty();
    }
  }

  /**
   * Writes a node's record as it was read and changed; a conflict comes back with the newer one.
   */
  void update(NodeENIConfig nec) {
    try {
      client.resource(nec).update();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Writes that the cloud has the address on this ENI, unless that is written already. */
  void attached(VpcIP vip, String eniId) {
    var status = vip.statusOrEmpty();
    if (status.phase() == VpcIPPhase.ASSIGNED && eniId.equals(status.eniId())) {
      return;
    }
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(VpcIPPhase.ASSIGNED)
            .since(records.now())
            .eniId(eniId)
            .error(null)
            .conditions(
                records.withAttached(
                    vip,
                    Condition.TRUE,
                    AddressReason.ATTACHED,
                    eniId + " is on " + vip.getSpec().nodeName()))
            .build());
  }

  /** Writes why the cloud does not have it yet, unless that is written already. */
  void refused(VpcIP vip, Problem problem, String said, Optional<String> requestId) {
    var status = vip.statusOrEmpty();
    if (said.equals(status.error())
        && Conditions.says(
            status.conditions(),
            AddressConditions.ATTACHED,
            Condition.FALSE,
            problem.reason(),
            problem.message())) {
      return;
    }
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(VpcIPPhase.ATTACHING)
            .error(said)
            .requestId(requestId.orElse(status.requestId()))
            .conditions(
                records.withAttached(vip, Condition.FALSE, problem.reason(), problem.message()))
            .build());
  }

  /** Gives up an address that no ENI of this cluster has; as it was read, or not at all. */
  void drop(VpcIP vip) {
    try {
      var current = vip;
      if (!vip.isMarkedForDeletion()) {
        GuardedDelete.of(client, vip);
        current = client.resources(VpcIP.class).withName(vip.getMetadata().getName()).get();
      }
      if (current != null && current.getMetadata().getUid().equals(vip.getMetadata().getUid())) {
        records.finish(current);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
    book.deleted(vip);
  }
}
