package io.eniipamd.kube.journal;

import java.util.Locale;

/** What becomes of an address. */
public enum Transition {
  /** It was taken for a claim, for a node's ENI, or to be kept ready; see the reason. */
  ALLOCATED,
  /** The cloud has it on the ENI that its record names. */
  ASSIGNED,
  /** A Pod has it. */
  BOUND,
  /** Its Pod has ended, and the claim keeps it. */
  RETAINED,
  /** It is to be on another ENI, or its ENI on another node. */
  MOVED,
  /** It is to be on no ENI, or its ENI on no node, and stays with its claim. */
  DISPLACED,
  /** It is on no ENI, or its ENI on no node, and its claim keeps it. */
  HELD,
  /** The cloud reserves it. */
  RESERVED,
  /** The cloud reserves it no more. */
  UNRESERVED,
  /** It is not on the ENI that the cloud had confirmed. */
  MISSING,
  /** Another user of the VPC has it. */
  TAKEN,
  /** Its claim is over, or nothing wants it: it is to leave its ENI. */
  RELEASED,
  /** It has left its ENI, and nothing may have it for a while. */
  QUARANTINED,
  /** Its record is gone: it may be given to another claim. */
  FREE;

  /** As lines have it, e.g. {@code bound}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
