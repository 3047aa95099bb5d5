package io.eniipamd.cloud.tencent;

import static java.util.Map.entry;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException.Kind;
import java.util.List;
import java.util.Map;

/**
 * What the cloud's error codes mean to us. The most exact entry wins: a code of one action, then a
 * code, then a family of codes. {@code UnauthorizedOperation.PrimaryIp} is no denial of access.
 */
final class CloudErrors {

  /** The SDK's own code for any HTTP status but 200. */
  static final String SERVER_SIDE_ERROR = "ServerSideError";

  private record ActionCode(CloudAction action, String code) {}

  /** Codes that mean something else with one action. */
  private static final Map<ActionCode, Kind> BY_ACTION =
      Map.of(
          // Not an address that is somebody else's: the ENI is attached, or has just been.
          new ActionCode(CloudAction.DELETE_NETWORK_INTERFACE, "ResourceInUse"), Kind.TRANSIENT);

  private static final Map<String, Kind> BY_CODE =
      Map.ofEntries(
          entry("LimitExceeded.ActionLimited", Kind.THROTTLED),
          entry("LimitExceeded.NetworkInterfaceLimitExceeded", Kind.QUOTA),
          entry("ResourceInUse", Kind.ADDRESS_TAKEN),
          entry("ResourceInUse.Address", Kind.ADDRESS_TAKEN),
          // Addresses of a subnet are all that the calls in use draw on.
          entry("ResourceInsufficient", Kind.SUBNET_FULL),
          entry("ResourceInsufficient.Subnet", Kind.SUBNET_FULL),
          entry("InvalidInstanceId.NotFound", Kind.NOT_FOUND),
          entry("UnauthorizedOperation.AttachmentNotFound", Kind.NOT_FOUND),
          entry("UnauthorizedOperation.PrimaryIp", Kind.INVALID),
          entry("UnsupportedOperation.AttachmentNotFound", Kind.NOT_FOUND),
          // Attached somewhere already: a look tells whether it is where it should be.
          entry("UnsupportedOperation.AttachmentAlreadyExists", Kind.TRANSIENT),
          entry("UnsupportedOperation.AppIdMismatch", Kind.DENIED),
          entry("UnsupportedOperation.IdempotentProcessing", Kind.TRANSIENT),
          entry("UnsupportedOperation.InvalidState", Kind.TRANSIENT),
          entry("UnsupportedOperation.MutexOperationTaskRunning", Kind.TRANSIENT),
          entry("UnsupportedOperation.ResourceIsInvalidState", Kind.TRANSIENT));

  /** Families, asked in this order. */
  private static final List<Map.Entry<String, Kind>> BY_PREFIX =
      List.of(
          entry("RequestLimitExceeded", Kind.THROTTLED),
          entry("LimitExceeded", Kind.QUOTA),
          entry("ResourceNotFound", Kind.NOT_FOUND),
          entry("AuthFailure", Kind.DENIED),
          entry("UnauthorizedOperation", Kind.DENIED),
          entry("Unauthorized", Kind.DENIED),
          entry("IpInBlacklist", Kind.DENIED),
          entry("IpNotInWhitelist", Kind.DENIED),
          entry("InternalError", Kind.TRANSIENT),
          entry("InternalServerError", Kind.TRANSIENT),
          entry("FailedOperation", Kind.TRANSIENT),
          entry("ResourceUnavailable", Kind.TRANSIENT),
          entry("ServiceUnavailable", Kind.TRANSIENT),
          entry(SERVER_SIDE_ERROR, Kind.TRANSIENT),
          entry("Invalid", Kind.INVALID),
          entry("MissingParameter", Kind.INVALID),
          entry("UnknownParameter", Kind.INVALID),
          entry("UnsupportedOperation", Kind.INVALID),
          entry("UnsupportedRegion", Kind.INVALID),
          entry("UnsupportedProtocol", Kind.INVALID),
          entry("NoSuchVersion", Kind.INVALID),
          entry("NoSuchProduct", Kind.INVALID),
          entry("ActionOffline", Kind.INVALID),
          entry("RequestSizeLimitExceeded", Kind.INVALID),
          entry("ResponseSizeLimitExceeded", Kind.INVALID),
          entry("DryRunOperation", Kind.INVALID));

  private CloudErrors() {}

  /**
   * The kind of a failure.
   *
   * @param code the cloud's code; null or empty where there was no answer that could be read
   * @return {@link Kind#TRANSIENT} for a code that is in no table: nothing is known of the effect,
   *     so it has to be observed
   */
  static Kind kind(CloudAction action, String code) {
    if (code == null || code.isEmpty()) {
      return Kind.TRANSIENT;
    }
    Kind ofAction = BY_ACTION.get(new ActionCode(action, code));
    if (ofAction != null) {
      return ofAction;
    }
    Kind exact = BY_CODE.get(code);
    if (exact != null) {
      return exact;
    }
    for (var family : BY_PREFIX) {
      if (code.startsWith(family.getKey())) {
        return family.getValue();
      }
    }
    return Kind.TRANSIENT;
  }
}
