package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeConditionTest {
  private static final Problem LIMIT = new Problem(NodeReason.ENI_LIMIT, "no more");

  @Test
  void shouldBeReadyAndAbleToGrowWhenAnEniIsAttachedAndNothingIsWrong() {
    assertThat(NodeCondition.of(1, Optional.empty(), true, List.of()))
        .containsExactly(
            new NodeCondition(
                NodeConditions.READY, true, NodeReason.ENI_ATTACHED, "1 ENI is attached"),
            new NodeCondition(
                NodeConditions.CAN_GROW,
                true,
                NodeReason.NOTHING_IN_THE_WAY,
                "the operator adds ENIs as Pods need them"),
            new NodeCondition(
                NodeConditions.SUBNETS_FOUND,
                true,
                NodeReason.ALL_FOUND,
                "all subnets of the node exist"));
  }

  @Test
  void shouldNotBeReadyForTheReasonOfItsProblemWhenNoEniIsAttached() {
    assertThat(NodeCondition.of(0, Optional.of(LIMIT), true, List.of()))
        .contains(
            new NodeCondition(NodeConditions.READY, false, NodeReason.ENI_LIMIT, "no more"),
            new NodeCondition(NodeConditions.CAN_GROW, false, NodeReason.ENI_LIMIT, "no more"));
  }

  @Test
  void shouldStayReadyWhenOnlyFurtherEnisAreRefused() {
    assertThat(NodeCondition.of(2, Optional.of(LIMIT), true, List.of()))
        .contains(
            new NodeCondition(
                NodeConditions.READY, true, NodeReason.ENI_ATTACHED, "2 ENIs are attached"),
            new NodeCondition(NodeConditions.CAN_GROW, false, NodeReason.ENI_LIMIT, "no more"));
  }

  @Test
  void shouldNotBeReadyWhenTheNodeIsGoneThoughItsEnisAreThere() {
    assertThat(NodeCondition.of(2, Optional.of(NodeProblems.nodeGone("node-a")), true, List.of()))
        .filteredOn(v -> v.type() == NodeConditions.READY)
        .singleElement()
        .matches(v -> !v.holds() && v.reason() == NodeReason.NODE_GONE);
  }

  @Test
  void shouldLeaveWhatWasSaidWhenTheEndIsOpen() {
    assertThat(NodeCondition.of(0, Optional.empty(), false, List.of()))
        .extracting(NodeCondition::type)
        .containsExactly(NodeConditions.SUBNETS_FOUND);
  }

  @Test
  void shouldNameTheSubnetsThatDoNotExist() {
    assertThat(NodeCondition.of(1, Optional.empty(), true, List.of("subnet-x", "subnet-w")))
        .contains(
            new NodeCondition(
                NodeConditions.SUBNETS_FOUND,
                false,
                NodeReason.SUBNET_NOT_FOUND,
                "the cloud knows no subnet-w, subnet-x in this VPC and region; correct --eni-subnets"
                    + " or the node's label tke.cloud.tencent.com/route-eni-subnet-ids; the operator uses the"
                    + " others meanwhile"));
  }
}
