package io.eniipamd.kube.reclaim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetainedClaimsTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Set<String> pods = new HashSet<>();
  private final RetainedClaims retained =
      new RetainedClaims(claim -> Optional.of(NOW), key -> pods.contains(key.name()));

  @Test
  void shouldNotBeDueWhenAPodOfTheNameIsThere() {
    retained.changed(claim("web-0"));
    retained.changed(claim("web-1"));
    pods.add("web-0");

    var due = retained.dueBy(NOW);

    assertThat(due).extracting(d -> d.key().name()).containsExactly("web-1");
    assertThat(retained.countDueBy(NOW)).isEqualTo(1);
  }

  @Test
  void shouldBeDueAgainWhenThePodIsGone() {
    retained.changed(claim("web-0"));
    pods.add("web-0");
    retained.dueBy(NOW);

    pods.clear();

    assertThat(retained.dueBy(NOW)).hasSize(1);
    assertThat(retained.countDueBy(NOW)).isEqualTo(1);
  }

  private static VpcIPClaim claim(String name) {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("prod")
            .withName(name)
            .withUid("uid-" + name)
            .build());
    claim.setStatus(VpcIPClaimStatusBuilder.builder().phase(ClaimPhase.RETAINED).build());
    return claim;
  }
}
