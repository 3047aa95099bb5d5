package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import com.tencentcloudapi.vpc.v20170312.models.ReserveIpAddressInfo;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.NetworkInterface.State;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.Task;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The SDK's answers in our words; what is missing in them or unreadable is an error of the step.
 */
final class SdkValues {

  private static final long SECONDARY = 0;

  private SdkValues() {}

  static Subnet subnet(com.tencentcloudapi.vpc.v20170312.models.Subnet row, String step) {
    return new Subnet(
        required(row.getSubnetId(), step),
        required(row.getVpcId(), step),
        required(row.getZone(), step),
        cidr(row.getCidrBlock(), step),
        required(row.getTotalIpAddressCount(), step),
        required(row.getAvailableIpAddressCount(), step));
  }

  static Instance instance(com.tencentcloudapi.cvm.v20170312.models.Instance row, String step) {
    return new Instance(
        required(row.getInstanceId(), step),
        required(row.getInstanceType(), step),
        required(required(row.getPlacement(), step).getZone(), step),
        required(row.getCPU(), step).intValue());
  }

  /** Whether the ENI is neither the primary one of an instance nor a part of another. */
  static boolean isSecondary(com.tencentcloudapi.vpc.v20170312.models.NetworkInterface row) {
    return !Boolean.TRUE.equals(row.getPrimary())
        && (row.getEniType() == null || row.getEniType() == SECONDARY);
  }

  static NetworkInterface networkInterface(
      com.tencentcloudapi.vpc.v20170312.models.NetworkInterface row, String step) {
    return new NetworkInterface(
        required(row.getNetworkInterfaceId(), step),
        required(row.getSubnetId(), step),
        row.getMacAddress() == null ? "" : row.getMacAddress(),
        state(row.getState()),
        instanceOf(row),
        addresses(row.getPrivateIpAddressSet(), step),
        tags(row.getTagSet()));
  }

  private static Optional<String> instanceOf(
      com.tencentcloudapi.vpc.v20170312.models.NetworkInterface row) {
    return Optional.ofNullable(row.getAttachment())
        .map(attachment -> attachment.getInstanceId())
        .filter(id -> !id.isEmpty());
  }

  private static List<Address> addresses(PrivateIpAddressSpecification[] rows, String step) {
    var addresses = new ArrayList<Address>();
    if (rows != null) {
      for (var row : rows) {
        addresses.add(
            new Address(
                ip(row.getPrivateIpAddress(), step),
                Boolean.TRUE.equals(row.getPrimary()),
                addressState(row.getState())));
      }
    }
    return addresses;
  }

  private static Map<String, String> tags(com.tencentcloudapi.vpc.v20170312.models.Tag[] rows) {
    var tags = new HashMap<String, String>();
    if (rows != null) {
      for (var row : rows) {
        if (row.getKey() != null) {
          tags.put(row.getKey(), row.getValue() == null ? "" : row.getValue());
        }
      }
    }
    return tags;
  }

  static Reservation reservation(ReserveIpAddressInfo row, String step) {
    return new Reservation(
        required(row.getReserveIpId(), step),
        required(row.getSubnetId(), step),
        ip(row.getReserveIpAddress(), step),
        row.getName() == null ? "" : row.getName(),
        Optional.ofNullable(row.getResourceId()).filter(id -> !id.isEmpty()),
        tags(row.getTagSet()));
  }

  private static State state(String text) {
    return switch (text) {
      case "PENDING" -> State.PENDING;
      case "AVAILABLE" -> State.AVAILABLE;
      case "ATTACHING" -> State.ATTACHING;
      case "DETACHING" -> State.DETACHING;
      case "DELETING" -> State.DELETING;
      case null, default -> State.UNKNOWN;
    };
  }

  private static AddressState addressState(String text) {
    return switch (text) {
      case "PENDING" -> AddressState.PENDING;
      case "AVAILABLE" -> AddressState.AVAILABLE;
      case "MIGRATING" -> AddressState.MIGRATING;
      case "DELETING" -> AddressState.DELETING;
      case null, default -> AddressState.UNKNOWN;
    };
  }

  static Task.State taskState(String text) {
    return switch (text) {
      case "RUNNING" -> Task.State.RUNNING;
      case "SUCCESS" -> Task.State.SUCCEEDED;
      case "FAILED" -> Task.State.FAILED;
      case null, default -> Task.State.UNKNOWN;
    };
  }

  static Ip ip(String text, String step) {
    try {
      return Ip.parse(required(text, step));
    } catch (IllegalArgumentException e) {
      throw TencentVpcCloud.incomplete(step);
    }
  }

  private static Cidr cidr(String text, String step) {
    try {
      return Cidr.parse(required(text, step));
    } catch (IllegalArgumentException e) {
      throw TencentVpcCloud.incomplete(step);
    }
  }

  private static <T> T required(T value, String step) {
    if (value == null) {
      throw TencentVpcCloud.incomplete(step);
    }
    return value;
  }
}
