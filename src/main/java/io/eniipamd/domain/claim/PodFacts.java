package io.eniipamd.domain.claim;

import java.util.Optional;
import java.util.Set;

/**
 * What a Pod says of its network, as written.
 *
 * @param networks the annotation {@code networks}
 * @param deletePolicy the annotation {@code vpc-ip-claim-delete-policy}
 * @param expiry the annotation {@code claim-expired-duration}
 * @param nominatedIp the annotation {@code nominated-vpc-ip}
 * @param nominatedSubnets the annotation {@code nominated-eni-subnets}
 * @param resources the operator's extended resources that its containers ask for
 * @param hostNetwork whether it uses the node's network
 */
public record PodFacts(
    Optional<String> networks,
    Optional<String> deletePolicy,
    Optional<String> expiry,
    Optional<String> nominatedIp,
    Optional<String> nominatedSubnets,
    Set<String> resources,
    boolean hostNetwork) {}
