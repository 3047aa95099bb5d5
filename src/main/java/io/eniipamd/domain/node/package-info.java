/**
 * Nodes and their ENIs as values, and how many ENIs a node should have. No I/O, no clock, no
 * Kubernetes.
 */
package io.eniipamd.domain.node;
