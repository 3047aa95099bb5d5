/**
 * What the kubelet asks: has the operator started, can it work, does it have to be started again.
 * It judges what {@link io.eniipamd.health.OperatorState} reports; no Kubernetes client and no
 * cloud may enter, so that a probe never waits for either.
 */
package io.eniipamd.health;
