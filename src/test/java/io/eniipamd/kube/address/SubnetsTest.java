package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubnetsTest {

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final AddressBook book = new AddressBook(Clock.systemUTC());
  private final Subnets subnets =
      new Subnets(
          cloud,
          book,
          new AddressesOfOthers(cloud, book, Runnable::run, System::nanoTime),
          PlainAddresses.in(List.of("subnet-a", "subnet-b", "subnet-none")));

  @Test
  void shouldKeepWhatWasKnownWhenTheRowOfASubnetCannotBeRead() {
    // given
    cloud.addSubnet(subnet("subnet-a", "10.0.0.0/24"));
    subnets.refresh();
    cloud.addSubnet(subnet("subnet-b", "10.0.1.0/24"));
    cloud.describeUnreadably("subnet-a");

    // when
    subnets.refresh();

    // then
    assertThat(subnets.found()).containsOnlyKeys("subnet-a", "subnet-b");
    assertThat(subnets.missing()).containsExactly("subnet-none");
  }

  @Test
  void shouldTellWhoWaitsWhyNothingIsKnownWhenTheCloudDoesNotTell() {
    // given
    var told = new ArrayList<Optional<CloudException>>();
    cloud.addSubnet(subnet("subnet-a", "10.0.0.0/24"));
    subnets.onChange(() -> told.add(subnets.whyUnknown(Set.of("subnet-a"))));
    cloud.fail(CloudAction.DESCRIBE_SUBNETS, Fault.DENIED, Fault.DENIED);

    // when
    assertThatThrownBy(subnets::refresh).isInstanceOf(CloudException.class);
    assertThatThrownBy(subnets::refresh).isInstanceOf(CloudException.class);

    // then
    assertThat(told)
        .singleElement()
        .satisfies(why -> assertThat(why.orElseThrow().kind()).isEqualTo(Kind.DENIED));
    subnets.refresh();
    assertThat(subnets.whyUnknown(Set.of("subnet-a"))).isEmpty();
  }

  @Test
  void shouldNotCallASubnetMissingWhenItsRowCannotBeRead() {
    cloud.addSubnet(subnet("subnet-a", "10.0.0.0/24"));
    cloud.describeUnreadably("subnet-a");

    subnets.refresh();

    assertThat(subnets.missing()).containsExactlyInAnyOrder("subnet-b", "subnet-none");
  }

  @Test
  void shouldLookAgainWhenASubnetIsNamedWhileALookIsUnderWay() {
    // given
    var looks = new ArrayDeque<Runnable>();
    cloud.addSubnet(subnet("subnet-c", "10.0.2.0/24"));
    cloud.addSubnet(subnet("subnet-d", "10.0.3.0/24"));
    subnets.onChange(() -> subnets.want(Set.of("subnet-d"), looks::add));

    // when
    subnets.want(Set.of("subnet-c"), looks::add);
    while (!looks.isEmpty()) {
      looks.remove().run();
    }

    // then
    assertThat(subnets.found()).containsOnlyKeys("subnet-c", "subnet-d");
  }

  @Test
  void shouldLookOnceWhenSeveralNodesNameSubnetsBeforeTheLookBegins() {
    var looks = new ArrayDeque<Runnable>();

    subnets.want(Set.of("subnet-c"), looks::add);
    subnets.want(Set.of("subnet-d"), looks::add);
    subnets.want(Set.of("subnet-c"), looks::add);

    assertThat(looks).hasSize(1);
  }

  @Test
  void shouldLookForTheNextSubnetThatIsNamedWhenTheLookBeforeHasFailed() {
    // given
    var looks = new ArrayDeque<Runnable>();
    cloud.addSubnet(subnet("subnet-c", "10.0.2.0/24"));
    cloud.fail(CloudAction.DESCRIBE_SUBNETS, FakeVpcCloud.Fault.THROTTLED);
    subnets.want(Set.of("subnet-c"), looks::add);
    looks.remove().run();

    // when
    subnets.want(Set.of("subnet-d"), looks::add);
    looks.remove().run();

    // then
    assertThat(subnets.found()).containsOnlyKeys("subnet-c");
  }

  private static Subnet subnet(String id, String cidr) {
    return new Subnet(id, "vpc-a", "zone-1", Cidr.parse(cidr), 253, 253);
  }
}
