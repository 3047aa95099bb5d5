package io.eniipamd.simulator.model;

/** The documented values of {@code NetworkInterface.State}. */
public enum EniState {
  PENDING,
  /** Nothing is going on, whether the ENI is attached or not. */
  AVAILABLE,
  ATTACHING,
  DETACHING,
  DELETING
}
