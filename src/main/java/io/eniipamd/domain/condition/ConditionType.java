package io.eniipamd.domain.condition;

/**
 * One aspect of the state of an object of the operator, in the sense of Kubernetes' {@code
 * metav1.Condition}.
 */
public sealed interface ConditionType permits ClaimConditions, AddressConditions, NodeConditions {

  /** The {@code type} of the condition, as the API has it. */
  String word();

  /** The kind of the object that has the condition. */
  ObjectKind on();

  /** What {@code True} and {@code False} mean; one sentence each. */
  String meaning();
}
