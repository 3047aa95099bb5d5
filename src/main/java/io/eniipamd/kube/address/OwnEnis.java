package io.eniipamd.kube.address;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.CloudReaders;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Which ENIs are this cluster's. Objects that were restored from another cluster's backup name ENIs
 * of that cluster, and nothing may be changed there. An ENI belongs to this cluster if a {@code
 * NodeENIConfig} of a Node that is there lists it, unless its tag was seen to name another cluster;
 * of all others the cloud is asked for the tag.
 */
@Singleton
public final class OwnEnis {

  /** How long the result of a read is believed. */
  static final Duration BELIEVED = Duration.ofMinutes(10);

  /** Whose an ENI is. */
  public enum Whose {
    OURS,
    /** Its tag names another cluster, or none. */
    OTHERS,
    /** The cloud knows no such ENI. */
    NOBODYS
  }

  private record Seen(Whose whose, Instant at) {}

  private final VpcCloud cloud;
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final String cluster;
  private final Executor readers;
  private final Clock clock;

  /** The ENIs that records of nodes list, to the nodes. */
  private final Map<String, String> listed = new ConcurrentHashMap<>();

  private final Map<String, Set<String>> byNode = new ConcurrentHashMap<>();

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** ENIs of this cluster that were seen on another instance than their node's, or on none. */
  private final Set<String> detached = ConcurrentHashMap.newKeySet();

  /**
   * @param readers where the cloud is asked
   */
  public OwnEnis(
      VpcCloud cloud,
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressSettings settings,
      @CloudReaders Executor readers,
      Clock clock) {
    this.cloud = cloud;
    this.necs = necs;
    this.nodes = nodes;
    this.cluster = settings.clusterId();
    this.readers = readers;
    this.clock = clock;
    necs.listen(
        new SharedCache.Listener<>() {
          @Override
          public void changed(NodeENIConfig nec) {
            list(nec);
          }

          @Override
          public void deleted(NodeENIConfig nec) {
            unlist(nec.getMetadata().getName(), Set.of());
          }
        });
  }

  private synchronized void list(NodeENIConfig nec) {
    var node = nec.getMetadata().getName();
    var enis = new HashSet<String>();
    nec.statusOrEmpty().eniInfos().forEach(eni -> enis.add(eni.eniId()));
    unlist(node, enis);
    enis.forEach(eni -> listed.put(eni, node));
    byNode.put(node, enis);
  }

  private synchronized void unlist(String node, Set<String> except) {
    var before = byNode.remove(node);
    if (before != null) {
      before.stream()
          .filter(eni -> !except.contains(eni))
          .forEach(
              eni -> {
                listed.remove(eni, node);
                detached.remove(eni);
              });
    }
  }

  /** Whose the ENI is, by what is known; empty where the cloud has to be asked. */
  public Optional<Whose> whose(String eniId) {
    var known = Optional.ofNullable(seen.get(eniId)).filter(this::isBelieved).map(Seen::whose);
    if (known.isPresent()) {
      return known;
    }
    return Optional.ofNullable(listed.get(eniId))
        .filter(node -> nodes.get(node).isPresent())
        .map(_ -> Whose.OURS);
  }

  private boolean isBelieved(Seen one) {
    return clock.instant().isBefore(one.at().plus(BELIEVED)) && !clock.instant().isBefore(one.at());
  }

  /** Whether the cloud was seen not to have the ENI any more. */
  public boolean isGone(String eniId) {
    return whose(eniId).filter(Whose.NOBODYS::equals).isPresent();
  }

  /** Whether addresses can be put on the ENI for Pods of its node, by what was seen of it. */
  public boolean isUsable(String eniId) {
    return !detached.contains(eniId) && !isGone(eniId);
  }

  /** Asks the cloud whose an ENI is, and remembers it for a while. */
  CompletionStage<Whose> look(String eniId) {
    return find(eniId).thenApply(this::whoseIs);
  }

  /** Asks the cloud for an ENI, and remembers whose it is. */
  CompletionStage<Optional<NetworkInterface>> find(String eniId) {
    return CompletableFuture.supplyAsync(
        () -> {
          var found = described(eniId);
          remember(eniId, whoseIs(found));
          return found;
        },
        readers);
  }

