package io.eniipamd.domain.claim;

import io.eniipamd.domain.condition.ClaimReason;

/**
 * Everything that can be wrong with what a user wrote on a Pod or on a claim, each with its reason
 * and the sentence that names the field, the value and what to write. The only place of these
 * sentences.
 */
public final class ValidationProblems {
  private static final String NETWORKS = "annotation tke.cloud.tencent.com/networks";

  private ValidationProblems() {}

  static ValidationError hostNetwork() {
    return fatal(
        ClaimReason.HOST_NETWORK_POD,
        "the Pod has hostNetwork: true and so the address of its node, but asks for VPC-CNI"
            + " too; remove hostNetwork, or the annotation tke.cloud.tencent.com/networks and the"
            + " resources tke.cloud.tencent.com/eni-ip and direct-eni");
  }

  /** A primary address never leaves its ENI, and a secondary one never becomes one. */
  static ValidationError claimOfOtherMode(boolean claimIsDirect) {
    return fatal(
        ClaimReason.NETWORK_MODE_CONFLICT,
        "the claim of this name is for %s (by its spec.networkMode; empty means tke-route-eni) but the Pod asks for %s; delete the claim, which releases its address, or make them agree"
            .formatted(
                claimIsDirect ? PodRequest.DIRECT : PodRequest.SHARED,
                claimIsDirect ? PodRequest.SHARED : PodRequest.DIRECT));
  }

  static ValidationError namesBothNetworks() {
    return fatal(
        ClaimReason.NETWORK_MODE_CONFLICT,
        "%s names both %s and %s; use one of them"
            .formatted(NETWORKS, PodRequest.SHARED, PodRequest.DIRECT));
  }

  static ValidationError requestsBothNetworks() {
    return fatal(
        ClaimReason.NETWORK_MODE_CONFLICT,
        "the Pod requests both %s and %s; request one of them"
            .formatted(PodRequest.ENI_IP, PodRequest.DIRECT_ENI));
  }

  static ValidationError namesOneAndRequestsTheOther(boolean requestsDirect) {
    return fatal(
        ClaimReason.NETWORK_MODE_CONFLICT,
        "%s names %s but the Pod requests %s; make them agree (%s with %s, %s with %s)"
            .formatted(
                NETWORKS,
                requestsDirect ? PodRequest.SHARED : PodRequest.DIRECT,
                requestsDirect ? PodRequest.DIRECT_ENI : PodRequest.ENI_IP,
                PodRequest.SHARED,
                PodRequest.ENI_IP,
                PodRequest.DIRECT,
                PodRequest.DIRECT_ENI));
  }

  static ValidationError unknownDeletePolicy(String value) {
    return fatal(
        ClaimReason.UNKNOWN_DELETE_POLICY,
        ("annotation tke.cloud.tencent.com/vpc-ip-claim-delete-policy is \"%s\"; use Immediate"
                + " (release the address when the Pod has ended) or Never (retain it)")
            .formatted(value));
  }

  /**
   * The claim's own annotation, which does not keep the Pod from its address.
   *
   * @param annotation its name
   */
  public static ValidationError unknownDeletePolicyOfClaim(String annotation, String value) {
    return harmless(
        ClaimReason.UNKNOWN_DELETE_POLICY,
        ("annotation %s of the claim is \"%s\" and is ignored; use Immediate (release the"
                + " address when the Pod has ended) or Never (retain it)")
            .formatted(annotation, value));
  }

  static ValidationError malformedDuration(ExpiryDuration.Malformed malformed) {
    return harmless(
        ClaimReason.MALFORMED_DURATION,
        "annotation tke.cloud.tencent.com/claim-expired-duration: %s; until you correct it this address never expires"
            .formatted(malformed.reason()));
  }

  /**
   * The claim's own annotation.
   *
   * @param annotation its name
   */
  public static ValidationError malformedDurationOfClaim(
      String annotation, ExpiryDuration.Malformed malformed) {
    return harmless(
        ClaimReason.MALFORMED_DURATION,
        "annotation %s of the claim: %s; until you correct it this address never expires"
            .formatted(annotation, malformed.reason()));
  }

  /** The annotation of a Pod that is away: its text is not known any more. */
  public static ValidationError malformedDurationOfLastPod(String annotation) {
    return harmless(
        ClaimReason.MALFORMED_DURATION,
        "annotation %s of the last Pod of this address could not be read; this address never expires until a Pod with another value comes, or you annotate the claim"
            .formatted(annotation));
  }

  static ValidationError ipv6NotSupported(String value) {
    return fatal(
        ClaimReason.IPV6_NOT_SUPPORTED,
        ("annotation tke.cloud.tencent.com/nominated-vpc-ip is \"%s\"; IPv6 is not supported yet, use"
                + " an IPv4 address of a configured subnet")
            .formatted(value));
  }

  /**
   * The nominated address cannot be read.
   *
   * @param wrong what is wrong with the value, which it names
   */
  static ValidationError nominatedIpMalformed(String wrong) {
    return fatal(
        ClaimReason.NOMINATED_IP_MALFORMED,
        "annotation tke.cloud.tencent.com/nominated-vpc-ip: %s; use an address of a configured subnet"
            .formatted(wrong));
  }

  static ValidationError nominatedSubnetsMalformed(String value) {
    return fatal(
        ClaimReason.NOMINATED_SUBNETS_MALFORMED,
        ("annotation tke.cloud.tencent.com/nominated-eni-subnets is \"%s\"; use subnet IDs"
                + " joined by commas, such as subnet-abc,subnet-def")
            .formatted(value));
  }

  private static ValidationError fatal(ClaimReason reason, String message) {
    return new ValidationError(reason, message, true);
  }

  private static ValidationError harmless(ClaimReason reason, String message) {
    return new ValidationError(reason, message, false);
  }
}
