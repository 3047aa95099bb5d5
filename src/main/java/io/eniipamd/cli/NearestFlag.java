package io.eniipamd.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The flag that somebody most likely meant: the one with the fewest letters to change. */
final class NearestFlag {

  // Beyond that, naming a flag misleads more than it helps.
  private static final double MOST_CHANGES_PER_LETTER = 0.6;

  private record Candidate(String flag, int changes) {}

  private NearestFlag() {}

  static Optional<String> to(String written, List<String> flags) {
    return flags.stream()
        .map(flag -> new Candidate(flag, changes(written, flag)))
        .min(Comparator.comparingInt(Candidate::changes))
        .filter(best -> best.changes() <= written.length() * MOST_CHANGES_PER_LETTER)
        .map(Candidate::flag);
  }

  /** The Levenshtein distance. */
  private static int changes(String from, String to) {
    var row = new int[to.length() + 1];
    for (var j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= from.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= to.length(); j++) {
        var above = row[j];
        var replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}
