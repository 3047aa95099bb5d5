package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NetworkMode;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimSpec;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.claim.PodFacts;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.support.SlimPod;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Pods in the terms of the domain, and their requests in the terms of the claim. */
final class PodRequests {
  private PodRequests() {}

  /** What a Pod wants by its own annotations. */
  static PodRequest of(SlimPod pod) {
    return of(pod, false);
  }

  /**
   * What a Pod wants.
   *
   * @param fixed whether its address is kept where the Pod itself says nothing of that
   */
  static PodRequest of(SlimPod pod, boolean fixed) {
    return PodRequest.read(facts(pod, fixed));
  }

  /** What a Pod says of its network; of the addresses of an older StatefulSet's Pods as above. */
  static PodFacts facts(SlimPod pod, boolean fixed) {
    return new PodFacts(
        annotation(pod, Names.NETWORKS),
        annotation(pod, Names.DELETE_POLICY)
            .or(() -> fixed ? Optional.of(PodRequest.NEVER) : Optional.empty()),
        annotation(pod, Names.CLAIM_EXPIRED_DURATION),
        annotation(pod, Names.NOMINATED_IP),
        annotation(pod, Names.NOMINATED_SUBNETS),
        pod.resources(),
        pod.hostNetwork());
  }

  /**
   * What the status of a claim says that its Pod said of the expiry: a duration, {@code 0} for
   * never, {@link Expiry#UNREADABLE}, or nothing.
   */
  static String expirySaid(PodRequest.Requested request) {
    return request.expiry().map(e -> canonical(e).orElse(Expiry.UNREADABLE)).orElse("");
  }

  /** The same as the claim has it: from the Pod that was bound last, or that it was made for. */
  static String expiryKnown(VpcIPClaim claim) {
    var said = claim.statusOrEmpty().podClaimExpiredDuration();
    if (said != null) {
      return said;
    }
    var made = claim.getSpec() == null ? null : claim.getSpec().claimExpiredDuration();
    return made == null ? "" : made;
  }

  /** Which address the claim is to get: that of the running Pod, or of the user who created it. */
  record Address(Optional<Ip> ip, List<String> subnets) {
    static final Address ANY = new Address(Optional.empty(), List.of());
  }

  /** Which address the claim is to get, for the Pod that is there. */
  static Address address(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    if (claim.madeByOperator() && pod.isPresent()) {
      return new Address(pod.get().nominatedIp(), pod.get().nominatedSubnets());
    }
    var spec = claim.getSpec();
    return spec == null
        ? Address.ANY
        : new Address(ip(spec.nominatedIP()), spec.nominatedSubnets());
  }

  /** What the claim says of the request; malformed values are left out, and reported. */
  static VpcIPClaimSpec spec(PodRequest.Requested request) {
    return VpcIPClaimSpecBuilder.builder()
        .networkMode(request.direct() ? NetworkMode.DIRECT_ENI : NetworkMode.SHARED_ENI)
        .deletePolicy(request.fixed() ? DeletePolicy.NEVER : DeletePolicy.IMMEDIATE)
        .nominatedIP(request.nominatedIp().map(Ip::toString).orElse(null))
        .nominatedSubnets(request.nominatedSubnets())
        .claimExpiredDuration(request.expiry().flatMap(PodRequests::canonical).orElse(null))
        .build();
  }

  /** The one spelling that the claim's schema accepts, of the many that users may write. */
  private static Optional<String> canonical(String expiry) {
    return switch (ExpiryDuration.parse(expiry)) {
      case ExpiryDuration.Never() -> Optional.of("0");
      case ExpiryDuration.After(var duration) ->
          Optional.of(DurationText.format(duration.truncatedTo(ChronoUnit.SECONDS)));
      case ExpiryDuration.Malformed(var reason) -> Optional.empty();
    };
  }

  /** An address, or nothing where the text is none (IPv6 is not supported here). */
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
