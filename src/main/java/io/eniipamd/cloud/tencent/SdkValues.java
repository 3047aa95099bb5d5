package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import com.tencentcloudapi.vpc.v20170312.models.ReserveIpAddressInfo;
import com.tencentcloudapi.vpc.v20170312.models.VpcPrivateIpAddress;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The SDK's answers in our words; what is missing in them or unreadable is named, and an error of
 * the step.
 */
final class SdkValues {

  private static final long SECONDARY = 0;

  /** Of a value that cannot be read, for a message. */
  private static final int MOST_QUOTED = 60;

  private SdkValues() {}

  static Subnet subnet(com.tencentcloudapi.vpc.v20170312.models.Subnet row, String step) {
    requireWhole(row, step);
    return new Subnet(
        required(row.getSubnetId(), "SubnetId", step),
        required(row.getVpcId(), "VpcId", step),
        required(row.getZone(), "Zone", step),
        cidr(row.getCidrBlock(), "CidrBlock", step),
        required(row.getTotalIpAddressCount(), "TotalIpAddressCount", step),
        required(row.getAvailableIpAddressCount(), "AvailableIpAddressCount", step));
  }

  static Instance instance(com.tencentcloudapi.cvm.v20170312.models.Instance row, String step) {
    requireWhole(row, step);
    return new Instance(
        required(row.getInstanceId(), "InstanceId", step),
        required(row.getInstanceType(), "InstanceType", step),
        required(required(row.getPlacement(), "Placement", step).getZone(), "Zone", step),
        required(row.getCPU(), "CPU", step).intValue());
  }

  /** Whether the ENI is neither the primary one of an instance nor a part of another. */
  static boolean isSecondary(com.tencentcloudapi.vpc.v20170312.models.NetworkInterface row) {
    return !Boolean.TRUE.equals(row.getPrimary())
        && (row.getEniType() == null || row.getEniType() == SECONDARY);
  }

  static NetworkInterface networkInterface(
      com.tencentcloudapi.vpc.v20170312.models.NetworkInterface row, String step) {
    requireWhole(row, step);
    return new NetworkInterface(
        required(row.getNetworkInterfaceId(), "NetworkInterfaceId", step),
        required(row.getSubnetId(), "SubnetId", step),
        row.getMacAddress() == null ? "" : row.getMacAddress(),
        state(row.getState()),
        instanceOf(row),
        addresses(row.getPrivateIpAddressSet(), step),
        tags(row.getTagSet(), step),
        securityGroups(row.getGroupSet()),
        row.getAttachType() != null && row.getAttachType() == AttachMode.EXTENSION.code());
  }

  private static List<String> securityGroups(String[] ids) {
    return ids == null ? List.of() : Arrays.stream(ids).filter(Objects::nonNull).toList();
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
      for (var each : rows) {
        var row = required(each, "a row of PrivateIpAddressSet", step);
        addresses.add(
            new Address(
                ip(row.getPrivateIpAddress(), "PrivateIpAddress", step),
                Boolean.TRUE.equals(row.getPrimary()),
                addressState(row.getState())));
      }
    }
    return addresses;
  }

  private static Map<String, String> tags(
      com.tencentcloudapi.vpc.v20170312.models.Tag[] rows, String step) {
    var tags = new HashMap<String, String>();
    if (rows != null) {
      for (var each : rows) {
        var row = required(each, "a row of TagSet", step);
        if (row.getKey() != null) {
          tags.put(row.getKey(), row.getValue() == null ? "" : row.getValue());
        }
      }
    }
    return tags;
  }

  static Reservation reservation(ReserveIpAddressInfo row, String step) {
    requireWhole(row, step);
    return new Reservation(
        required(row.getReserveIpId(), "ReserveIpId", step),
        required(row.getSubnetId(), "SubnetId", step),
        ip(row.getReserveIpAddress(), "ReserveIpAddress", step),
        row.getName() == null ? "" : row.getName(),
        Optional.ofNullable(row.getResourceId()).filter(id -> !id.isEmpty()),
        tags(row.getTagSet(), step));
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

  static Ip ip(String text, String field, String step) {
    try {
      return Ip.parse(required(text, field, step));
    } catch (IllegalArgumentException e) {
      throw unreadable(text, field, step);
    }
  }

  private static Cidr cidr(String text, String field, String step) {
    try {
      return Cidr.parse(required(text, field, step));
    } catch (IllegalArgumentException e) {
      throw unreadable(text, field, step);
    }
  }

  /** The address of a row about an address in use; its other fields are ignored. */
  static Ip used(VpcPrivateIpAddress row, String step) {
    if (row.getPrivateIpAddress() == null) {
      requireWhole(row, step);
    }
    return ip(row.getPrivateIpAddress(), "PrivateIpAddress", step);
  }

  private static void requireWhole(Object row, String step) {
    if (row instanceof RowByRow.Torn torn) {
      throw new CloudException(Kind.TRANSIENT, step, null, torn.why(), null, null);
    }
  }

  /** Passes on what the answer has to have. */
  static <T> T required(T value, String field, String step) {
    if (value == null) {
      throw new CloudException(Kind.TRANSIENT, step, null, "the answer lacks " + field, null, null);
    }
    return value;
  }

  private static CloudException unreadable(String text, String field, String step) {
    String some = text.length() > MOST_QUOTED ? text.substring(0, MOST_QUOTED) + "…" : text;
    return new CloudException(
        Kind.TRANSIENT, step, null, field + " \"" + some + "\" cannot be read", null, null);
  }
}
