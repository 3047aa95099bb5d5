package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.domain.node.WantedRoom;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.support.EniDemand;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Optional;

/** The room that Pods, users and warm addresses ask of a node's ENIs. */
@Singleton
final class RoomWanted {
  private final EniDemand demand;
  private final AddressBook book;
  private final WarmSettings warm;
  private final DirectDemand directs;

  RoomWanted(EniDemand demand, AddressBook book, WarmSettings warm, DirectDemand directs) {
    this.demand = demand;
    this.book = book;
    this.warm = warm;
    this.directs = directs;
  }

  /** Whether Pods want ENIs of their own, and how many the node may have is not recorded. */
  boolean isLimitOfDirectWanted(NodeENIConfig nec) {
    return directs.isToBeLearnt(nec);
  }

  /**
   * What is asked of a node.
   *
   * @param enis its ENIs that carry Pods
   */
  WantedRoom of(NodeENIConfig nec, Collection<EniInfo> enis) {
    return new WantedRoom(desiredSlots(nec, enis), demand.on(nec.getMetadata().getName()).values());
  }

  /** What users ask for, and room for the addresses in use together with the warm ones. */
  private int desiredSlots(NodeENIConfig nec, Collection<EniInfo> enis) {
    int asked = Optional.ofNullable(nec.getSpec().desiredRouteENIIP()).orElse(0);
    int min = warm.of(nec).min();
    if (min == 0) {
      return asked;
    }
    int inUse =
        enis.stream()
            .map(EniInfo::eniId)
            .mapToInt(eniId -> book.used(eniId) - book.warmOn(eniId).size())
            .sum();
    return Math.max(asked, inUse + min);
  }
}
