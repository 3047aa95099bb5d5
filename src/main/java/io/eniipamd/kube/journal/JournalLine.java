package io.eniipamd.kube.journal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One transition of one address.
 *
 * @param fields name to value, in the order of {@code docs/address-record.md}; none is empty
 */
public record JournalLine(Transition transition, Map<String, String> fields) {

  public JournalLine {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** As the text of a log: {@code bound address=10.0.3.7 subnet=subnet-1 claim=shop/web-0}. */
  public String text() {
    return transition.word()
        + fields.entrySet().stream()
            .map(field -> " " + field.getKey() + "=" + field.getValue())
            .collect(Collectors.joining());
  }
}
