package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.WarmPlan.Fill;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarmPlanTest {
  private static final long PLENTY = 200;
  private static final int SLOTS = 29;

  @Test
  void shouldDoNothingBetweenTheTargets() {
    assertThat(plan(2, 4, 0, eni("eni-1", 5, 2, PLENTY))).isEqualTo(WarmPlan.NOTHING);
    assertThat(plan(2, 4, 0, eni("eni-1", 5, 4, PLENTY))).isEqualTo(WarmPlan.NOTHING);
  }

  @Test
  void shouldAddWhatIsMissingAndNoMore() {
    assertThat(plan(3, 9, 0, eni("eni-1", 5, 1, PLENTY)).fills()).containsExactly(fill("eni-1", 2));
  }

  @Test
  void shouldAddToTheFullestEniFirst() {
    assertThat(plan(6, 9, 0, eni("eni-1", 5, 0, PLENTY), eni("eni-2", 2, 0, PLENTY)).fills())
        .containsExactly(fill("eni-2", 2), fill("eni-1", 4));
  }

  @Test
  void shouldAddOneBatchAtATime() {
    assertThat(plan(25, 30, 0, eni("eni-1", 29, 0, PLENTY)).fills())
        .containsExactly(fill("eni-1", WarmPlan.BATCH));
  }

  @Test
  void shouldLeaveRoomForPodsThatWait() {
    assertThat(plan(5, 9, 3, eni("eni-1", 5, 0, PLENTY)).fills()).containsExactly(fill("eni-1", 2));
    assertThat(plan(5, 9, 7, eni("eni-1", 5, 0, PLENTY)).fills()).isEmpty();
  }

  @Test
  void shouldLeaveFreeAddressesInTheSubnetWhateverEniAsks() {
    assertThat(plan(8, 9, 0, eni("eni-1", 5, 0, 13), eni("eni-2", 9, 0, 13)).fills())
        .containsExactly(fill("eni-1", 3));
    assertThat(plan(8, 9, 0, eni("eni-1", 5, 0, WarmPlan.LEFT_FREE)).fills()).isEmpty();
  }

  @Test
  void shouldReleaseWhatIsTooMuchFromTheEmptiestEniOneBatchAtATime() {
    assertThat(plan(0, 1, 0, eni("eni-1", 1, 2, PLENTY), eni("eni-2", 9, 1, PLENTY)).surplus())
        .containsExactly(ip("eni-2", 0), ip("eni-1", 1));
    assertThat(plan(0, 0, 0, eni("eni-1", 1, 15, PLENTY)).surplus()).hasSize(WarmPlan.BATCH);
  }

  @Test
  void shouldReleaseAllWhereNoneIsWanted() {
    assertThat(plan(0, 0, 5, eni("eni-1", 0, 2, 0)).surplus())
        .containsExactly(ip("eni-1", 1), ip("eni-1", 0));
  }

  private static WarmPlan plan(int min, int max, int waiting, WarmNeeds.Eni... enis) {
    return WarmPlan.of(new WarmNeeds(new WarmTargets(min, max), List.of(enis), waiting));
  }

  private static Fill fill(String eniId, int addresses) {
    return new Fill(eniId, "subnet-a", SLOTS, addresses);
  }

  private static WarmNeeds.Eni eni(String id, int room, int warm, long free) {
    return new WarmNeeds.Eni(
        id,
        "subnet-a",
        SLOTS,
        SLOTS - room,
        IntStream.range(0, warm).mapToObj(i -> ip(id, i)).toList(),
        free);
  }

  private static Ip ip(String eniId, int i) {
    return Ip.parse("10.0.%s.%d".formatted(eniId.substring(4), 10 + i));
  }
}
