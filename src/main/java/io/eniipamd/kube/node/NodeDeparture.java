package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.node.EniPolicy;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What becomes of the record of a node that is deleted, and of the ENIs of a node that is gone: the
 * record stays as long as ENIs are on the instance, or carry addresses.
 */
@Singleton
final class NodeDeparture {
  private final SharedCache<SlimNode> nodes;
  private final EniAddressStore records;
  private final EniCache memory;
  private final EniLearning learning;
  private final LeftEniSteps left;
  private final NextPass next;

  NodeDeparture(
      SharedCache<SlimNode> nodes,
      EniAddressStore records,
      EniCache memory,
      EniLearning learning,
      LeftEniSteps left,
      NextPass next) {
    this.nodes = nodes;
    this.records = records;
    this.memory = memory;
    this.learning = learning;
    this.left = left;
    this.next = next;
  }

  /**
   * A record that is deleted while its Node exists is created again, from the ENIs that are there.
   * The record of a node that is gone stays while ENIs are on its instance, or carry addresses.
   *
   * @param write writes the record through the context of its reconciler
   */
  UpdateControl<NodeENIConfig> perform(
      NodeENIConfig nec, Gathered known, UnaryOperator<NodeENIConfig> write) {
    if (!nec.hasFinalizer(Names.NODE_FINALIZER)) {
      return UpdateControl.noUpdate();
    }
    var facts = known.facts();
    boolean nothingToLeave =
        facts.coming().isEmpty()
            && facts.left().isEmpty()
            && nec.statusOrEmpty().eniInfos().isEmpty();
    boolean comesBack = nodes.get(nec.getMetadata().getName()).isPresent();
    if (!comesBack && !nothingToLeave && nec.getSpec().instanceId() != null) {
      var waits = leave(nec, known);
      if (waits.isPresent()) {
        return waits.get();
      }
    }
    removeFinalizer(nec, write);
    return UpdateControl.noUpdate();
  }

  private static void removeFinalizer(NodeENIConfig nec, UnaryOperator<NodeENIConfig> write) {
    nec.removeFinalizer(Names.NODE_FINALIZER);
    try {
      var unused = write.apply(nec);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // Gone already, by an earlier pass that this one has not seen.
    }
  }

  /**
   * What is done for the ENIs of a node that is gone while its record is deleted.
   *
   * @return when it goes on; empty where nothing holds the record any more
   */
  private Optional<UpdateControl<NodeENIConfig>> leave(NodeENIConfig nec, Gathered known) {
    if (!known.facts().instance().looked()) {
      learning.look(nec, known.confirmed());
      return Optional.of(next.of(nec, known, Optional.empty(), false));
    }
    left.tellOfRefusedRemovals(nec, known);
    if (!isOnTheInstance(nec) && !stays(nec, known)) {
      return Optional.empty();
    }
    learning.lookAgain(nec, known.confirmed());
    return Optional.of(next.of(nec, known, Optional.empty(), true));
  }

  private boolean isOnTheInstance(NodeENIConfig nec) {
    return memory.look(uid(nec)).stream()
        .flatMap(look -> look.seen().stream())
        .anyMatch(seen -> seen.place() == NodeCloud.Place.HERE);
  }

  /** Removes what can be removed; whether something is left that holds the record. */
  private boolean stays(NodeENIConfig nec, Gathered known) {
    boolean stays = false;
    for (var eni : known.facts().left()) {
      EniPolicy.left(nec.getMetadata().getName(), eni)
          .forEach(step -> left.perform(nec, known, step));
      stays |= holds(eni);
    }
    for (var coming : known.facts().coming()) {
      stays |= !dropped(known, coming);
    }
    return stays;
  }

  /** Whether the record of a node stays for an ENI that is not on its instance. */
  private static boolean holds(LeftEni eni) {
    return switch (eni.where()) {
      case EMPTY -> eni.recorded();
      case LOADED, BUSY -> true;
      case GONE, OTHERS, ELSEWHERE -> false;
    };
  }

  /** Gives up the address of an ENI that never came; false while the cloud is at it. */
  private boolean dropped(Gathered known, PendingEni coming) {
    if (coming.standing() instanceof PendingEni.BindingState.UnderWay) {
      return false;
    }
    var vip = known.records().get(coming.primaryIp());
    records.drop(vip);
    memory.forgetAddress(uid(vip));
    return true;
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
