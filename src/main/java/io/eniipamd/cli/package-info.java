/**
 * The command line: container arguments to keys of the configuration, the list of flags, and
 * nothing that acts on them. No Kubernetes, no cloud and no SDK may enter.
 */
package io.eniipamd.cli;
