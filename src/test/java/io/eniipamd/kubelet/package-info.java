/**
 * The stand-in of nodes, their kubelets and the CNI's part, for tests and demo.
 *
 * <p>It keeps to {@code docs/node-contract.md} and to nothing else: no class of the operator may
 * enter, so that whatever works with it works with an agent that knows the public interface only.
 */
package io.eniipamd.kubelet;
