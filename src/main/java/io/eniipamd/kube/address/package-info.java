/**
 * Addresses: which claim has which, which are free, and the life of a {@code VpcIP} in the cloud.
 * This package does not decide what a claim needs.
 */
package io.eniipamd.kube.address;
