/**
 * The record of every address: one line for each transition of an address, with who has it, where
 * it is, why, and by which request to the cloud. It only tells what was written.
 */
package io.eniipamd.kube.journal;
