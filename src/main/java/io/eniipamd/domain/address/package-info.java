/** Addresses and subnets as values, and the choice among them. No I/O, no clock, no Kubernetes. */
package io.eniipamd.domain.address;
