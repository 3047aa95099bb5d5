package io.eniipamd.simulator.model;

/** Who has an address of the VPC. */
public sealed interface Holder {

  /** It is on an ENI, in whatever state. */
  record Eni(String eniId) implements Holder {}

  /** It is reserved and on nothing. */
  record Reserved(String reserveIpId) implements Holder {}

  /** Another user of the VPC has it, a load balancer for instance. */
  record Stranger(String name) implements Holder {}

  /** The id or name of the holder, for users. */
  default String label() {
    return switch (this) {
      case Eni(String id) -> id;
      case Reserved(String id) -> id;
      case Stranger(String name) -> name;
    };
  }
}
