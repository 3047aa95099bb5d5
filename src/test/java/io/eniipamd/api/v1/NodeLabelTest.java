package io.eniipamd.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeLabelTest {
  @Test
  void shouldBeTheNameWhenThatFits() {
    var name = "n".repeat(63);

    assertThat(NodeLabel.of(name)).isEqualTo(name);
    assertThat(NodeLabel.of("10.10.21.166")).isEqualTo("10.10.21.166");
  }

  @Test
  void shouldFitAndDifferWhenNamesAreLongAndBeginAlike() {
    var one = NodeLabel.of("n".repeat(70) + ".a");
    var other = NodeLabel.of("n".repeat(70) + ".b");

    assertThat(one).hasSize(63).matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])").isNotEqualTo(other);
    assertThat(NodeLabel.of("n".repeat(70) + ".a")).isEqualTo(one);
  }
}
