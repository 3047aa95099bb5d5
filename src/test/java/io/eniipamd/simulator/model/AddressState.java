package io.eniipamd.simulator.model;

/** The documented values of {@code PrivateIpAddressSpecification.State}. */
public enum AddressState {
  PENDING,
  AVAILABLE,
  MIGRATING,
  DELETING
}
