package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.domain.condition.AddressReason;
import org.junit.jupiter.api.Test;

class AddressOutcomesTest {
  private final OneAddress one = new OneAddress();

  @Test
  void shouldWriteARefusalOnceForEachPlace() {
    one.record(spec -> spec, status -> status);

    one.outcomes.notAssigned(one.now(), refusal(Kind.QUOTA), true);
    one.outcomes.notAssigned(one.now(), refusal(Kind.QUOTA), true);
    assertThat(one.requests).hasSize(1);

    var elsewhere = one.now();
    elsewhere.getMetadata().setGeneration(2L);
    one.outcomes.notAssigned(elsewhere, refusal(Kind.QUOTA), true);
    assertThat(one.requests).hasSize(2);
  }

  @Test
  void shouldSayThatAnAddressIsOnNoEniWhenItHasLeftTheOneItWasConfirmedOn() {
    one.record(spec -> spec, status -> status.phase(VpcIPPhase.ASSIGNED).eniId(one.otherEni));

    one.outcomes.notAssigned(one.now(), refusal(Kind.TRANSIENT), true);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
    assertThat(one.status().eniId()).isNull();
  }

  @Test
  void shouldKeepWhatIsConfirmedWhenOnlyTheMoveIsRefused() {
    one.record(spec -> spec, status -> status.phase(VpcIPPhase.ASSIGNED).eniId(one.otherEni));

    one.outcomes.notAssigned(one.now(), refusal(Kind.TRANSIENT), false);

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(one.status().eniId()).isEqualTo(one.otherEni);
  }

  @Test
  void shouldExplainAWaitOnce() {
    one.record(spec -> spec, status -> status);

    assertThat(one.outcomes.explained(one.now(), AddressReason.ENI_NOT_FOUND, "gone")).isTrue();
    assertThat(one.outcomes.explained(one.now(), AddressReason.ENI_NOT_FOUND, "gone")).isFalse();
    assertThat(one.requests).hasSize(1);
  }

  @Test
  void shouldTakeTheFinalizerFromTheRecordThatItHasDeleted() {
    one.record(spec -> spec, status -> status.phase(VpcIPPhase.QUARANTINED));

    one.outcomes.gone(one.now());

    assertThat(one.isThere()).isFalse();
    assertThat(one.requests)
        .extracting(r -> r.substring(0, 3))
        .containsExactly("DEL", "GET", "PUT");
  }
}
