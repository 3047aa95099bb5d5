package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/** What is to be done for a Node next; one step at a time. */
public sealed interface NodeDecision {

  /** The operator does not manage it, or all is as it should be. */
  record Nothing() implements NodeDecision {}

  /** Its record is to be made. */
  record Create(Optional<String> instanceId, Optional<String> zone, List<String> subnets)
      implements NodeDecision {}

  /** What its record does not say yet is known now; these are all of the record's values. */
  record Fill(Optional<String> instanceId, Optional<String> zone, List<String> subnets)
      implements NodeDecision {}

  /** Its record is of the instance that had the node's name before: it is to be created again. */
  record Renew(String recorded, String now) implements NodeDecision {}

  /**
   * Report to the scheduler how many Pods the node can carry.
   *
   * @param addresses on shared ENIs
   * @param directEnis with ENIs of their own; empty where that is not known
   */
  record Offer(int addresses, Optional<Integer> directEnis) implements NodeDecision {
    /** Of a node of which nothing is known of ENIs of Pods' own. */
    public Offer(int addresses) {
      this(addresses, Optional.empty());
    }
  }
}
