/**
 * Compares from time to time all that the cloud has for this cluster with all that is recorded, and
 * repairs what no reconciler comes across by itself.
 */
package io.eniipamd.kube.inventory;
