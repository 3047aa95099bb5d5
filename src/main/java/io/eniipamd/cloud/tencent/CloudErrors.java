package io.eniipamd.cloud.tencent;

import static java.util.Map.entry;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

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
          // What these two take from is the subnet: an ENI's limit and the quota of ENIs have codes
          // of their own.
          new ActionCode(CloudAction.CREATE_NETWORK_INTERFACE, "ResourceInsufficient"),
              Kind.SUBNET_FULL,
          new ActionCode(CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES, "ResourceInsufficient"),
              Kind.SUBNET_FULL,
          // Not an address of another user: the ENI is attached, or has just been.
          new ActionCode(CloudAction.DELETE_NETWORK_INTERFACE, "ResourceInUse"), Kind.TRANSIENT,
          // The address is on an ENI; it has to leave that first.
          new ActionCode(CloudAction.DELETE_RESERVE_IP_ADDRESSES, "ResourceInUse"), Kind.TRANSIENT);

  private static final Map<String, Kind> BY_CODE =
      Map.ofEntries(
          entry("LimitExceeded.ActionLimited", Kind.THROTTLED),
          entry("LimitExceeded.NetworkInterfaceLimitExceeded", Kind.QUOTA),
          entry("ResourceInUse", Kind.ADDRESS_TAKEN),
          entry("ResourceInUse.Address", Kind.ADDRESS_TAKEN),
          entry("ResourceInsufficient.Subnet", Kind.SUBNET_FULL),
          entry("InvalidParameterValue.InvalidInstanceState", Kind.TRANSIENT),
          entry("InvalidParameterValue.NetworkInterfaceNotFound", Kind.NOT_FOUND),
          entry("InvalidParameterValue.ResourceNotFound", Kind.NOT_FOUND),
          entry("InvalidParameterValue.ResourceNotExisted", Kind.NOT_FOUND),
          entry("OperationDenied.MutexTaskRunning", Kind.TRANSIENT),
          entry("UnauthorizedOperation.AttachmentNotFound", Kind.NOT_FOUND),
          entry("UnauthorizedOperation.PrimaryIp", Kind.INVALID),
          entry("UnsupportedOperation.AttachmentNotFound", Kind.NOT_FOUND),
          // Attached somewhere already: a read shows whether it is where it should be.
          entry("UnsupportedOperation.AttachmentAlreadyExists", Kind.TRANSIENT),
          entry("UnsupportedOperation.AppIdMismatch", Kind.DENIED),
          entry("UnsupportedOperation.IdempotentProcessing", Kind.TRANSIENT),
          entry("UnsupportedOperation.InstanceNotExist", Kind.NOT_FOUND),
          entry("UnsupportedOperation.InvalidInstanceState", Kind.TRANSIENT),
          entry("UnsupportedOperation.InvalidState", Kind.TRANSIENT),
          entry("UnsupportedOperation.MutexOperationTaskRunning", Kind.TRANSIENT),
          entry("UnsupportedOperation.ResourceIsInvalidState", Kind.TRANSIENT),
          entry("UnsupportedOperation.ResourceProcessing", Kind.TRANSIENT),
          entry("UnsupportedOperation.SubnetNotExists", Kind.NOT_FOUND));

  /** Ends the codes of each thing that does not exist, like {@code InvalidVpcId.NotFound}. */
  private static final String NOT_FOUND = ".NotFound";

  /** Families, asked in this order. */
  private static final List<Map.Entry<String, Kind>> BY_PREFIX =
      List.of(
          entry("RequestLimitExceeded", Kind.THROTTLED),
          entry("LimitExceeded", Kind.QUOTA),
          entry("AddressQuotaLimitExceeded", Kind.QUOTA),
          entry("VpcLimitExceeded", Kind.QUOTA),
          // Of something that is no address of a subnet, or that the cloud does not name.
          entry("ResourceInsufficient", Kind.QUOTA),
          entry("ResourceInUse.", Kind.INVALID),
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
          entry("OperationDenied", Kind.INVALID),
          entry("UnsupportedRegion", Kind.INVALID),
          entry("UnsupportedProtocol", Kind.INVALID),
          entry("NoSuchVersion", Kind.INVALID),
          entry("NoSuchProduct", Kind.INVALID),
          entry("ActionOffline", Kind.INVALID),
          entry("RequestSizeLimitExceeded", Kind.INVALID),
          entry("ResponseSizeLimitExceeded", Kind.INVALID),
          entry("DryRunOperation", Kind.INVALID));

  /** The call does not exist here: an older cloud, a region without it. */
  private static final Set<String> NOT_OFFERED =
      Set.of("InvalidAction", "ActionOffline", "UnsupportedRegion");

  private CloudErrors() {}

  /**
   * Whether the code says of a call only that it is not for us, or not here. Keys that are unknown
   * or expired are something else: with them no call succeeds.
   */
  static boolean isOutOfReach(String code) {
    return NOT_OFFERED.contains(code) || Refusal.isOfTheRight(code);
  }

  /**
   * A call that the account may do without.
   *
   * @return {@code Unknown} where the cloud says that the call is not for us, or not here
   */
  static <T> Answer<T> ifInReach(Supplier<T> call) {
    try {
      return new Answer.Known<>(call.get());
    } catch (CloudException e) {
      if (e.code().filter(CloudErrors::isOutOfReach).isPresent()) {
        return new Answer.Unknown<>(e.getMessage());
      }
      throw e;
    }
  }

  /** Whether the code says that the key is unknown, wrong or has ended, whatever was asked. */
  static boolean isOfTheKey(String code) {
    return Refusal.of(Optional.of(code)) == Refusal.KEY;
  }

  /**
   * The kind of a failure.
   *
   * @param code the cloud's code; null or empty where there was no answer that could be read
   * @return {@link Kind#TRANSIENT} for a code that is in no table: nothing is known of the effect,
   *     so it has to be observed
   */
  static Kind kind(CloudAction action, String code) {
    return known(action, code).orElse(Kind.TRANSIENT);
  }

  /**
   * The kind of a refusal to give credentials: without them nothing is allowed, whatever is wrong
   * with the request for them, unless it may pass by itself.
   */
  static Kind ofCredentials(String code) {
    Kind kind = kind(null, code);
    return kind.retryable() ? kind : Kind.DENIED;
  }

  /**
   * The kind of a code that is in a table.
   *
   * @param action null where it is none of the port's
   */
  static Optional<Kind> known(CloudAction action, String code) {
    if (code == null || code.isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(BY_ACTION.get(new ActionCode(action, code)))
        .or(() -> Optional.ofNullable(BY_CODE.get(code)))
        .or(() -> ofFamily(code));
  }

  private static Optional<Kind> ofFamily(String code) {
    if (code.endsWith(NOT_FOUND)) {
      return Optional.of(Kind.NOT_FOUND);
    }
    return BY_PREFIX.stream()
        .filter(family -> code.startsWith(family.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * One request about ids. The cloud refuses the whole of it over one id that it does not know; a
   * malformed id is one that no thing has.
   */
  static <T> Listing<T> aboutIds(
      Collection<String> ids, Function<List<String>, Listing<T>> describe) {
    if (ids.isEmpty()) {
      return Listing.none();
    }
    try {
      return describe.apply(List.copyOf(ids));
    } catch (CloudException e) {
      boolean malformed = e.code().filter(code -> code.endsWith(".Malformed")).isPresent();
      throw e.kind() == Kind.INVALID && malformed ? e.as(Kind.NOT_FOUND) : e;
    }
  }
}
