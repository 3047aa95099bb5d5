package io.eniipamd.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What tells a story, and what does not hold in it. */
public interface Observed {

  /** What was seen not to hold so far, in sentences; empty where all is well. */
  List<String> broken();

  /** What happened, the newest last, for the reader of a failure. */
  List<String> story();

  /** Fails with the story where anything was seen not to hold. */
  default void requireUnbroken() {
    assertThat(broken())
        .as(() -> "what has to hold, in this story:\n" + String.join("\n", story()))
        .isEmpty();
  }
}
