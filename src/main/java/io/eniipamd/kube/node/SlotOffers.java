package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.EniRoom;
import io.eniipamd.domain.node.SlotOffer;
import io.eniipamd.kube.address.OwnEnis;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What nodes offer to the scheduler, by their ENIs and by the subnets that have addresses. */
@Singleton
final class SlotOffers {
  private final Predicate<String> usable;
  private final Predicate<String> takesPods;
  private final Predicate<String> takesEnis;

  @Inject
  SlotOffers(OwnEnis own, SubnetTides tides) {
    this(own::isUsable, tides::takesPods, tides::takesEnis);
  }

  /**
   * @param usable whether addresses can be put on an ENI
   * @param takesPods whether a Pod can have an address of a subnet
   * @param takesEnis whether an ENI from a subnet can have its own address and one for a Pod
   */
  SlotOffers(Predicate<String> usable, Predicate<String> takesPods, Predicate<String> takesEnis) {
    this.usable = usable;
    this.takesPods = takesPods;
    this.takesEnis = takesEnis;
  }

  /**
   * The slots that a node offers.
   *
   * @param enis its ENIs, with what is in use on each
   * @return empty where something is not known that it depends on
   */
  Optional<Integer> of(EniFacts facts, List<EniInfo> enis) {
    var instance = facts.instance();
    if (instance.limits().isEmpty()
        || instance.zone().isEmpty()
        || !facts.subnets().unseen().isEmpty()) {
      return Optional.empty();
    }
    boolean grows =
        facts.subnets().rooms().stream()
            .filter(subnet -> subnet.zone().equals(instance.zone().get()))
            .anyMatch(subnet -> takesEnis.test(subnet.id()));
    var attached =
        enis.stream()
            .filter(this::takesAddresses)
            .map(eni -> new EniRoom(eni.subnetId(), eni.slots(), eni.used()))
            .toList();
    int aside = enis.stream().filter(eni -> !takesAddresses(eni)).mapToInt(EniInfo::used).sum();
    int waiting = facts.wanted().waiting().size();
    return instance
        .limits()
        .map(
            limits ->
                SlotOffer.of(
                    limits, instance.strangers(), attached, aside, waiting, takesPods, grows));
  }

  private boolean takesAddresses(EniInfo eni) {
    return eni.phase() == EniPhase.ATTACHED && usable.test(eni.eniId());
  }
}
