/**
 * Pods and claims: what a Pod asks for, what its claim has, and until when. This package does not
 * call the cloud; it changes {@code VpcIP}s and is enqueued when they have changed.
 */
package io.eniipamd.kube.claim;
