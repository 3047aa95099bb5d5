package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.support.Conditions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-30T00:00:00Z");

  /** Its expiry follows from this condition alone: without it the address would expire. */
  @Test
  void shouldGoOnComplainingWhenTheVersionBeforeDidNotWriteDownWhatThePodSaid() {
    var claim = retained(null, Condition.FALSE, ClaimReason.MALFORMED_DURATION);

    assertThat(Policy.error(claim, Optional.empty()))
        .map(ValidationError::reason)
        .contains(ClaimReason.MALFORMED_DURATION);
  }

  @Test
  void shouldComplainWhenWhatThePodSaidCannotBeRead() {
    var claim = retained(Expiry.UNREADABLE, Condition.TRUE, ClaimReason.ACCEPTED);

    assertThat(Policy.error(claim, Optional.empty()))
        .map(ValidationError::reason)
        .contains(ClaimReason.MALFORMED_DURATION);
  }

  @Test
  void shouldComplainOfNothingWhenThePodSaidWhatCanBeRead() {
    var claim = retained("10m", Condition.FALSE, ClaimReason.MALFORMED_DURATION);

    assertThat(Policy.error(claim, Optional.empty())).isEmpty();
  }

  private static VpcIPClaim retained(String said, String valid, Reason reason) {
    var claim = new VpcIPClaim();
    claim.setMetadata(new ObjectMetaBuilder().withNamespace("prod").withName("web-0").build());
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder()
            .phase(ClaimPhase.RETAINED)
            .deletePolicy(DeletePolicy.NEVER)
            .podClaimExpiredDuration(said)
            .conditions(
                Conditions.with(
                    List.of(), ClaimConditions.VALID, valid, reason, "as it was said", 1L, NOW))
            .build());
    return claim;
  }
}
