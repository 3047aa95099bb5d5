package io.eniipamd.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The flag that the user most likely meant: the one with the fewest letters to change. */
final class NearestFlag {

  // Beyond that, naming a flag misleads more than it helps.
  private static final double MOST_CHANGES_PER_LETTER = 0.6;

  private record Candidate(String flag, int changes) {}

  private NearestFlag() {}

  static Optional<String> to(String written, List<String> flags) {
    var distance = LevenshteinDistance.getDefaultInstance();
    return flags.stream()
        .map(flag -> new Candidate(flag, distance.apply(written, flag)))
        .min(Comparator.comparingInt(Candidate::changes))
        .filter(best -> best.changes() <= written.length() * MOST_CHANGES_PER_LETTER)
        .map(Candidate::flag);
  }
}
