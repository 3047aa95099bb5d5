/**
 * Releases claims that are due, and makes workloads the owners of claims. Every release is a
 * claim's deletion.
 */
package io.eniipamd.kube.release;
