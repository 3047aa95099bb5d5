package io.eniipamd.api.v1;

/** What strings of the schemas look like. RE2 syntax, as the API server reads it. */
final class Formats {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** An IPv4 address without leading zeros: it is the name of an object. */
  static final String IPV4 = "^(" + OCTET + "\\.){3}" + OCTET + "$";

  /** {@link #IPV4}, as a string of CEL. */
  static final String IPV4_CEL =
      "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\\\.){3}"
          + "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$";

  static final String SUBNET_ID = "^subnet-[0-9a-z]+$";
  static final String INSTANCE_ID = "^ins-[0-9a-z]+$";
  static final String SECURITY_GROUP_ID = "^sg-[0-9a-z]+$";

  /** Whole hours, minutes and seconds; so few digits that no sum overflows a duration of CEL. */
  static final String DURATION_CEL = "^([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$";

  /** {@link #DURATION_CEL} after at least one day, which CEL's durations do not know. */
  static final String DAYS_CEL = "^[1-9][0-9]{0,4}d([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$";

  /** Long enough for every id of the cloud, so that the cost of a rule is bounded. */
  static final long ID_LENGTH = 63;

  private Formats() {}
}
