package io.eniipamd.kube.claim;

import io.eniipamd.domain.claim.ExpiryDuration;

/**
 * What the cluster's operator has set for claims.
 *
 * @param expiry of fixed IPs whose Pod and claim say nothing
 */
public record ClaimSettings(ExpiryDuration expiry) {}
