/**
 * What every reconciler uses: shared caches, events, fresh reads, tasks in the cloud, leadership.
 * No decision about a claim, an address or a node may enter.
 */
package io.eniipamd.kube.support;
