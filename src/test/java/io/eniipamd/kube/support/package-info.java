/** Tests of what the rooms of the Kubernetes side share. */
package io.eniipamd.kube.support;
