package io.eniipamd.domain.condition;

/** The kinds of objects that carry conditions and events of the operator. */
public enum ObjectKind {
  POD("Pod"),
  CLAIM("VpcIPClaim"),
  ADDRESS("VpcIP"),
  NODE_RECORD("NodeENIConfig"),
  NODE("Node"),
  STATEFUL_SET("StatefulSet"),
  CONFIG_MAP("ConfigMap"),
  LEASE("Lease");

  private final String kind;

  ObjectKind(String kind) {
    this.kind = kind;
  }

  /** The {@code kind} of the object, as the API has it. */
  public String kind() {
    return kind;
  }
}
