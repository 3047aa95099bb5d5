/**
 * What every reconciler stands on: shared caches, events for people, fresh reads, tasks in the
 * cloud, leadership. No decision about a claim, an address or a node may enter.
 */
package io.eniipamd.kube.support;
