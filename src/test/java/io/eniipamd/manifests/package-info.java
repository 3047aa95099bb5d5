/** What is shipped to a cluster, and whether the operator can live with exactly that. */
package io.eniipamd.manifests;
