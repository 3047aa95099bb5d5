/**
 * The answers to the kubelet: whether the operator has started, can work, or has to be restarted.
 * It judges what {@link io.eniipamd.health.OperatorState} reports; it uses no Kubernetes client and
 * no cloud, so that a probe never waits for either.
 */
package io.eniipamd.health;
