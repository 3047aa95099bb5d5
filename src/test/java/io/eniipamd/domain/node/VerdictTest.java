package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Trouble LIMIT = new Trouble("ENILimit", "no more");

  @Test
  void shouldBeReadyAndAbleToGrowWhenAnEniIsAttachedAndNothingIsWrong() {
    assertThat(Verdict.of(1, Optional.empty(), true, List.of()))
        .containsExactly(
            new Verdict("Ready", true, "ENIAttached", "1 ENI is attached"),
            new Verdict("CanGrow", true, "NothingInTheWay", "ENIs are added as needed"),
            new Verdict("SubnetsFound", true, "AllFound", "all its subnets exist"));
  }

  @Test
  void shouldNotBeReadyForTheReasonOfItsTroubleWhenNoEniIsAttached() {
    assertThat(Verdict.of(0, Optional.of(LIMIT), true, List.of()))
        .contains(
            new Verdict("Ready", false, "ENILimit", "no more"),
            new Verdict("CanGrow", false, "ENILimit", "no more"));
  }

  @Test
  void shouldStayReadyWhenOnlyFurtherEnisAreRefused() {
    assertThat(Verdict.of(2, Optional.of(LIMIT), true, List.of()))
        .contains(
            new Verdict("Ready", true, "ENIAttached", "2 ENIs are attached"),
            new Verdict("CanGrow", false, "ENILimit", "no more"));
  }

  @Test
  void shouldNotBeReadyWhenTheNodeIsGoneThoughItsEnisAreThere() {
    assertThat(Verdict.of(2, Optional.of(NodeTroubles.nodeGone("node-a")), true, List.of()))
        .filteredOn(v -> v.type().equals("Ready"))
        .singleElement()
        .matches(v -> !v.holds() && v.reason().equals("NodeGone"));
  }

  @Test
  void shouldLeaveWhatWasSaidWhenTheEndIsOpen() {
    assertThat(Verdict.of(0, Optional.empty(), false, List.of()))
        .extracting(Verdict::type)
        .containsExactly("SubnetsFound");
  }

  @Test
  void shouldNameTheSubnetsThatDoNotExist() {
    assertThat(Verdict.of(1, Optional.empty(), true, List.of("subnet-x", "subnet-w")))
        .contains(
            new Verdict(
                "SubnetsFound",
                false,
                "SubnetNotFound",
                "the cloud knows no subnet-w, subnet-x in this VPC and region; correct"
                    + " --eni-subnets or the node's label"
                    + " tke.cloud.tencent.com/route-eni-subnet-ids, the others are used"
                    + " meanwhile"));
  }
}
