/**
 * What stands between the port and whoever uses it: the fence, the limits of requests, the counting
 * of calls, and {@link io.eniipamd.cloud.EniOperations} on top, which batches, serialises and
 * waits. No SDK, no Kubernetes.
 */
package io.eniipamd.cloud.decorate;
