package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.IP;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.kube.address.FreshChecks.Holder;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshChecksTest {
  private static final VpcIPClaimStatus UNUSED = VpcIPClaimStatusBuilder.builder().build();
  private static final VpcIPClaimStatus BOUND =
      VpcIPClaimStatusBuilder.builder()
          .phase(ClaimPhase.BOUND)
          .address(IP.toString())
          .eniId("eni-a")
          .build();
  private static final VpcIPClaimStatus RETAINED =
      VpcIPClaimStatusBuilder.builder().phase(ClaimPhase.RETAINED).address(IP.toString()).build();

  private final OneAddress one = new OneAddress();

  @Nested
  class WhetherTheHolderIsThere {
    private final VpcIP vip = one.record(spec -> spec, status -> status);

    @Test
    void shouldBelieveTheCacheThatShowsIt() {
      one.cached(one.claim(CLAIM.uid(), UNUSED));

      assertThat(one.checks.holder(vip)).isEqualTo(Holder.THERE);
      assertThat(one.requests).isEmpty();
    }

    @Test
    void shouldAskTheApiServerWhenTheCacheDoesNotShowIt() {
      one.claim(CLAIM.uid(), UNUSED);

      assertThat(one.checks.holder(vip)).isEqualTo(Holder.THERE);
      assertThat(one.requests).hasSize(1);
    }

    @Test
    void shouldSayGoneWhenNeitherClaimNorPodIsThere() {
      assertThat(one.checks.holder(vip)).isEqualTo(Holder.GONE);
    }

    @ParameterizedTest
    @CsvSource({
      "Running, 10.0.0.10, UNSURE",
      "Succeeded, 10.0.0.10, GONE",
      "Running, 10.0.0.11, GONE"
    })
    void shouldNotBeSureWhileAPodRunsWithTheAddress(String phase, String ip, Holder holder) {
      one.pod(phase, ip);

      assertThat(one.checks.holder(vip)).isEqualTo(holder);
    }

    @Test
    void shouldNotBeSureWhenTheNextClaimOfTheNameNamesTheAddress() {
      one.claim("uid-of-the-next", BOUND);

      assertThat(one.checks.holder(vip)).isEqualTo(Holder.UNSURE);
    }
  }

  @Nested
  class BeforeAnAddressIsParked {

    private boolean still(VpcIPClaimStatus claim, String eniId, VpcIPPhase phase) {
      one.claim(CLAIM.uid(), claim);
      return one.checks.stillParking(
          one.record(spec -> spec.eniId(eniId), status -> status.phase(phase)));
    }

    @Test
    void shouldGoOnWhileItsClaimKeepsItForAPodThatIsAway() {
      assertThat(still(RETAINED, null, VpcIPPhase.ASSIGNED)).isTrue();
    }

    @Test
    void shouldStopWhenAPodHasComeBackToIt() {
      assertThat(still(BOUND, null, VpcIPPhase.ASSIGNED)).isFalse();
    }

    @Test
    void shouldStopWhenTheRecordNamesAnEniAgain() {
      assertThat(still(RETAINED, one.eni, VpcIPPhase.ASSIGNED)).isFalse();
    }

    @Test
    void shouldStopWhenItIsBeingReleased() {
      assertThat(still(RETAINED, null, VpcIPPhase.RELEASING)).isFalse();
    }

    @Test
    void shouldStopWhenTheRecordIsAnother() {
      var before = one.record(spec -> spec.eniId(null), status -> status);
      var after = one.record(spec -> spec.eniId(null), status -> status);
      one.claim(CLAIM.uid(), RETAINED);
      before.getMetadata().setUid("uid-of-the-one-before");

      assertThat(one.checks.stillParking(before)).isFalse();
      assertThat(one.checks.stillParking(after)).isTrue();
    }
  }

  @Nested
  class BeforeAnAddressIsUnassigned {

    @Test
    void shouldGoOnWhileItIsReleasedAndNoClaimNamesIt() {
      one.claim(CLAIM.uid(), UNUSED);
      var vip = one.record(spec -> spec, status -> status.phase(VpcIPPhase.RELEASING));

      assertThat(one.checks.stillReleasing(vip)).isTrue();
    }

    @Test
    void shouldStopWhenAnotherLeaderHasBoundIt() {
      one.claim(CLAIM.uid(), BOUND);
      var vip = one.record(spec -> spec, status -> status.phase(VpcIPPhase.RELEASING));

      assertThat(one.checks.stillReleasing(vip)).isFalse();
    }

    @Test
    void shouldStopWhenTheRecordIsWantedAgain() {
      var seen = one.record(spec -> spec, status -> status.phase(VpcIPPhase.RELEASING));
      one.record(spec -> spec, status -> status.phase(VpcIPPhase.ATTACHING));

      assertThat(one.checks.stillReleasing(seen)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Running, false", "Failed, true"})
    void shouldStopWhileAPodUsesWhatNoClaimHolds(String phase, boolean goesOn) {
      one.pod(phase, IP.toString());
      for (var wanted : Arrays.asList(one.eni, null)) {
        var vip =
            one.record(
                spec -> spec.claimRef(null).eniId(wanted),
                status -> status.phase(VpcIPPhase.RELEASING).eniId(one.eni));

        assertThat(one.checks.stillReleasing(vip)).isEqualTo(goesOn);
      }
    }
  }

  @Nested
  class WhetherAnEniIsGone {

    @Test
    void shouldNotAskTheCloudWhenTheRefusalSaysSo() {
      var refusal = OneAddress.refusal(Kind.NOT_FOUND).withMissing(one.eni);
      int calls = looks();

      var found = one.checks.find(one.eni, new CompletionException(refusal));

      assertThat(found.toCompletableFuture().join()).isEmpty();
      assertThat(one.own.isGone(one.eni)).isTrue();
      assertThat(looks()).isEqualTo(calls);
    }

    @Test
    void shouldAskTheCloudWhenTheRefusalSaysItOfNoEni() {
      var found = one.checks.find(one.eni, OneAddress.refusal(Kind.NOT_FOUND));

      assertThat(found.toCompletableFuture().join()).isPresent();
      assertThat(one.own.isGone(one.eni)).isFalse();
    }

    private int looks() {
      return one.cloud.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES).size();
    }
  }
}
