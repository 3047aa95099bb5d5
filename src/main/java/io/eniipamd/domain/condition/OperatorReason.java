package io.eniipamd.domain.condition;

/** Reasons about the operator, the API server or the cloud as a whole. */
public enum OperatorReason implements Reason {
  WAITING(
      "Waiting",
      Places.on(
          ClaimConditions.READY,
          ClaimConditions.VALID,
          ClaimConditions.RELEASE_BLOCKED,
          AddressConditions.ATTACHED,
          NodeConditions.READY),
      "The operator has not reconciled the object yet.",
      "If it stays, check that the operator runs and leads (ipamd_leading)."),
  API_SERVER_REFUSED(
      "APIServerRefused",
      Places.toldAnywhere(),
      "The API server refuses a request of the operator for this object: a quota, a"
          + " webhook or a missing permission.",
      "Do what the message says; the operator tries again."),
  UNKNOWN_WORD(
      "UnknownWord",
      Places.told(ObjectKind.CLAIM, ObjectKind.ADDRESS, ObjectKind.NODE_RECORD),
      "The object has a word that this version does not know; the operator leaves it as"
          + " it is.",
      "Run the version that wrote it, or a newer one."),
  BAD_SETTING(
      "BadSetting",
      Places.told(ObjectKind.CONFIG_MAP),
      "A live setting in the ConfigMap cannot be read; the operator keeps the last good"
          + " value.",
      "Correct the key that the message names."),
  ARGUMENT_OVERRIDDEN(
      "ArgumentOverridden",
      Places.told(ObjectKind.CONFIG_MAP),
      "A live setting in the ConfigMap overrides a flag of the operator.",
      "Remove one of them."),
  WEBHOOK_NOT_SERVED(
      "WebhookNotServed",
      Places.told(ObjectKind.CONFIG_MAP),
      "A replica of the operator cannot serve its webhook, or cannot get or renew its certificate;"
          + " the API servers create Pods as they are.",
      "Do what the message says; the operator tries again."),
  CLOUD_UNAVAILABLE(
      "CloudUnavailable",
      Places.on(AddressConditions.ATTACHED).andTold(ObjectKind.POD, ObjectKind.LEASE),
      "The cloud does not answer; the operator asks again with single requests.",
      "Look at the cloud's status page and at the network of the operator."),
  CLOUD_KEY_REFUSED(
      "CloudKeyRefused",
      Places.told(ObjectKind.POD, ObjectKind.LEASE),
      "The cloud refuses the operator's key.",
      "Give the operator a valid key, or the permission that the message names."),
  CLOCK_IS_OFF(
      "ClockIsOff",
      Places.told(ObjectKind.POD, ObjectKind.LEASE),
      "The cloud refuses the time of the operator's requests.",
      "Set the clock of the operator's node."),
  CLOUD_AVAILABLE(
      "CloudAvailable",
      Places.told(ObjectKind.POD, ObjectKind.LEASE),
      "The cloud answers again.",
      "");

  @SuppressWarnings("ImmutableEnumChecker") // Its sets are copies that no code changes.
  private final Declaration declaration;

  OperatorReason(String word, Places places, String meaning, String remedy) {
    declaration = new Declaration(word, places, meaning, remedy);
  }

  @Override
  public Declaration declaration() {
    return declaration;
  }
}
