/**
 * The words of conditions and events: every condition type and every reason is declared here once,
 * with what it means and what to do about it. {@code docs/conditions.md} is generated from these
 * declarations. No I/O, no clock, no Kubernetes.
 */
package io.eniipamd.domain.condition;
