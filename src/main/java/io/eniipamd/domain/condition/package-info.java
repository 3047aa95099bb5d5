/**
 * The words of conditions and events: this package declares every condition type and every reason
 * once, with what it means and what to do about it. {@code docs/conditions.md} is generated from
 * these declarations. No I/O, no clock, no Kubernetes.
 */
package io.eniipamd.domain.condition;
