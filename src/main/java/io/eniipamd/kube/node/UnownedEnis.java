package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.ProviderIds;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.support.CloudReaders;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.NodesAsked;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * ENIs of this cluster, and records of their addresses, that no {@code NodeENIConfig} speaks of: a
 * user has deleted it by force, or a leader was killed at the worst moment. The reconciler of nodes
 * starts from a {@code NodeENIConfig} and does not come across them.
 */
@Singleton
public final class UnownedEnis {
  private final NodeCloud cloud;
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final OwnEnis own;
  private final AddressBook book;
  private final EniAddressStore records;
  private final EniCache memory;
  private final NodesAsked asked;
  private final Executor readers;

  /**
   * @param readers where questions are asked that block
   */
  UnownedEnis(
      NodeCloud cloud,
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      OwnEnis own,
      AddressBook book,
      EniAddressStore records,
      EniCache memory,
      NodesAsked asked,
      @CloudReaders Executor readers) {
    this.cloud = cloud;
    this.necs = necs;
    this.nodes = nodes;
    this.own = own;
    this.book = book;
    this.records = records;
    this.memory = memory;
    this.asked = asked;
    this.readers = readers;
  }

  /** Whether there is a {@code NodeENIConfig} of the node, whose reconciler can mend things. */
  public boolean hasRecord(String node) {
    return necs.get(node).isPresent();
  }

  /** The reconciler of the node asks the cloud again which ENIs there are for it. */
  public void lookAgain(String node) {
    necs.get(node)
        .ifPresent(
            nec -> {
              memory.doubt(nec.getMetadata().getUid());
              necs.enqueue(node);
            });
  }

  /**
   * Detaches and deletes an ENI that no record has. Right before each of the two calls everything
   * has to hold that {@link #isUnowned} asks.
   *
   * @param node the one that the ENI was made for
   */
  public CompletionStage<EniOperations.Done> remove(String eniId, String node) {
    return cloud.remove(eniId, seen -> isUnowned(seen, node));
  }

  /**
   * Deletes an ENI of a Pod's own that no record has. One that is on an instance stays: a Pod may
   * run with it, whose objects users have deleted by force.
   */
  public CompletionStage<EniOperations.Done> removeDirect(String eniId) {
    return cloud.remove(eniId, this::isLeftByPod);
  }

  private boolean isLeftByPod(NetworkInterface seen) {
    return EniTags.isDirect(seen.tags())
        && seen.instanceId().isEmpty()
        && seen.addresses().stream().allMatch(Address::primary)
        && seen.primaryIp().filter(book::isUnknown).isPresent()
        && book.used(seen.id()) == 0;
  }

  /**
   * Only its own address is on it, and no record has that but one of the node that it was made for;
   * no node has its instance; and the API server says that no Pod can be on that node.
   */
  private boolean isUnowned(NetworkInterface seen, String node) {
    return seen.addresses().stream().allMatch(Address::primary)
        && seen.primaryIp()
            .filter(ip -> book.isUnknown(ip) || isRecordedFor(ip, seen.id(), node))
            .isPresent()
        && book.used(seen.id()) == 0
        && own.nodeListing(seen.id()).isEmpty()
        && seen.instanceId().filter(this::isNodes).isEmpty()
        && isGone(node);
  }

  private boolean isRecordedFor(Ip ip, String eniId, String node) {
    return book.get(ip)
        .filter(vip -> node.equals(vip.getSpec().nodeName()))
        .filter(vip -> vip.getSpec().type() == VpcIPType.ENI)
        .filter(vip -> Optional.ofNullable(vip.statusOrEmpty().eniId()).orElse(eniId).equals(eniId))
        .isPresent();
  }

  private boolean isNodes(String instanceId) {
    return necs.all().anyMatch(nec -> instanceId.equals(nec.getSpec().instanceId()))
        || nodes
            .all()
            .anyMatch(
                node ->
                    Optional.ofNullable(node.providerId())
                        .flatMap(ProviderIds::instance)
                        .filter(instanceId::equals)
                        .isPresent());
  }

  private boolean isGone(String node) {
    return !hasRecord(node) && nodes.get(node).isEmpty() && !asked.mayCarryPods(node);
  }

  /**
   * Deletes the record of the address of an ENI that does not exist, as it was read; it stays where
   * the node is there, or addresses of Pods are recorded on the ENI.
   *
   * @param eniId the ENI that the record names; empty where it names none yet
   * @param node the node that the record names
   * @return fails where the API server gives no certain answer
   */
  public CompletionStage<Boolean> dropRecord(Ip ip, Optional<String> eniId, Optional<String> node) {
    return CompletableFuture.supplyAsync(
        () -> {
          var vip = book.get(ip).filter(there -> isOf(there, eniId));
          if (vip.isEmpty() || !node.map(this::isGone).orElse(true)) {
            throw new IllegalStateException("the node is there, or addresses are on the ENI");
          }
          records.drop(vip.get());
          return true;
        },
        readers);
  }

  private boolean isOf(VpcIP vip, Optional<String> eniId) {
    return vip.getSpec().type() == VpcIPType.ENI
        && eniId.equals(Optional.ofNullable(vip.statusOrEmpty().eniId()))
        && eniId.filter(id -> book.used(id) > 0).isEmpty();
  }
}
