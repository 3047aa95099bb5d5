package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetQuotasTest {

  @Test
  void shouldLimitASubnetByANumberOrByAShareOfAllItsAddresses() {
    var quotas = SubnetQuotas.parse("subnet-a=200,subnet-b=50%, subnet-none=0").orElseThrow();

    assertThat(quotas.of("subnet-a", 253)).contains(200L);
    assertThat(quotas.of("subnet-b", 253)).contains(126L);
    assertThat(quotas.of("subnet-none", 253)).contains(0L);
    assertThat(quotas.of("subnet-other", 253)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "subnet-a",
        "subnet-a=",
        "subnet-a=some",
        "subnet-a=-1",
        "subnet-a=1.5",
        "subnet-a=101%",
        "subnet-a=1234567890",
        "vpc-a=1",
        "subnet-a=1,",
        "subnet-a=1,subnet-a=2"
      })
  void shouldNotReadWhatIsNoQuota(String text) {
    assertThat(SubnetQuotas.parse(text)).isEmpty();
  }

  @Test
  void shouldLeaveNothingWhenTheQuotaIsBelowTheUse() {
    var use = new SubnetQuotaUse("subnet-a", 3, 1, 1, 1, 1, 1, 1);

    assertThat(use.used()).isEqualTo(6);
    assertThat(use.left()).isZero();
    assertThat(use.isMet()).isTrue();
  }

  @Test
  void shouldTellTheQuotaTheUseByKindAndWhatCanBeReleased() {
    var use = new SubnetQuotaUse("subnet-a", 10, 3, 1, 4, 1, 1, 0);

    assertThat(NodeProblems.subnetFull("zone-3", List.of("subnet-a", "subnet-b"), List.of(use)))
        .satisfies(p -> assertThat(p.reason().word()).isEqualTo("SubnetQuotaExceeded"))
        .extracting(Problem::message)
        .isEqualTo(
            "this cluster may take 10 addresses of subnet-a and has 10: 3 of Pods, 1 of ENIs, 4"
                + " retained, 1 warm, 1 being released; no address is left in subnet-b; raise the"
                + " quota (subnet-quotas), add a subnet of zone zone-3 (--eni-subnets), or release"
                + " retained addresses, of which there are 4: kubectl get vipc -A shows the claims"
                + " that retain them");
  }

  @Test
  void shouldTellThatNothingCanBeReleasedWhenNoneIsRetained() {
    var use = new SubnetQuotaUse("subnet-a", 2, 1, 1, 0, 0, 0, 0);

    assertThat(NodeProblems.subnetFull("zone-3", List.of("subnet-a"), List.of(use)).message())
        .endsWith("or end Pods; no address there is retained, so that none can be released");
  }

  @Test
  void shouldLimitASubnetOnlyWhereTheQuotaLeavesNoMoreThanThereIs() {
    var use = Optional.of(new SubnetQuotaUse("subnet-a", 10, 3, 0, 0, 0, 0, 0));

    assertThat(new SubnetRoom("subnet-a", "zone-3", 7, use).limit()).isEqualTo(use);
    assertThat(new SubnetRoom("subnet-a", "zone-3", 2, use).limit()).isEmpty();
  }
}
