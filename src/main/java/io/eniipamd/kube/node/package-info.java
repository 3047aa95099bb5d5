/**
 * Nodes and the ENIs that are bound to them. Who uses the addresses on an ENI is no business of
 * this room.
 */
package io.eniipamd.kube.node;
