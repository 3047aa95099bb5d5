package io.eniipamd.kube.journal;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts a line together; what is not known is left out. */
final class LineBuilder {
  private final Transition transition;
  private final Map<Field, String> fields = new EnumMap<>(Field.class);

  LineBuilder(Transition transition) {
    this.transition = transition;
  }

  /**
   * @param value null or empty: not known
   */
  LineBuilder with(Field field, String value) {
    if (value != null && !value.isEmpty()) {
      fields.put(field, value);
    }
    return this;
  }

  JournalLine build() {
    var ordered = new LinkedHashMap<String, String>();
    fields.forEach((field, value) -> ordered.put(field.word(), value));
    return new JournalLine(transition, ordered);
  }
}
