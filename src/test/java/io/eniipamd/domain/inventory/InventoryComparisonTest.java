package io.eniipamd.domain.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.inventory.InventoryFacts.HeldReservation;
import io.eniipamd.domain.inventory.InventoryFacts.KnownAddress;
import io.eniipamd.domain.inventory.InventoryFacts.SeenEni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InventoryComparisonTest {
  private static final Ip OWN = Ip.parse("10.0.0.2");
  private static final Ip OTHER_OWN = Ip.parse("10.0.0.3");
  private static final Ip POD = Ip.parse("10.0.0.9");

  private static final KnownAddress OF_ENI = ofEni(OWN, "eni-a");
  private static final KnownAddress OF_POD =
      new KnownAddress(
          POD,
          false,
          false,
          Optional.of("eni-a"),
          Optional.of("node-1"),
          Optional.of("ns/web-0"),
          false);

  private static final Set<String> NODES = Set.of("node-1", "node-2", "node-3");
  private static final Map<String, String> LISTED = Map.of("eni-a", "node-1", "eni-b", "node-2");

  @Test
  void shouldFindNothingWhereTheRecordsSayWhatTheCloudHas() {
    assertThat(compare(List.of(eni("eni-a", OWN, POD)), List.of(OF_ENI, OF_POD))).isEmpty();
  }

  @Test
  void shouldFindAnEniThatNoRecordHas() {
    var lost =
        new SeenEni(
            "eni-x",
            Optional.of(OTHER_OWN),
            Set.of(),
            Optional.of("ins-1"),
            Optional.of("gone"),
            false);

    assertThat(compare(List.of(eni("eni-a", OWN), lost), List.of(OF_ENI)))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.UNOWNED_ENI);
              assertThat(drift.subject()).isEqualTo("eni-x");
              assertThat(drift.node()).hasValue("gone");
              assertThat(drift.evidence())
                  .contains("eni-x", "node gone", "instance ins-1", "only its primary address");
            });
  }

  @Test
  void shouldTakeAnEniForOwnedWhileTheRecordOfItsAddressIsThere() {
    var onItsWay = begunOn("node-3");

    assertThat(compare(List.of(eni("eni-new", OTHER_OWN)), List.of(onItsWay))).isEmpty();
  }

  @Test
  void shouldFindAnEniWhoseRecordNamesANodeThatHasNone() {
    var left =
        new KnownAddress(
            OTHER_OWN,
            true,
            false,
            Optional.of("eni-x"),
            Optional.of("gone"),
            Optional.empty(),
            false);
    var begun = begunOn("gone");

    for (var record : List.of(left, begun)) {
      assertThat(
              compare(List.of(eni("eni-a", OWN), eni("eni-x", OTHER_OWN)), List.of(OF_ENI, record)))
          .singleElement()
          .satisfies(
              drift -> {
                assertThat(drift.kind()).isEqualTo(DriftKind.UNOWNED_ENI);
                assertThat(drift.subject()).isEqualTo("eni-x");
                assertThat(drift.evidence()).contains("the node of its VpcIP has no NodeENIConfig");
              });
    }
  }

  @Test
  void shouldFindTheRecordOfAnEniThatWasNeverMadeForANodeThatIsGone() {
    var begun = begunOn("gone");
    var ofANode = begunOn("node-3");

    assertThat(compare(List.of(), List.of(begun)))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.ENI_GONE);
              assertThat(drift.eniId()).isEmpty();
              assertThat(drift.evidence()).contains("10.0.0.3", "node gone");
            });
    assertThat(compare(List.of(), List.of(ofANode))).isEmpty();
  }

  @Test
  void shouldSayNothingOfStrayAddressesOnAnEniThatNoNodeLists() {
    assertThat(compare(List.of(eni("eni-x", OTHER_OWN, POD)), List.of()))
        .extracting(Drift::kind)
        .containsExactly(DriftKind.UNOWNED_ENI);
  }

  @Test
  void shouldFindAnAddressThatNoRecordHas() {
    assertThat(compare(List.of(eni("eni-a", OWN, POD)), List.of(OF_ENI)))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.STRAY_ADDRESS);
              assertThat(drift.address()).hasValue(POD);
              assertThat(drift.eniId()).hasValue("eni-a");
              assertThat(drift.node()).hasValue("node-1");
            });
  }

  @Test
  void shouldTellAnAddressThatIsGoneFromOneThatIsOnAnotherEni() {
    var records = List.of(OF_ENI, ofEni(OTHER_OWN, "eni-b"), OF_POD);

    assertThat(compare(List.of(eni("eni-a", OWN), eni("eni-b", OTHER_OWN)), records))
        .extracting(Drift::kind)
        .containsExactly(DriftKind.ADDRESS_MISSING);
    assertThat(compare(List.of(eni("eni-a", OWN), eni("eni-b", OTHER_OWN, POD)), records))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.ADDRESS_ELSEWHERE);
              assertThat(drift.eniId()).as("the one to be read again").hasValue("eni-a");
              assertThat(drift.evidence()).contains("on ENI eni-a", "ENI eni-b has it");
            });
  }

  @Test
  void shouldFindTheRecordOfAnEniThatIsGoneAndSayNothingOfItsAddresses() {
    assertThat(compare(List.of(), List.of(OF_ENI, OF_POD)))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.ENI_GONE);
              assertThat(drift.address()).hasValue(OWN);
              assertThat(drift.eniId()).hasValue("eni-a");
            });
  }

  @Test
  void shouldSayNothingOfWhatTheAnswerDoesNotTell() {
    var facts =
        new InventoryFacts(
            List.of(),
            Set.of("eni-a"),
            List.of(OF_ENI, OF_POD),
            NODES,
            LISTED,
            List.of(),
            ip -> false);

    assertThat(InventoryComparison.compare(facts)).isEmpty();
  }

  @Test
  void shouldFindAnAddressThatAnotherUserHas() {
    var held =
        new KnownAddress(
            POD, false, false, Optional.empty(), Optional.empty(), Optional.of("ns/web-0"), true);

    assertThat(compare(List.of(eni("eni-a", OWN)), List.of(OF_ENI, held)))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.ADDRESS_TAKEN);
              assertThat(drift.evidence()).contains("10.0.0.9", "claim ns/web-0");
            });
  }

  @Test
  void shouldFindNothingOfAnEniOfAPodsOwnThatIsThere() {
    assertThat(compare(List.of(podsOwn("eni-own", POD)), List.of(ofPodsOwn(POD, "eni-own"))))
        .isEmpty();
  }

  @Test
  void shouldFindTheRecordOfAnEniOfAPodsOwnThatIsGone() {
    assertThat(compare(List.of(), List.of(ofPodsOwn(POD, "eni-own"))))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.ENI_GONE);
              assertThat(drift.ofPodsOwn()).isTrue();
              assertThat(drift.evidence()).contains("10.0.0.9", "eni-own");
            });
  }

  @Test
  void shouldFindAnEniOfAPodsOwnThatNoRecordHas() {
    assertThat(compare(List.of(podsOwn("eni-own", POD)), List.of()))
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(DriftKind.UNOWNED_ENI);
              assertThat(drift.ofPodsOwn()).isTrue();
              assertThat(drift.node()).isEmpty();
            });
  }

  @Test
  void shouldFindAReservationThatNothingWants() {
    var free = new HeldReservation("rsvip-1", POD, Optional.empty());
    var bound = new HeldReservation("rsvip-2", Ip.parse("10.0.0.10"), Optional.of("eni-z"));
    var wanted = new HeldReservation("rsvip-3", OWN, Optional.empty());
    var facts =
        new InventoryFacts(
            List.of(eni("eni-a", OWN)),
            Set.of(),
            List.of(OF_ENI),
            NODES,
            LISTED,
            List.of(free, bound, wanted),
            ip -> !ip.equals(OWN));

    assertThat(InventoryComparison.compare(facts))
        .extracting(Drift::kind, Drift::subject)
        .containsExactly(tuple(DriftKind.UNWANTED_RESERVATION, "rsvip-1"));
  }

  private static List<Drift> compare(List<SeenEni> enis, List<KnownAddress> addresses) {
    return InventoryComparison.compare(
        new InventoryFacts(
            enis,
            Set.of(),
            addresses,
            NODES,
            LISTED,
            List.of(),
            ip -> addresses.stream().noneMatch(known -> known.ip().equals(ip))));
  }

  private static KnownAddress ofEni(Ip ip, String eniId) {
    return new KnownAddress(
        ip, true, false, Optional.of(eniId), Optional.of("node-1"), Optional.empty(), false);
  }

  /** The record of an ENI that the cloud has not confirmed yet. */
  private static KnownAddress begunOn(String node) {
    return new KnownAddress(
        OTHER_OWN, true, false, Optional.empty(), Optional.of(node), Optional.empty(), false);
  }

  private static KnownAddress ofPodsOwn(Ip ip, String eniId) {
    return new KnownAddress(
        ip, false, true, Optional.of(eniId), Optional.empty(), Optional.of("ns/db-0"), false);
  }

  private static SeenEni podsOwn(String id, Ip own) {
    return new SeenEni(id, Optional.of(own), Set.of(), Optional.empty(), Optional.empty(), true);
  }

  private static SeenEni eni(String id, Ip own, Ip... others) {
    return new SeenEni(
        id, Optional.of(own), Set.of(others), Optional.of("ins-1"), Optional.of("node-1"), false);
  }
}
