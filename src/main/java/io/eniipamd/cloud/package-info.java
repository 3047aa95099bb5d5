/**
 * The port to the VPC in the operator's own terms: only the calls that it makes, and one exception.
 * No SDK, no Kubernetes.
 */
package io.eniipamd.cloud;
