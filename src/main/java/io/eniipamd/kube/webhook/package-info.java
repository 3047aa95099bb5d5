/**
 * The mutating admission webhook for new Pods: its server, its answers and its certificate. It
 * performs what {@code domain.claim.Admission} and {@code domain.certificate} decide, and runs on
 * every replica.
 */
package io.eniipamd.kube.webhook;
