/**
 * Pods and claims: what a Pod asks for, who holds what for it, and until when. What the cloud does
 * is no business of this room; it changes {@code VpcIP}s and is enqueued when they have changed.
 */
package io.eniipamd.kube.claim;
