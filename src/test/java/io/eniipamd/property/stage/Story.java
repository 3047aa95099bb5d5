package io.eniipamd.property.stage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What happened, each line with its moment, for the reader of a failure. */
final class Story {
  private final List<String> lines = new ArrayList<>();

  synchronized void tell(String format, Object... arguments) {
    var moment = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString().substring(11);
    lines.add(moment + " " + format.formatted(arguments));
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
