package io.eniipamd.cloud.tencent;

import static io.eniipamd.cloud.CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.ATTACH_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.CREATE_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.CREATE_RESERVE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DELETE_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.DELETE_RESERVE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_INSTANCES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_NETWORK_INTERFACES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_SUBNETS;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_VPC_LIMITS;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES;
import static io.eniipamd.cloud.CloudAction.DESCRIBE_VPC_TASK_RESULT;
import static io.eniipamd.cloud.CloudAction.DETACH_NETWORK_INTERFACE;
import static io.eniipamd.cloud.CloudAction.MIGRATE_PRIVATE_IP_ADDRESS;
import static io.eniipamd.cloud.CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.vpc.v20170312.VpcErrorCode;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException.Kind;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every code that the API documents for the calls in use. */
class CloudErrorsTest {

  @ParameterizedTest(name = "{0} {1} is {2}")
  @MethodSource("documented")
  void shouldHaveAKindWhenTheCodeIsDocumented(CloudAction action, String code, Kind kind) {
    assertThat(CloudErrors.kind(action, code)).isEqualTo(kind);
  }

  static Stream<Arguments> documented() {
    return Stream.of(
            codes(
                DESCRIBE_SUBNETS,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameter.Coexist INVALID",
                "InvalidParameter.FilterInvalidKey INVALID",
                "InvalidParameter.FilterNotDict INVALID",
                "InvalidParameter.FilterValuesNotList INVALID",
                "InvalidParameterValue.Empty INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "InvalidParameterValue.Range INVALID",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.AppIdMismatch DENIED"),
            codes(
                DESCRIBE_NETWORK_INTERFACES,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameter.Coexist INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidNetworkInterfaceId.NotFound NOT_FOUND",
                "InvalidParameterValue.Malformed INVALID",
                "InvalidParameterValue.NetworkInterfaceNotFound NOT_FOUND",
                "InvalidParameterValue.ResourceNotFound NOT_FOUND",
                "InvalidVpcId.NotFound NOT_FOUND",
                "LimitExceeded.ActionLimited THROTTLED",
                "ResourceNotFound NOT_FOUND"),
            codes(
                CREATE_NETWORK_INTERFACE,
                "InvalidSecurityGroupID.NotFound NOT_FOUND",
                "UnsupportedOperation.SubnetNotExists NOT_FOUND",
                "FailedOperation.NetDetectTimeOut TRANSIENT",
                "InvalidParameterValue INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "InvalidParameterValue.Range INVALID",
                "InvalidParameterValue.Reserved INVALID",
                "InvalidParameterValue.TooLong INVALID",
                "LimitExceeded QUOTA",
                "LimitExceeded.ActionLimited THROTTLED",
                "LimitExceeded.NetworkInterfaceLimitExceeded QUOTA",
                "MissingParameter INVALID",
                "ResourceInUse ADDRESS_TAKEN",
                "ResourceInsufficient SUBNET_FULL",
                "ResourceInsufficient.Subnet SUBNET_FULL",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.IdempotentParameterMismatch INVALID",
                "UnsupportedOperation.IdempotentProcessing TRANSIENT",
                "UnsupportedOperation.ResourceMismatch INVALID"),
            codes(
                DELETE_NETWORK_INTERFACE,
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded.ActionLimited THROTTLED",
                "ResourceInUse TRANSIENT",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.InvalidState TRANSIENT"),
            codes(
                ATTACH_NETWORK_INTERFACE,
                "FailedOperation.MasterEniNotFound TRANSIENT",
                "InvalidInstanceId.NotFound NOT_FOUND",
                "InvalidNetworkInterfaceId.NotFound NOT_FOUND",
                "InvalidParameterValue.InvalidInstanceState TRANSIENT",
                "UnsupportedOperation.InstanceNotExist NOT_FOUND",
                "UnsupportedOperation.InvalidInstanceState TRANSIENT",
                "UnsupportedOperation.ResourceProcessing TRANSIENT",
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded QUOTA",
                "LimitExceeded.ActionLimited THROTTLED",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.AttachmentAlreadyExists TRANSIENT",
                "UnsupportedOperation.IdempotentParameterMismatch INVALID",
                "UnsupportedOperation.IdempotentProcessing TRANSIENT",
                "UnsupportedOperation.InvalidState TRANSIENT",
                "UnsupportedOperation.ResourceIsInvalidState TRANSIENT",
                "UnsupportedOperation.UnsupportedInstanceFamily INVALID",
                "UnsupportedOperation.VpcMismatch INVALID",
                "UnsupportedOperation.ZoneMismatch INVALID"),
            codes(
                DETACH_NETWORK_INTERFACE,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded.ActionLimited THROTTLED",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.IdempotentProcessing TRANSIENT",
                "UnsupportedOperation.InstanceAssociateHavip INVALID",
                "UnsupportedOperation.InvalidState TRANSIENT"),
            codes(
                ASSIGN_PRIVATE_IP_ADDRESSES,
                "FailedOperation.NetDetectTimeOut TRANSIENT",
                "InvalidParameterValue.DuplicatePara INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "InvalidParameterValue.Range INVALID",
                "InvalidParameterValue.Reserved INVALID",
                "LimitExceeded QUOTA",
                "LimitExceeded.ActionLimited THROTTLED",
                "LimitExceeded.Address QUOTA",
                "MissingParameter INVALID",
                "ResourceInUse ADDRESS_TAKEN",
                "ResourceInUse.Address ADDRESS_TAKEN",
                "ResourceInsufficient SUBNET_FULL",
                "ResourceInsufficient.Subnet SUBNET_FULL",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.IdempotentParameterMismatch INVALID",
                "UnsupportedOperation.IdempotentProcessing TRANSIENT",
                "UnsupportedOperation.InvalidState TRANSIENT",
                "UnsupportedOperation.MutexOperationTaskRunning TRANSIENT",
                "UnsupportedOperation.ResourceMismatch INVALID",
                "UnsupportedOperation.UnassignCidrBlock INVALID"),
            codes(
                UNASSIGN_PRIVATE_IP_ADDRESSES,
                "InvalidNetworkInterfaceId.NotFound NOT_FOUND",
                "UnsupportedOperation.ResourceProcessing TRANSIENT",
                "InvalidParameterValue.DuplicatePara INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded.ActionLimited THROTTLED",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.AttachmentNotFound NOT_FOUND",
                "UnsupportedOperation.InvalidState TRANSIENT",
                "UnsupportedOperation.MutexOperationTaskRunning TRANSIENT"),
            codes(
                MIGRATE_PRIVATE_IP_ADDRESS,
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded QUOTA",
                "ResourceNotFound NOT_FOUND",
                "UnauthorizedOperation.AttachmentNotFound NOT_FOUND",
                "UnauthorizedOperation.PrimaryIp INVALID",
                "UnsupportedOperation INVALID",
                "UnsupportedOperation.MutexOperationTaskRunning TRANSIENT",
                "UnsupportedOperation.PrimaryIp INVALID"),
            codes(
                DESCRIBE_NETWORK_INTERFACE_LIMIT,
                "InternalError.ModuleError TRANSIENT",
                "InternalServerError TRANSIENT",
                "InvalidInstanceId.NotFound NOT_FOUND",
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded.ActionLimited THROTTLED",
                "ResourceNotFound NOT_FOUND"),
            codes(
                DESCRIBE_VPC_PRIVATE_IP_ADDRESSES,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameterValue INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "ResourceNotFound NOT_FOUND"),
            codes(
                DESCRIBE_INSTANCES,
                "InvalidInstanceId.Malformed INVALID",
                "InvalidInstanceId.NotFound NOT_FOUND",
                "InvalidFilter INVALID",
                "InvalidFilterValue.LimitExceeded INVALID",
                "InvalidParameterValue INVALID",
                "InvalidZone.MismatchRegion INVALID",
                "InternalServerError TRANSIENT",
                "UnauthorizedOperation.InvalidToken DENIED"),
            codes(
                DESCRIBE_VPC_TASK_RESULT,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameterValue INVALID",
                "ResourceNotFound NOT_FOUND",
                "UnauthorizedOperation DENIED",
                "UnsupportedOperation INVALID"),
            codes(
                DESCRIBE_VPC_LIMITS,
                "InvalidParameterValue INVALID",
                "InvalidParameterValue.LimitExceeded INVALID"),
            // For these three the API's documents list no codes of their own: the ones that its
            // other calls on named addresses have.
            codes(
                CREATE_RESERVE_IP_ADDRESSES,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameter.Coexist INVALID",
                "InvalidParameterValue.DuplicatePara INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "InvalidParameterValue.Range INVALID",
                "InvalidParameterValue.Reserved INVALID",
                "InvalidParameterValue.TooLong INVALID",
                "LimitExceeded QUOTA",
                "LimitExceeded.ActionLimited THROTTLED",
                "LimitExceeded.Address QUOTA",
                "LimitExceeded.TagQuotaExceeded QUOTA",
                "MissingParameter INVALID",
                "ResourceInUse ADDRESS_TAKEN",
                "ResourceInUse.Address ADDRESS_TAKEN",
                "ResourceInsufficient.Subnet SUBNET_FULL",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation.IdempotentParameterMismatch INVALID",
                "UnsupportedOperation.IdempotentProcessing TRANSIENT",
                "UnsupportedOperation.MutexOperationTaskRunning TRANSIENT",
                "UnsupportedOperation.TagSystemReservedTagKey INVALID"),
            codes(
                DESCRIBE_RESERVE_IP_ADDRESSES,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameter.Coexist INVALID",
                "InvalidParameter.FilterInvalidKey INVALID",
                "InvalidParameter.FilterNotDict INVALID",
                "InvalidParameter.FilterValuesNotList INVALID",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "InvalidParameterValue.Range INVALID",
                "LimitExceeded.NumberOfFilters QUOTA",
                "ResourceNotFound NOT_FOUND"),
            codes(
                DELETE_RESERVE_IP_ADDRESSES,
                "InternalError.ModuleError TRANSIENT",
                "InvalidParameterValue.LimitExceeded INVALID",
                "InvalidParameterValue.Malformed INVALID",
                "LimitExceeded.ActionLimited THROTTLED",
                "MissingParameter INVALID",
                "ResourceInUse TRANSIENT",
                "ResourceNotFound NOT_FOUND",
                "UnsupportedOperation.InvalidState TRANSIENT",
                "UnsupportedOperation.MutexOperationTaskRunning TRANSIENT"))
        .flatMap(codes -> codes);
  }

  @ParameterizedTest
  @EnumSource(VpcErrorCode.class)
  void shouldBeInTheTableWhenTheSdkKnowsTheCode(VpcErrorCode code) {
    assertThat(CloudErrors.known(ASSIGN_PRIVATE_IP_ADDRESSES, code.getValue())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AuthFailure.UnauthorizedOperation",
        "UnauthorizedOperation",
        "InvalidAction",
        "UnsupportedRegion"
      })
  void shouldBeOutOfReachWhenTheAccountMayNotOrTheRegionCannot(String code) {
    assertThat(CloudErrors.isOutOfReach(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AuthFailure.SecretIdNotFound",
        "AuthFailure.TokenFailure",
        "UnauthorizedOperation.InvalidToken",
        "UnauthorizedOperation.PrimaryIp",
        "LimitExceeded"
      })
  void shouldNotBeOutOfReachWhenSomethingElseIsWrong(String code) {
    assertThat(CloudErrors.isOutOfReach(code)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(CloudAction.class)
  void shouldHaveTheSameKindEverywhereWhenTheCodeIsCommonToAllActions(CloudAction action) {
    assertThat(
            Stream.of(
                    "RequestLimitExceeded",
                    "RequestLimitExceeded.IPLimitExceeded",
                    "RequestLimitExceeded.UinLimitExceeded")
                .map(code -> CloudErrors.kind(action, code)))
        .containsOnly(Kind.THROTTLED);
    assertThat(
            Stream.of(
                    "AuthFailure",
                    "AuthFailure.SecretIdNotFound",
                    "AuthFailure.SignatureExpire",
                    "AuthFailure.SignatureFailure",
                    "AuthFailure.TokenFailure",
                    "AuthFailure.UnauthorizedOperation",
                    "UnauthorizedOperation")
                .map(code -> CloudErrors.kind(action, code)))
        .containsOnly(Kind.DENIED);
    assertThat(
            Stream.of("InternalError", "ResourceUnavailable", "ServerSideError")
                .map(code -> CloudErrors.kind(action, code)))
        .containsOnly(Kind.TRANSIENT);
    assertThat(CloudErrors.kind(action, "UnsupportedRegion")).isEqualTo(Kind.INVALID);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"SomethingNew", "SomethingNew.Entirely"})
  void shouldBeTransientWhenNothingIsKnownOfTheEffect(String code) {
    assertThat(CloudErrors.kind(ASSIGN_PRIVATE_IP_ADDRESSES, code)).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void shouldRetryOnlyWhatCanSucceedWithoutAnybodyDoingAnything() {
    assertThat(Arrays.stream(Kind.values()).filter(Kind::retryable))
        .containsExactly(Kind.THROTTLED, Kind.TRANSIENT);
  }

  private static Stream<Arguments> codes(CloudAction action, String... codes) {
    return Arrays.stream(codes)
        .map(line -> line.split(" "))
        .map(pair -> Arguments.of(action, pair[0], Kind.valueOf(pair[1])));
  }
}
