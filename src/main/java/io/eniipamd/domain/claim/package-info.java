/**
 * What a Pod asks for and what has to happen to its claim, decided from values. No I/O, no clock,
 * no randomness, no Kubernetes.
 */
package io.eniipamd.domain.claim;
