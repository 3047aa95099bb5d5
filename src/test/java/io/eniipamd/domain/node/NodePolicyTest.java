package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.condition.NodeReason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodePolicyTest {
  private static final String INSTANCE = "ins-0a1b2c3d";
  private static final String PROVIDER_ID = "qcloud:///800002/" + INSTANCE;
  private static final String ZONE = "ap-guangzhou-3";

  @Test
  void shouldCreateTheRecordWithAllThatTheNodeSaysWhenThereIsNone() {
    var node = node(PROVIDER_ID, ZONE, "subnet-a1_subnet-b2");

    var decision = NodePolicy.decide(node, Optional.empty());

    assertThat(decision)
        .isEqualTo(
            new NodeDecision.Create(
                Optional.of(INSTANCE), Optional.of(ZONE), List.of("subnet-a1", "subnet-b2")));
  }

  @Test
  void shouldCreateTheRecordWithWhatIsKnownWhenTheZoneIsMissing() {
    var node = node(PROVIDER_ID, null, null);

    var decision = NodePolicy.decide(node, Optional.empty());

    assertThat(decision)
        .isEqualTo(new NodeDecision.Create(Optional.of(INSTANCE), Optional.empty(), List.of()));
    assertThat(node.problem()).isEmpty();
  }

  @Test
  void shouldCreateTheRecordWithWhatIsKnownWhenTheProviderIdIsNoInstance() {
    var node = node("kind://worker", ZONE, null);

    var decision = NodePolicy.decide(node, Optional.empty());

    assertThat(decision)
        .isEqualTo(new NodeDecision.Create(Optional.empty(), Optional.of(ZONE), List.of()));
    assertThat(node.problem())
        .contains(
            new Problem(
                NodeReason.PROVIDER_ID_INVALID,
                "spec.providerID of node node-a is \"kind://worker\", whose last part is not an"
                    + " instance ID; use the form qcloud:///800002/ins-0a1b2c3d"));
  }

  @Test
  void shouldRenewTheRecordWhenItIsOfAnotherInstanceThanTheNodes() {
    var decision =
        NodePolicy.decide(
            node(PROVIDER_ID, ZONE, null), record("ins-before01", ZONE, List.of(), true, null));

    assertThat(decision).isEqualTo(new NodeDecision.Renew("ins-before01", INSTANCE));
  }

  @Test
  void shouldFillInTheZoneWhenTheNodeGotItsLabelLater() {
    var decision =
        NodePolicy.decide(
            node(PROVIDER_ID, ZONE, null), record(INSTANCE, null, List.of(), false, null));

    assertThat(decision)
        .isEqualTo(new NodeDecision.Fill(Optional.of(INSTANCE), Optional.of(ZONE), List.of()));
  }

  @Test
  void shouldFillInTheZoneWhenTheRecordHasTheNumberOfOne() {
    var decision =
        NodePolicy.decide(
            node(PROVIDER_ID, ZONE, null), record(INSTANCE, "160001", List.of(), false, null));

    assertThat(decision)
        .isEqualTo(new NodeDecision.Fill(Optional.of(INSTANCE), Optional.of(ZONE), List.of()));
  }

  @Test
  void shouldKeepWhatTheRecordSaysWhenTheNodeSaysSomethingElse() {
    var decision =
        NodePolicy.decide(
            node(PROVIDER_ID, "ap-guangzhou-4", "subnet-other1"),
            record(INSTANCE, ZONE, List.of("subnet-a1"), false, null));

    assertThat(decision).isEqualTo(new NodeDecision.Nothing());
  }

  @Test
  void shouldOfferAllAddressesOfAllItsEnisWhenTheFirstIsReady() {
    var decision =
        NodePolicy.decide(
            node(PROVIDER_ID, ZONE, null), record(INSTANCE, ZONE, List.of(), true, 27));

    assertThat(decision).isEqualTo(new NodeDecision.Offer(27));
  }

  @Test
  void shouldOfferNothingWhenNoEniIsReady() {
    var decision =
        NodePolicy.decide(
            node(PROVIDER_ID, ZONE, null), record(INSTANCE, ZONE, List.of(), false, 27));

    assertThat(decision).isEqualTo(new NodeDecision.Nothing());
  }

  @Test
  void shouldLeaveTheNodeAloneWhenItOffersThatAlready() {
    var node =
        new NodeFacts(
            "node-a", PROVIDER_ID, Optional.of(ZONE), Optional.empty(), false, Optional.of("27"));

    var decision = NodePolicy.decide(node, record(INSTANCE, ZONE, List.of(), true, 27));

    assertThat(decision).isEqualTo(new NodeDecision.Nothing());
  }

  @Test
  void shouldOfferEnisOfPodsOwnBesideTheAddresses() {
    assertThat(NodePolicy.decide(offering("27", null), withDirectEnis(8)))
        .isEqualTo(new NodeDecision.Offer(27, Optional.of(8)));
    assertThat(NodePolicy.decide(offering("27", "8"), withDirectEnis(8)))
        .isEqualTo(new NodeDecision.Nothing());
    assertThat(NodePolicy.decide(offering("27", "8"), withDirectEnis(0)))
        .isEqualTo(new NodeDecision.Offer(27, Optional.of(0)));
  }

  @Test
  void shouldNotSayThatItCanHaveNoEnisOfPodsOwn() {
    assertThat(NodePolicy.decide(offering("27", null), withDirectEnis(0)))
        .isEqualTo(new NodeDecision.Nothing());
  }

  private static NodeFacts offering(String addresses, String directEnis) {
    return new NodeFacts(
        "node-a",
        PROVIDER_ID,
        Optional.of(ZONE),
        Optional.empty(),
        false,
        Optional.of(addresses),
        Optional.ofNullable(directEnis));
  }

  private static Optional<RecordFacts> withDirectEnis(int enis) {
    return Optional.of(
        new RecordFacts(
            false,
            Optional.of(INSTANCE),
            Optional.of(ZONE),
            List.of(),
            true,
            Optional.of(27),
            Optional.of(enis)));
  }

  @Test
  void shouldWaitWhenTheRecordIsBeingDeleted() {
    var leaving =
        new RecordFacts(
            true, Optional.empty(), Optional.empty(), List.of(), false, Optional.empty());

    var decision = NodePolicy.decide(node(PROVIDER_ID, ZONE, null), Optional.of(leaving));

    assertThat(decision).isEqualTo(new NodeDecision.Nothing());
  }

  @Test
  void shouldIgnoreTheNodeWhenItIsVirtual() {
    var virtual =
        new NodeFacts("eklet-1", "", Optional.empty(), Optional.empty(), true, Optional.empty());

    assertThat(NodePolicy.decide(virtual, Optional.empty())).isEqualTo(new NodeDecision.Nothing());
  }

  @Test
  void shouldNameWhatIsNoSubnetWhenTheLabelHasATypingError() {
    var node = node(PROVIDER_ID, ZONE, "subnet-a1_sbnet-b2");

    assertThat(node.subnets()).containsExactly("subnet-a1");
    assertThat(node.subnetProblem())
        .contains(
            new Problem(
                NodeReason.NODE_SUBNETS_INVALID,
                "label tke.cloud.tencent.com/route-eni-subnet-ids of node node-a is"
                    + " \"subnet-a1_sbnet-b2\", in which sbnet-b2 is not a subnet ID; use IDs such as"
                    + " subnet-0a1b2c3d joined by _"));
  }

  private static NodeFacts node(String providerId, String zone, String subnets) {
    return new NodeFacts(
        "node-a",
        providerId,
        Optional.ofNullable(zone),
        Optional.ofNullable(subnets),
        false,
        Optional.empty());
  }

  private static Optional<RecordFacts> record(
      String instance, String zone, List<String> subnets, boolean ready, Integer offer) {
    return Optional.of(
        new RecordFacts(
            false,
            Optional.ofNullable(instance),
            Optional.ofNullable(zone),
            subnets,
            ready,
            Optional.ofNullable(offer)));
  }
}
