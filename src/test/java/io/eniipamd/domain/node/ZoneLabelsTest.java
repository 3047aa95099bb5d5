package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.node.ZoneLabels.Labelled;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZoneLabelsTest {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String CSI = "topology.com.tencent.cloud.csi.cbs/zone";
  private static final List<String> KEYS = List.of(ZONE, CSI);

  @Test
  void shouldSelectByTheNumberWhenTheNodesOfTheZoneCarryOne() {
    var nodes =
        List.of(
            node("ap-3", Map.of(ZONE, "160001", CSI, "ap-3")),
            node("ap-3", Map.of(ZONE, "160001", CSI, "ap-3")),
            node("ap-4", Map.of(ZONE, "160002", CSI, "ap-4")));

    var labels = ZoneLabels.of("ap-3", KEYS, nodes).orElseThrow();

    assertThat(labels.select()).isEqualTo(new ZoneLabel(ZONE, "160001"));
    assertThat(labels.common()).isEqualTo(Map.of(ZONE, "160001", CSI, "ap-3"));
  }

  @Test
  void shouldSelectByTheLabelThatMostNodesOfTheZoneCarry() {
    var nodes =
        List.of(
            node("ap-3", Map.of(CSI, "ap-3")),
            node("ap-3", Map.of(CSI, "ap-3", ZONE, "160001")),
            node("ap-3", Map.of(CSI, "ap-3")));

    var labels = ZoneLabels.of("ap-3", KEYS, nodes).orElseThrow();

    assertThat(labels.select()).isEqualTo(new ZoneLabel(CSI, "ap-3"));
    assertThat(labels.common()).isEqualTo(Map.of(CSI, "ap-3"));
  }

  @Test
  void shouldNeverSelectByAValueThatNodesOfAnotherZoneCarryToo() {
    var nodes =
        List.of(
            node("ap-3", Map.of(ZONE, "south", CSI, "ap-3")),
            node("ap-4", Map.of(ZONE, "south", CSI, "ap-4")));

    assertThat(ZoneLabels.of("ap-3", KEYS, nodes).orElseThrow().select())
        .isEqualTo(new ZoneLabel(CSI, "ap-3"));
  }

  @Test
  void shouldTakeTheNameWhereAZoneHasNoNodesAndOthersAreLabelledByTheirNames() {
    var nodes = List.of(node("ap-4", Map.of(ZONE, "160002", CSI, "ap-4")));

    var labels = ZoneLabels.of("ap-3", KEYS, nodes).orElseThrow();

    assertThat(labels.select()).isEqualTo(new ZoneLabel(CSI, "ap-3"));
    assertThat(labels.common()).isEqualTo(Map.of(CSI, "ap-3"));
  }

  @Test
  void shouldSelectNothingWhenNoNodeTellsHowTheZoneIsLabelled() {
    assertThat(ZoneLabels.of("ap-3", KEYS, List.of())).isEmpty();
    assertThat(ZoneLabels.of("ap-3", KEYS, List.of(node("ap-4", Map.of(ZONE, "160002")))))
        .isEmpty();
    assertThat(ZoneLabels.of("ap-3", KEYS, List.of(node("ap-3", Map.of())))).isEmpty();
  }

  private static Labelled node(String zone, Map<String, String> labels) {
    return new Labelled(zone, labels);
  }
}
