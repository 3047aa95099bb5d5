/**
 * Nodes and the ENIs that are bound to them. This package does not know which Pods use the
 * addresses on an ENI.
 */
package io.eniipamd.kube.node;
