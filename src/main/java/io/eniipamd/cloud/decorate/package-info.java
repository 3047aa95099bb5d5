/**
 * The decorators between the port and its caller, which act before each call: the limits of
 * requests, the fence, the circuit breaker, the counting of calls, and one answer for those who ask
 * the same. It does not know what a call is made for. No SDK, no Kubernetes.
 */
package io.eniipamd.cloud.decorate;
