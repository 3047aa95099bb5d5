package io.eniipamd.kube.journal;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPStatus;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.kube.support.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a written record means for its address. */
final class RecordTransitions {
  private RecordTransitions() {}

  static List<JournalLine> ofCreation(VpcIP vip) {
    var spec = vip.getSpec();
    var line = line(Transition.ALLOCATED, vip);
    if (spec.type() == VpcIPType.ENI) {
      line.with(Field.REASON, "NodeENI").with(Field.BY, By.OPERATOR.word());
    } else if (spec.claimRef() != null) {
      line.with(Field.REASON, "Claim").with(Field.BY, By.POD.word());
    } else if (Boolean.TRUE.equals(spec.warm())) {
      line.with(Field.REASON, "Warm").with(Field.BY, By.OPERATOR.word());
    } else {
      line.with(Field.REASON, "Found").with(Field.BY, By.OPERATOR.word());
    }
    return List.of(line.build());
  }

  static JournalLine ofEnd(VpcIP vip) {
    return line(Transition.FREE, vip).build();
  }

  static List<JournalLine> of(VpcIP before, VpcIP after) {
    var lines = new ArrayList<JournalLine>();
    claimed(before, after).ifPresent(lines::add);
    placed(before, after).ifPresent(lines::add);
    reserved(before, after).ifPresent(lines::add);
    taken(before, after).ifPresent(lines::add);
    phase(before, after).ifPresent(lines::add);
    return lines;
  }

  private static Optional<JournalLine> claimed(VpcIP before, VpcIP after) {
    if (after.getSpec().claimRef() == null
        || after.getSpec().claimRef().equals(before.getSpec().claimRef())) {
      return Optional.empty();
    }
    boolean warm = Boolean.TRUE.equals(before.getSpec().warm());
    return Optional.of(
        line(Transition.ALLOCATED, after)
            .with(Field.REASON, warm ? "FromWarm" : "TakenBack")
            .with(Field.BY, By.POD.word())
            .build());
  }

  private static Optional<JournalLine> placed(VpcIP before, VpcIP after) {
    var from = intendedPlace(before);
    var to = intendedPlace(after);
    return Objects.equals(from, to)
        ? Optional.empty()
        : Optional.of(
            line(to == null ? Transition.DISPLACED : Transition.MOVED, after)
                .with(Field.FROM, from)
                .build());
  }

  /** Which ENI the address is to be on, or which instance the ENI of a Pod's own is. */
  private static String intendedPlace(VpcIP vip) {
    return vip.getSpec().ofOwnEni() ? vip.getSpec().instanceId() : vip.getSpec().eniId();
  }

  private static Optional<JournalLine> reserved(VpcIP before, VpcIP after) {
    boolean was = isReserved(before.statusOrEmpty());
    boolean is = isReserved(after.statusOrEmpty());
    return was == is
        ? Optional.empty()
        : Optional.of(line(is ? Transition.RESERVED : Transition.UNRESERVED, after).build());
  }

  private static boolean isReserved(VpcIPStatus status) {
    return Conditions.is(status.conditions(), AddressConditions.RESERVED, Condition.TRUE);
  }

  private static Optional<JournalLine> taken(VpcIP before, VpcIP after) {
    return isTaken(after.statusOrEmpty()) && !isTaken(before.statusOrEmpty())
        ? Optional.of(line(Transition.TAKEN, after).with(Field.BY, By.ANOTHER_USER.word()).build())
        : Optional.empty();
  }

  private static boolean isTaken(VpcIPStatus status) {
    return Stream.of(AddressConditions.ATTACHED, AddressConditions.RESERVED)
        .flatMap(type -> Conditions.reason(status.conditions(), type).stream())
        .anyMatch(AddressReason.TAKEN_BY_STRANGER::equals);
  }

  private static Optional<JournalLine> phase(VpcIP before, VpcIP after) {
    var was = before.statusOrEmpty();
    var now = after.statusOrEmpty();
    boolean changed = was.phase() != now.phase();
    var because = Optional.ofNullable(now.releaseReason());
    return switch (now.phase()) {
      case ASSIGNED, AVAILABLE ->
          (changed && was.phase() != VpcIPPhase.AVAILABLE)
                  || !Objects.equals(was.eniId(), now.eniId())
                  || !Objects.equals(was.instanceId(), now.instanceId())
              ? done(Transition.ASSIGNED, before, after)
              : Optional.empty();
      case HELD -> changed ? done(Transition.HELD, before, after) : Optional.empty();
      case QUARANTINED -> changed ? done(Transition.QUARANTINED, before, after) : Optional.empty();
      case RELEASING ->
          changed
              ? Optional.of(
                  line(Transition.RELEASED, after)
                      .with(Field.REASON, because.map(ReleaseReason::word).orElse(null))
                      .with(Field.BY, because.map(By::wordOf).orElse(null))
                      .build())
              : Optional.empty();
      case ATTACHING ->
          was.phase() == VpcIPPhase.ASSIGNED && isMissing(now)
              ? Optional.of(
                  line(Transition.MISSING, after)
                      .with(Field.FROM, was.eniId())
                      .with(Field.BY, By.ANOTHER_USER.word())
                      .build())
              : Optional.empty();
      case UNKNOWN -> Optional.empty();
    };
  }

  private static boolean isMissing(VpcIPStatus status) {
    return Conditions.reason(status.conditions(), AddressConditions.ATTACHED)
        .filter(AddressReason.ADDRESS_MISSING::equals)
        .isPresent();
  }

  /** What the cloud has done; a request of before is none of this transition. */
  private static Optional<JournalLine> done(Transition transition, VpcIP before, VpcIP after) {
    var request = after.statusOrEmpty().requestId();
    return Optional.of(
        line(transition, after)
            .with(
                Field.REQUEST,
                Objects.equals(request, before.statusOrEmpty().requestId()) ? null : request)
            .build());
  }

  private static LineBuilder line(Transition transition, VpcIP vip) {
    var spec = vip.getSpec();
    var status = vip.statusOrEmpty();
    var claim = spec.claimRef();
    return new LineBuilder(transition)
        .with(Field.ADDRESS, vip.getMetadata().getName())
        .with(Field.SUBNET, spec.subnetId())
        .with(Field.CLAIM, claim == null ? null : claim.namespace() + "/" + claim.name())
        .with(Field.NODE, spec.nodeName())
        .with(Field.ENI, spec.eniId() == null ? status.eniId() : spec.eniId())
        .with(Field.INSTANCE, spec.instanceId());
  }
}
