package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NetworkMode;
import io.eniipamd.api.v1.VpcIPClaimSpec;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.claim.PodFacts;
import io.eniipamd.domain.claim.PodView;
import io.eniipamd.domain.claim.PodWish;
import io.eniipamd.kube.support.SlimPod;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Pods in the words of the domain, and wishes in the words of the claim. */
final class Wishes {
  private Wishes() {}

  static PodWish of(SlimPod pod) {
    return PodWish.read(
        new PodFacts(
            annotation(pod, Names.NETWORKS),
            annotation(pod, Names.DELETE_POLICY),
            annotation(pod, Names.CLAIM_EXPIRED_DURATION),
            annotation(pod, Names.NOMINATED_IP),
            annotation(pod, Names.NOMINATED_SUBNETS),
            pod.resources(),
            pod.hostNetwork()));
  }

  static PodView view(SlimPod pod) {
    return new PodView(
        pod.getMetadata().getUid(),
        pod.ended(),
        pod.isMarkedForDeletion(),
        Optional.ofNullable(pod.nodeName()),
        ip(pod.podIp()),
        of(pod));
  }

  /** What the claim says of the wish; what was malformed is left out and complained about. */
  static VpcIPClaimSpec spec(PodWish.Wants wish) {
    return VpcIPClaimSpecBuilder.builder()
        .networkMode(wish.direct() ? NetworkMode.DIRECT_ENI : NetworkMode.SHARED_ENI)
        .deletePolicy(wish.fixed() ? DeletePolicy.NEVER : DeletePolicy.IMMEDIATE)
        .nominatedIP(wish.nominatedIp().map(Ip::toString).orElse(null))
        .nominatedSubnets(wish.nominatedSubnets())
        .claimExpiredDuration(wish.expiry().flatMap(Wishes::canonical).orElse(null))
        .build();
  }

  /** The one spelling that the claim's schema accepts of the many that people may use. */
  private static Optional<String> canonical(String expiry) {
    return switch (ExpiryDuration.parse(expiry)) {
      case ExpiryDuration.Never() -> Optional.of("0");
      case ExpiryDuration.After(var duration) ->
          Optional.of(DurationText.format(duration.truncatedTo(ChronoUnit.SECONDS)));
      case ExpiryDuration.Malformed(var reason) -> Optional.empty();
    };
  }

  /** An address, or nothing where the text is none (IPv6 is nobody's business here). */
  static Optional<Ip> ip(String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Ip.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> annotation(SlimPod pod, String key) {
    return Optional.ofNullable(pod.annotations().get(key)).map(String::strip);
  }
}
