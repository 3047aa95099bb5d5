package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.Destination;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressesOfOthers;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.node.ZoneIndex;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestinationsTest {
  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final AddressBook book = new AddressBook(Clock.systemUTC());
  private final Subnets subnets =
      new Subnets(
          cloud,
          book,
          new AddressesOfOthers(cloud, book, Runnable::run, System::nanoTime),
          PlainAddresses.in(List.of("subnet-a", "subnet-b", "subnet-c", "subnet-none")));
  private final Destinations destinations =
      new Destinations(
          book,
          new ZoneIndex(new SharedCache<>(SlimNode.class), new SharedCache<>(NodeENIConfig.class)),
          subnets);

  @Test
  void shouldBeUnclearUntilTheCloudHasDescribedTheSubnets() {
    var wanted = nominating("subnet-a");
    assertThat(destinations.isUnclear(claim(null, null), wanted)).isTrue();
    assertThat(destinations.isUnclear(claim(null, null), nominating())).isFalse();

    describe();

    assertThat(destinations.isUnclear(claim(null, null), wanted)).isFalse();
    assertThat(destinations.of(claim(null, null), wanted))
        .contains(new Destination(Optional.empty(), "subnet-a", "zone-1", Optional.empty()));
  }

  @Test
  void shouldNotWaitForASubnetThatDoesNotExist() {
    describe();

    assertThat(destinations.isUnclear(claim(null, null), nominating("subnet-none"))).isFalse();
    assertThat(destinations.of(claim(null, null), nominating("subnet-none"))).isEmpty();
  }

  @Test
  void shouldTakeTheZoneOfTheNominatedSubnetsWhenAllAreInOne() {
    describe();

    assertThat(destinations.of(claim(null, null), nominating("subnet-a", "subnet-c")))
        .map(Destination::zone)
        .contains("zone-1");
    assertThat(destinations.of(claim(null, null), nominating("subnet-a", "subnet-b"))).isEmpty();
  }

  @Test
  void shouldTakeTheZoneOfTheRetainedAddressWhateverIsNominated() {
    describe();

    assertThat(destinations.of(claim("10.0.1.7", null), nominating("subnet-a")))
        .contains(
            new Destination(
                Optional.of(Ip.parse("10.0.1.7")), "subnet-b", "zone-2", Optional.empty()));
  }

  @Test
  void shouldTakeTheZoneOfTheStatusWhenTheSubnetIsConfiguredNoMore() {
    describe();

    assertThat(destinations.of(claim("10.9.9.9", "zone-9"), Optional.empty()))
        .map(Destination::zone)
        .contains("zone-9");
  }

  private void describe() {
    cloud.addSubnet(subnet("subnet-a", "zone-1", "10.0.0.0/24"));
    cloud.addSubnet(subnet("subnet-b", "zone-2", "10.0.1.0/24"));
    cloud.addSubnet(subnet("subnet-c", "zone-1", "10.0.2.0/24"));
    subnets.refresh();
  }

  private static Subnet subnet(String id, String zone, String cidr) {
    return new Subnet(id, "vpc-a", zone, Cidr.parse(cidr), 253, 253);
  }

  private static Optional<PodRequest.Requested> nominating(String... subnets) {
    return Optional.of(
        new PodRequest.Requested(
            false, true, Optional.empty(), List.of(subnets), Optional.empty(), List.of()));
  }

  private static VpcIPClaim claim(String address, String zone) {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("prod")
            .withName("web-0")
            .withUid("uid-claim")
            .addToLabels(Names.MANAGED_BY, Names.OPERATOR)
            .build());
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder().address(address).subnetId("subnet-x").zone(zone).build());
    return claim;
  }
}
