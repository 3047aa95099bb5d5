/**
 * Releasing claims that are due and tying them to workloads. Every release is a claim's deletion.
 */
package io.eniipamd.kube.release;
