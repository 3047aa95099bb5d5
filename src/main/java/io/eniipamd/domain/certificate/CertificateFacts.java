package io.eniipamd.domain.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What a certificate says.
 *
 * @param notBefore from when on it is valid
 * @param notAfter until when it is valid
 * @param names the host names and addresses that it is for
 */
public record CertificateFacts(Instant notBefore, Instant notAfter, Set<String> names) {
  /** The part of its life that is left when it is replaced: long enough to notice a failure. */
  private static final int LEFT_WHEN_DUE = 3;

  public CertificateFacts {
    names = Set.copyOf(names);
  }

  /** Whether a client that asks for these names accepts it now. */
  public boolean isGood(Instant now, Set<String> asked) {
    return !now.isBefore(notBefore) && now.isBefore(notAfter) && names.containsAll(asked);
  }

  /** Whether the last third of its life has begun. */
  public boolean isDue(Instant now) {
    var left = Duration.between(now, notAfter);
    return left.compareTo(Duration.between(notBefore, notAfter).dividedBy(LEFT_WHEN_DUE)) < 0;
  }
}
