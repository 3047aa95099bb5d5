package io.eniipamd.domain.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done next for the certificate that the operator makes itself.
 *
 * <p>A certificate is renewed in two steps: first the API servers are told to trust the next one
 * beside the one that is served, and only when all of them have had the time to hear of it is the
 * next one served. So no call is refused.
 */
public sealed interface RenewalStep {

  /** How long the API servers have to hear that they are to trust another certificate. */
  Duration HEARD_WITHIN = Duration.ofSeconds(30);

  /** Nothing. */
  record Keep() implements RenewalStep {}

  /** Make a certificate and serve it at once: there is none that a client accepts. */
  record Replace() implements RenewalStep {}

  /** Make the next certificate, which is trusted first and served later. */
  record Prepare() implements RenewalStep {}

  /** Serve the next certificate. */
  record Promote() implements RenewalStep {}

  /**
   * The decision.
   *
   * @param served the certificate that is served, where there is one
   * @param next the certificate that follows it, where there is one
   * @param nextTrustedFor how long the API servers have been told to trust the next one
   * @param names what the API servers call the server
   */
  static RenewalStep decide(
      Instant now,
      Optional<CertificateFacts> served,
      Optional<CertificateFacts> next,
      Optional<Duration> nextTrustedFor,
      Set<String> names) {
    var follows = next.filter(c -> c.isGood(now, names) && !c.isDue(now));
    if (served.filter(c -> c.isGood(now, names)).isEmpty()) {
      return follows.isPresent() ? new Promote() : new Replace();
    }
    if (!served.get().isDue(now)) {
      return new Keep();
    }
    if (follows.isEmpty()) {
      return new Prepare();
    }
    return nextTrustedFor.filter(since -> since.compareTo(HEARD_WITHIN) >= 0).isPresent()
        ? new Promote()
        : new Keep();
  }
}
