/**
 * A real Kubernetes control plane on the loopback interface, for tests, demo and development: where
 * its programs come from, how they are started, and that they never outlive the JVM.
 *
 * <p>Nothing of the operator may enter: this room knows Kubernetes only.
 */
package io.eniipamd.controlplane;
