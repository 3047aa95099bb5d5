/**
 * The stage on which the operator is tested and shown: a real control plane, a simulated VPC, nodes
 * that keep to the node's contract, and the operator from its packaged jar. No test may enter, and
 * nothing of the operator's classes but its API.
 */
package io.eniipamd.testing;
