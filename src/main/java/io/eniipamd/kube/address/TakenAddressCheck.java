package io.eniipamd.kube.address;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checks now and then whether another user of the VPC has taken an address that only its record
 * keeps: an event and a number then, and not a surprise for the Pod that comes back.
 */
@Singleton
public final class TakenAddressCheck {

  /**
   * The cloud's list of used addresses may lag behind by as much, and name one that has just left
   * an ENI of ours. The clock of another leader may have been off; too early an event is all that
   * can come of it.
   */
  private static final Duration LIST_LAGS = Duration.ofSeconds(15);

  private final VpcCloud cloud;
  private final AddressBook book;
  private final VpcIpStore records;
  private final SharedCache<VpcIPClaim> claims;
  private final EventRecorder events;
  private final Clock clock;
  private volatile int taken;

  public TakenAddressCheck(
      VpcCloud cloud,
      AddressBook book,
      VpcIpStore records,
      SharedCache<VpcIPClaim> claims,
      EventRecorder events,
      Clock clock) {
    this.cloud = cloud;
    this.book = book;
    this.records = records;
    this.claims = claims;
    this.events = events;
    this.clock = clock;
  }

  /** How many retained addresses another user had at the last check. */
  public int taken() {
    return taken;
  }

  /**
   * Looks; one request for ten addresses, none where nothing is held.
   *
   * @throws CloudException where the look failed; what was known stays
   */
  public void look() {
    var held =
        book.heldOnNone().stream()
            .filter(TakenAddressCheck::isHeld)
            .filter(this::hasLeftTheList)
            .collect(Collectors.toMap(VpcIP::ip, vip -> vip));
    if (held.isEmpty()) {
      taken = 0;
      return;
    }
    var used = new HashSet<>(cloud.usedAddresses(held.keySet()));
    taken = used.size();
    held.forEach(
        (ip, vip) -> {
          // An address that was put on an ENI of this cluster meanwhile is in use, too.
          if (book.get(ip).filter(now -> isSame(now, vip)).isPresent()) {
            tell(vip, used.contains(ip));
          }
        });
  }

  private void tell(VpcIP vip, boolean isTaken) {
    boolean said =
        Conditions.reason(vip.statusOrEmpty().conditions(), AddressConditions.ATTACHED)
            .filter(AddressReason.TAKEN_BY_STRANGER::equals)
            .isPresent();
    if (isTaken == said) {
      return;
    }
    var message =
        isTaken
            ? "another user of the VPC has taken %s, which claim %s/%s keeps: its Pod cannot start until that user frees the address; set reserve-retained-ips to prevent this"
                .formatted(
                    vip.getMetadata().getName(),
                    vip.getSpec().claimRef().namespace(),
                    vip.getSpec().claimRef().name())
            : "its claim keeps it, and it is on no ENI";
    records.status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .conditions(
                conditions(
                    vip, isTaken ? AddressReason.TAKEN_BY_STRANGER : AddressReason.HELD, message))
            .build());
    if (isTaken) {
      var ref = vip.getSpec().claimRef();
      claims
          .get(ref.namespace(), ref.name())
          .ifPresent(claim -> events.warn(claim, AddressReason.TAKEN_BY_STRANGER, message));
    }
  }

  private List<Condition> conditions(VpcIP vip, Reason reason, String message) {
    return Conditions.with(
        vip.statusOrEmpty().conditions(),
        AddressConditions.ATTACHED,
        Condition.FALSE,
        reason,
        message,
        vip.getMetadata().getGeneration(),
        clock.instant());
  }

  private static boolean isHeld(VpcIP vip) {
    return vip.statusOrEmpty().phase() == VpcIPPhase.HELD
        && vip.unreadable().isEmpty()
        && vip.getSpec().eniId() == null
        // The ENI of a Pod's own has its address while it is on no instance.
        && !vip.getSpec().ofOwnEni()
        && vip.getSpec().claimRef() != null
        && !Conditions.is(
            vip.statusOrEmpty().conditions(), AddressConditions.RESERVED, Condition.TRUE);
  }

  private boolean hasLeftTheList(VpcIP vip) {
    var since = vip.statusOrEmpty().since();
    try {
      return since == null || !Instant.parse(since).plus(LIST_LAGS).isAfter(clock.instant());
    } catch (DateTimeParseException _) {
      // Not written by the operator; it says nothing of when the address has left its ENI.
      return true;
    }
  }

  private static boolean isSame(VpcIP now, VpcIP before) {
    return now.getMetadata().getResourceVersion().equals(before.getMetadata().getResourceVersion());
  }
}
