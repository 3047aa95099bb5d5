package io.eniipamd.domain.condition;

/** The conditions of a {@code NodeENIConfig}. */
public enum NodeConditions implements ConditionType {
  READY("Ready", "True while the node has an ENI that carries Pods. False says why it has none."),
  CAN_GROW(
      "CanGrow",
      "True while nothing stands in the way of a further ENI. False says what does; Pods on"
          + " the existing ENIs are not affected."),
  SUBNETS_FOUND(
      "SubnetsFound",
      "True when every subnet that the node may use exists in the cloud. False names those that do"
          + " not."),
  SECURITY_GROUPS_SET(
      "SecurityGroupsSet",
      "True when every ENI of the node has the security groups that spec.securityGroups or"
          + " --security-groups names. False says why not. Not there where neither names any.");

  private final String word;
  private final String meaning;

  NodeConditions(String word, String meaning) {
    this.word = word;
    this.meaning = meaning;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public ObjectKind on() {
    return ObjectKind.NODE_RECORD;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
