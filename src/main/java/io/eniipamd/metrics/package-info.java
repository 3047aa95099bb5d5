/**
 * The metrics and their names. It counts what callers report, in numbers and short words; no
 * Kubernetes, no cloud, and no label that names a Pod, a claim, a node or an address.
 */
package io.eniipamd.metrics;
