/**
 * Addresses: who holds which, which are free, and the life of a {@code VpcIP} in the cloud. What a
 * claim wants is no business of this room.
 */
package io.eniipamd.kube.address;
