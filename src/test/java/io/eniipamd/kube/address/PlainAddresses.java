package io.eniipamd.kube.address;

import java.time.Duration;
import java.util.List;

/** Settings of addresses for tests that are about one of them. */
public final class PlainAddresses {
  private PlainAddresses() {}

  /** Of a cluster whose strays are released. */
  public static AddressSettings of(String clusterId) {
    return new AddressSettings(clusterId, List.of(), Duration.ofSeconds(30), true);
  }

  /** Of a cluster that reports strays, and does not release them. */
  public static AddressSettings reporting(String clusterId) {
    return new AddressSettings(clusterId, List.of(), Duration.ofSeconds(30), false);
  }

  /** Of a cluster with these subnets. */
  public static AddressSettings in(List<String> subnets) {
    return new AddressSettings("cls-a", subnets, Duration.ofSeconds(30), true);
  }

  /** Of a cluster with this quarantine. */
  public static AddressSettings quarantine(Duration lasts) {
    return new AddressSettings("cls-a", List.of(), lasts, true);
  }
}
