package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotOfferTest {
  private static final RouteLimits LIMITS = new RouteLimits(3, 9);

  @ParameterizedTest(name = "used {0} on a and {1} on b, {2} strangers, full {3}, grows {4}: {5}")
  @CsvSource(
      nullValues = "-",
      value = {
        // All is to be had.
        "0, -, 0, '', true, 27",
        "4, -, 0, '', true, 27",
        // Its subnet is full, and so is the zone.
        "4, -, 0, a, false, 4",
        "0, -, 0, a, false, 0",
        // The zone has another subnet.
        "4, -, 0, a, true, 22",
        // The subnet for a further ENI is full, that of its ENI is not.
        "4, -, 0, '', false, 9",
        // Two ENIs.
        "9, 2, 0, '', true, 27",
        "9, 2, 0, b, true, 20",
        "9, 2, 0, b, false, 11",
        "9, 2, 0, 'a b', false, 11",
        // The cap was lowered below what is in use.
        "12, -, 0, '', false, 12",
        // ENIs of others take their places.
        "0, -, 1, '', true, 18",
        "0, -, 3, '', true, 9",
        // No ENI.
        "-, -, 0, '', true, 27",
        "-, -, 0, '', false, 0",
      })
  void shouldOfferWhatHasAnAddressAndNeverLessThanIsInUse(
      Integer usedOnA, Integer usedOnB, int strangers, String full, boolean grows, int offer) {
    var enis = new ArrayList<EniRoom>();
    if (usedOnA != null) {
      enis.add(new EniRoom("a", LIMITS.slotsPerEni(), usedOnA));
    }
    if (usedOnB != null) {
      enis.add(new EniRoom("b", LIMITS.slotsPerEni(), usedOnB));
    }
    var fullSubnets = Set.copyOf(List.of(full.split(" ")));

    assertThat(SlotOffer.of(LIMITS, strangers, enis, 0, 0, id -> !fullSubnets.contains(id), grows))
        .isEqualTo(offer);
  }

  @ParameterizedTest(name = "used {0}, and {1} on a closed ENI, {2} wait: {3}")
  @CsvSource({
    // Where all is full they are what there is.
    "4, 0, 2, 6",
    "4, 3, 0, 7",
    "4, 3, 2, 9",
    // No more than the node can carry one day.
    "20, 0, 9, 27",
    // But never fewer than are in use.
    "20, 9, 1, 29",
  })
  void shouldCountPodsThatWaitAndThoseOnClosedEnis(int used, int aside, int waiting, int offer) {
    var enis = List.of(new EniRoom("a", LIMITS.slotsPerEni(), used));

    assertThat(SlotOffer.of(LIMITS, 0, enis, aside, waiting, _ -> false, false)).isEqualTo(offer);
  }

  @Test
  void shouldLeaveSlotsToPodsThatWaitWhereThereAreAddresses() {
    var enis = List.of(new EniRoom("a", LIMITS.slotsPerEni(), 4));

    assertThat(SlotOffer.of(LIMITS, 0, enis, 0, 2, _ -> true, false)).isEqualTo(9);
  }
}
