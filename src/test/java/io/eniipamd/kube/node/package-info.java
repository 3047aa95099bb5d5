/** Tests of the node room against a real API server and the simulated VPC. */
package io.eniipamd.kube.node;
