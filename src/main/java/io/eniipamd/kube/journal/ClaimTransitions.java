package io.eniipamd.kube.journal;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import java.util.Objects;
import java.util.Optional;

/** What a written status of a claim means for its address. */
final class ClaimTransitions {
  private ClaimTransitions() {}

  static Optional<JournalLine> of(VpcIPClaimStatus before, VpcIPClaim after) {
    var now = after.statusOrEmpty();
    if (now.address() == null) {
      return Optional.empty();
    }
    if (now.phase() == ClaimPhase.BOUND
        && (before.phase() != ClaimPhase.BOUND
            || !Objects.equals(before.podUID(), now.podUID())
            || !Objects.equals(before.eniId(), now.eniId()))) {
      return Optional.of(line(Transition.BOUND, after).with(Field.BY, By.POD.word()).build());
    }
    if (now.phase() == ClaimPhase.RETAINED && before.phase() != ClaimPhase.RETAINED) {
      return Optional.of(
          line(Transition.RETAINED, after)
              .with(Field.BY, By.POD.word())
              .with(Field.UNTIL, now.expiresAt())
              .build());
    }
    return Optional.empty();
  }

  private static LineBuilder line(Transition transition, VpcIPClaim claim) {
    var meta = claim.getMetadata();
    var status = claim.statusOrEmpty();
    return new LineBuilder(transition)
        .with(Field.ADDRESS, status.address())
        .with(Field.SUBNET, status.subnetId())
        .with(Field.CLAIM, meta.getNamespace() + "/" + meta.getName())
        .with(Field.POD_UID, status.podUID())
        .with(Field.NODE, status.nodeName())
        .with(Field.ENI, status.eniId());
  }
}
