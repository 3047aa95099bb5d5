package io.eniipamd.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** One word for one reason, wherever it is read. */
class ReleaseReasonTest {

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "UNKNOWN")
  void shouldHaveTheWordThatObjectsHave(ReleaseReason reason) throws JsonProcessingException {
    assertThat(new ObjectMapper().writeValueAsString(reason)).isEqualTo('"' + reason.word() + '"');
  }
}
