package io.eniipamd.kube.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class RetainedClaimsTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Set<String> pods = new HashSet<>();
  private final List<String> lookedAt = new ArrayList<>();
  private Instant expiry = NOW;
  private BiConsumer<String, String> podChanged;
  private final RetainedClaims retained =
      new RetainedClaims(
          claim -> Optional.of(expiry),
          new WantedNames() {
            @Override
            public boolean isWanted(String namespace, String name) {
              lookedAt.add(name);
              return pods.contains(name);
            }

            @Override
            public void onChange(BiConsumer<String, String> listener) {
              podChanged = listener;
            }
          });

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
    podChanged.accept("prod", "web-0");

    assertThat(retained.dueBy(NOW)).hasSize(1);
    assertThat(retained.countDueBy(NOW)).isEqualTo(1);
  }

  @Test
  void shouldLookAtThoseOnlyWhoseTimeHasComeWhenTheyAreCountedAgain() {
    for (int i = 0; i < 1000; i++) {
      retained.changed(claim("web-" + i));
    }
    assertThat(retained.countDueBy(NOW)).isEqualTo(1000);
    lookedAt.clear();

    expiry = NOW.plusSeconds(10);
    retained.changed(claim("late-0"));
    int counted = retained.countDueBy(NOW.plusSeconds(10));

    assertThat(counted).isEqualTo(1001);
    assertThat(lookedAt).containsExactly("late-0");
  }

  @Test
  void shouldCountAsManyAsAreDueWhateverHappensToThem() {
    retained.changed(claim("web-0"));
    retained.changed(claim("web-1"));
    assertThat(retained.countDueBy(NOW.minusSeconds(1))).isZero();
    assertThat(retained.countDueBy(NOW)).isEqualTo(2);

    pods.add("web-0");
    podChanged.accept("prod", "web-0");
    assertThat(retained.countDueBy(NOW)).isEqualTo(1);

    retained.deleted(claim("web-0"));
    assertThat(retained.countDueBy(NOW)).isEqualTo(1);

    expiry = NOW.plusSeconds(10);
    retained.changed(claim("web-1"));
    assertThat(retained.countDueBy(NOW)).isZero();
    assertThat(retained.countDueBy(NOW.plusSeconds(10))).isEqualTo(1);

    // The clock is set back.
    assertThat(retained.countDueBy(NOW)).isZero();
    retained.changed(claim("web-2"));
    assertThat(retained.countDueBy(NOW.plusSeconds(10))).isEqualTo(2);
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
