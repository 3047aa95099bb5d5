/**
 * The decorators between the port and its caller, which act before each call: the limits of
 * requests, the fence, the circuit breaker, the counting of calls, and one shared answer for equal
 * questions. They do not know the purpose of a call. No SDK, no Kubernetes.
 */
package io.eniipamd.cloud.decorate;
