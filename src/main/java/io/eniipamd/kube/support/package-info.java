/**
 * What every reconciler uses: shared caches, events, fresh reads, tasks in the cloud, leadership.
 * It decides nothing about a claim, an address or a node.
 */
package io.eniipamd.kube.support;
