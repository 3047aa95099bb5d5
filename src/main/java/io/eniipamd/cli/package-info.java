/**
 * The command line: container arguments to keys of the configuration, the list of flags, and
 * nothing that acts on them. It uses no Kubernetes, no cloud and no SDK.
 */
package io.eniipamd.cli;
