package io.eniipamd.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PodNameTest {

  @Test
  void shouldBeThatOfTheDownwardApiWhenTheHostNameIsTheNodes() {
    assertThat(PodName.in(Map.of("POD_NAME", "tke-eni-ipamd-x", "HOSTNAME", "10.10.21.166")))
        .contains("tke-eni-ipamd-x");
  }

  @Test
  void shouldBeTheHostNameWhenNoOtherIsSet() {
    assertThat(PodName.in(Map.of("POD_NAME", "", "HOSTNAME", "tke-eni-ipamd-x")))
        .contains("tke-eni-ipamd-x");
  }

  @Test
  void shouldBeEmptyWhenNeitherIsSet() {
    assertThat(PodName.in(Map.of())).isEmpty();
  }
}
