package io.eniipamd.property.day;

/** What happens to the cluster in the course of a day; zones are 0 and 1. */
sealed interface Deed {

  /** The autoscaler wants so many nodes in a zone. */
  record Nodes(int zone, int count) implements Deed {}

  /** A machine ends without a word; its ENIs stay, on none. */
  record MachineVanishes(int zone) implements Deed {}

  /** The StatefulSet of a zone is scaled; its Pods have fixed IPs. */
  record Fixed(int zone, int replicas) implements Deed {}

  /** All Pods of the StatefulSet of a zone are made anew. */
  record Restart(int zone) implements Deed {}

  /** The Deployment of a zone is scaled; its Pods have no fixed IPs. */
  record Floating(int zone, int replicas) implements Deed {}

  /** The VPC may have so many ENIs more than it has. */
  record QuotaLeaves(int enis) implements Deed {}

  /** The quota is no concern any more. */
  record QuotaIsRaised() implements Deed {}

  /** The subnet of a zone gives no address any more. */
  record SubnetRunsOut(int zone) implements Deed {}

  /** Every subnet gives addresses again. */
  record SubnetsRecover() implements Deed {}

  /** The operator is killed and started again. */
  record OperatorDies() implements Deed {}
}
