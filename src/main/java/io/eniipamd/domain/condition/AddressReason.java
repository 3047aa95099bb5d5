package io.eniipamd.domain.condition;

/** Reasons of addresses: where one is, and why it is not where its record wants it. */
public enum AddressReason implements Reason {
  ASSIGNED(
      "Assigned",
      Places.on(AddressConditions.ATTACHED),
      "The cloud has the address on the ENI.",
      ""),
  ATTACHED(
      "Attached",
      Places.on(AddressConditions.ATTACHED),
      "The cloud has the ENI of this address on the node's instance.",
      ""),
  HELD(
      "Held",
      Places.on(AddressConditions.ATTACHED),
      "The claim keeps the address, which is on no ENI.",
      ""),
  RELEASED(
      "Released",
      Places.on(AddressConditions.ATTACHED),
      "The address has left its ENI and is in quarantine before another claim can have it.",
      ""),
  QUOTA_EXCEEDED(
      "QuotaExceeded",
      Places.on(AddressConditions.ATTACHED),
      "The ENI or the account can have no further address.",
      "The operator uses another ENI where there is one; else ask Tencent Cloud for a"
          + " higher quota."),
  ENI_NOT_FOUND(
      "ENINotFound",
      Places.on(AddressConditions.ATTACHED).andTold(ObjectKind.ADDRESS),
      "The cloud does not know the ENI that the record names.",
      "Wait; the claim gets another place when its Pod does."),
  FOREIGN_ENI(
      "ForeignENI",
      Places.on(AddressConditions.ATTACHED).andTold(ObjectKind.ADDRESS),
      "The ENI that the record names belongs to another cluster; the operator changes"
          + " nothing in the cloud.",
      "Delete the claim to drop the record."),
  THROTTLED(
      "Throttled",
      Places.on(AddressConditions.ATTACHED),
      "The cloud says that the account sends too many requests.",
      "Wait; the operator sends fewer and tries again."),
  ACCESS_DENIED(
      "AccessDenied",
      Places.on(AddressConditions.ATTACHED).andTold(ObjectKind.ADDRESS, ObjectKind.CLAIM),
      "The operator's key may not do that.",
      "Grant the permission that the message names."),
  REQUEST_REFUSED(
      "RequestRefused",
      Places.on(AddressConditions.ATTACHED),
      "The cloud calls the request invalid.",
      "Read the message; the operator tries again."),
  ADDRESS_MISSING(
      "AddressMissing",
      Places.on(AddressConditions.ATTACHED).andTold(ObjectKind.ADDRESS),
      "Another user of the VPC took the address off its ENI; the operator puts it" + " back.",
      "Find the user or program that changes the ENIs of this cluster."),
  TAKEN_BY_STRANGER(
      "TakenByStranger",
      Places.on(AddressConditions.ATTACHED, AddressConditions.RESERVED).andTold(ObjectKind.CLAIM),
      "Another user of the VPC has an address that a claim keeps.",
      "Free the address there; reserve-retained-ips prevents it."),
  RESERVING(
      "Reserving",
      Places.on(AddressConditions.RESERVED),
      "The operator asks the cloud to reserve the address.",
      ""),
  RESERVED(
      "Reserved", Places.on(AddressConditions.RESERVED), "The cloud reserves the address.", ""),
  RESERVATION_ENDED(
      "Ended", Places.on(AddressConditions.RESERVED), "The address is not reserved any more.", ""),
  RESERVE_DENIED(
      "ReserveDenied",
      Places.on(AddressConditions.RESERVED).andTold(ObjectKind.CLAIM),
      "The operator's key may not reserve addresses.",
      "Grant the permission that the message names, or set reserve-retained-ips to" + " false."),
  RESERVE_QUOTA(
      "ReserveQuota",
      Places.on(AddressConditions.RESERVED).andTold(ObjectKind.CLAIM),
      "The account can reserve no further address.",
      "Ask Tencent Cloud for a higher quota."),
  RESERVE_FAILED(
      "ReserveFailed",
      Places.on(AddressConditions.RESERVED).andTold(ObjectKind.CLAIM),
      "The cloud did not reserve the address.",
      "Read the message; the operator tries again."),
  FINALIZER_RESTORED(
      "FinalizerRestored",
      Places.told(ObjectKind.ADDRESS),
      "A user or controller removed the operator's finalizer, and the operator has put it back.",
      "Do not remove it: without it the address could be lost."),
  DELETION_BLOCKED(
      "DeletionBlocked",
      Places.told(ObjectKind.ADDRESS),
      "The VpcIP is deleted while a claim holds the address.",
      "Delete the claim."),
  STRAY_ADDRESS(
      "StrayAddress",
      Places.told(ObjectKind.NODE_RECORD),
      "An address is on an ENI of this cluster, but no record has it.",
      "The operator releases it unless a Pod uses it, or release-stray-addresses" + " is off."),
  STRAY_ADDRESS_IN_USE(
      "StrayAddressInUse",
      Places.on(AddressConditions.ATTACHED).andTold(ObjectKind.ADDRESS),
      "A Pod uses an address that its claim does not hold.",
      "Delete that Pod, so that its next one gets an address of its own."),
  ENI_RECORD_STALE(
      "ENIRecordStale",
      Places.told(ObjectKind.ADDRESS),
      "The record is of the address of an ENI that does not exist.",
      "Nothing, if the message says that the operator deletes it; else delete the VpcIP."),
  ADDRESS_ELSEWHERE(
      "AddressElsewhere",
      Places.told(ObjectKind.ADDRESS),
      "The record names one ENI of this cluster, and another one has the address.",
      "Nothing, unless the message says that the operator leaves it: then use --inventory=repair."),
  UNWANTED_RESERVATION(
      "UnwantedReservation",
      Places.told(ObjectKind.CONFIG_MAP),
      "The cloud reserves an address for this cluster that no record has.",
      "Nothing, unless the message says that the operator leaves it: then end it in the console.");

  @SuppressWarnings("ImmutableEnumChecker") // Its sets are copies that no code changes.
  private final Declaration declaration;

  AddressReason(String word, Places places, String meaning, String remedy) {
    declaration = new Declaration(word, places, meaning, remedy);
  }

  @Override
  public Declaration declaration() {
    return declaration;
  }
}