  /**
   * Asks the cloud which ENI of this cluster has an address for a Pod: beside its primary one, or
   * as the primary one of an ENI of the Pod's own.
   */
  CompletionStage<Optional<String>> holding(Ip ip) {
    return CompletableFuture.supplyAsync(
        () ->
            cloud.networkInterfaces(new EniQuery.ByAddress(ip)).all().stream()
                .filter(eni -> cluster.equals(eni.tags().get(EniTags.CLUSTER)))
                .filter(
                    eni ->
                        isDirect(eni, ip) || eni.address(ip).filter(a -> !a.primary()).isPresent())
                .map(NetworkInterface::id)
                .findFirst(),
        readers);
  }

  /** Asks the cloud for the ENI of a Pod's own that has an address as its primary one. */
  CompletionStage<Optional<NetworkInterface>> direct(Ip ip) {
    return CompletableFuture.supplyAsync(
        () ->
            cloud.networkInterfaces(new EniQuery.ByAddress(ip)).all().stream()
                .filter(eni -> isDirect(eni, ip))
                .findFirst(),
        readers);
  }

  /** Whether it is an ENI of this cluster for one Pod alone, with this primary address. */
  boolean isDirect(NetworkInterface eni, Ip ip) {
    return cluster.equals(eni.tags().get(EniTags.CLUSTER))
        && EniTags.isDirect(eni.tags())
        && eni.primaryIp().filter(ip::equals).isPresent();
  }

  /** The tags of the ENI of a Pod's own whose record has this UID. */
  Map<String, String> tagsOfDirect(String recordUid) {
    return EniTags.ofDirect(cluster, recordUid);
  }

  private Whose whoseIs(Optional<NetworkInterface> eni) {
    return eni.map(
            there -> cluster.equals(there.tags().get(EniTags.CLUSTER)) ? Whose.OURS : Whose.OTHERS)
        .orElse(Whose.NOBODYS);
  }

  private Optional<NetworkInterface> described(String eniId) {
    try {
      return cloud.networkInterfaces(new EniQuery.ByIds(List.of(eniId))).find(eniId);
    } catch (CloudException e) {
      if (e.kind() == CloudException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Whether an ENI that was read for another reason carries another cluster's tag; that is believed
   * whatever lists it.
   */
  boolean isOthers(NetworkInterface eni) {
    var named = eni.tags().get(EniTags.CLUSTER);
    if (named == null || named.equals(cluster)) {
      return false;
    }
    remember(eni.id(), Whose.OTHERS);
    return true;
  }

  /** Reads have shown that an ENI which the record of a node lists is gone. */
  void gone(String eniId) {
    remember(eniId, Whose.NOBODYS);
  }

  /** Reads have shown that an ENI is not on the instance of its node. */
  void detached(String eniId) {
    if (detached.add(eniId)) {
      enqueueNode(eniId);
    }
  }

  /** A read has shown an ENI where the record of its node says that it is. */
  void inPlace(String eniId) {
    boolean wasGone = isGone(eniId);
    if (wasGone) {
      seen.remove(eniId);
    }
    if (detached.remove(eniId) || wasGone) {
      enqueueNode(eniId);
    }
  }

  private void remember(String eniId, Whose whose) {
    seen.values().removeIf(one -> !isBelieved(one));
    var before = seen.put(eniId, new Seen(whose, clock.instant()));
    if (whose == Whose.NOBODYS && (before == null || before.whose() != whose)) {
      enqueueNode(eniId);
    }
  }

  /** The node whose record lists an ENI. */
  public Optional<String> nodeListing(String eniId) {
    return Optional.ofNullable(listed.get(eniId));
  }

  /** The node's package reads its ENIs again, and what its Node says of them. */
  public void enqueueNode(String eniId) {
    Optional.ofNullable(listed.get(eniId))
        .ifPresent(
            node -> {
              necs.enqueue(node);
              nodes.enqueue(node);
            });
  }
}
