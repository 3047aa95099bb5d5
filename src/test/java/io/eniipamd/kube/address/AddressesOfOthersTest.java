package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressesOfOthersTest {
  private static final String SUBNET = "subnet-a";

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final SteppedClock clock = SteppedClock.at(Instant.parse("2026-11-25T10:00:00Z"));
  private final AddressBook book = new AddressBook(clock);
  private final Subnets subnets =
      new Subnets(
          cloud,
          book,
          new AddressesOfOthers(cloud, book, Runnable::run, this::nanoTime),
          PlainAddresses.in(List.of(SUBNET)));

  @BeforeEach
  void addSubnet() {
    cloud.addSubnet(new Subnet(SUBNET, "vpc-a", "zone-1", Cidr.parse("10.0.0.0/24"), 253, 253));
  }

  @Test
  void shouldPickWhatNobodyHasWhenASubnetWithManyMachinesIsFirstUsed() {
    // given
    IntStream.range(2, 202).forEach(i -> cloud.addStranger(ip(i)));

    // when
    subnets.refresh();

    // then
    assertThat(book.pick(SUBNET, "claim-1")).contains(ip(202));
    assertThat(readings()).isEqualTo(2);
  }

  @Test
  void shouldAskOnceAMinuteWhenManyCollide() {
    subnets.refresh();
    IntStream.range(2, 30).forEach(i -> cloud.addStranger(ip(i)));
    clock.advance(AddressesOfOthers.PAUSE);

    IntStream.range(2, 12).forEach(i -> book.markForeign(ip(i)));

    assertThat(readings()).isEqualTo(2);
    assertThat(book.pick(SUBNET, "claim-1")).contains(ip(30));
  }

  @Test
  void shouldAskWhoHasTheAddressesWhenTheCloudHasNoneLeft() {
    subnets.refresh();
    IntStream.range(2, 255).forEach(i -> cloud.addStranger(ip(i)));
    clock.advance(AddressesOfOthers.PAUSE);

    book.doubt(SUBNET);

    assertThat(book.isFull(SUBNET)).isTrue();
  }

  @Test
  void shouldAskOnceWhenTheSubnetsAreLookedAtAgain() {
    subnets.refresh();
    clock.advance(Duration.ofHours(2));

    subnets.refresh();

    assertThat(readings()).isEqualTo(1);
  }

  @Test
  void shouldGoByRefusalsAndAskSeldomWhenTheRightIsMissing() {
    // given
    cloud.allowOptionalCalls(false);
    cloud.addStranger(ip(2));

    // when
    subnets.refresh();
    clock.advance(AddressesOfOthers.PAUSE);
    book.markForeign(ip(2));
    subnets.refresh();

    // then
    assertThat(readings()).isEqualTo(1);
    assertThat(book.pick(SUBNET, "claim-1")).contains(ip(3));
    clock.advance(AddressesOfOthers.REFUSED_FOR);
    subnets.refresh();
    assertThat(readings()).isEqualTo(2);
  }

  @Test
  void shouldReadTheListAfterAllWhenTheFirstReadingFailed() {
    cloud.addStranger(ip(2));
    cloud.fail(CloudAction.DESCRIBE_USED_IP_ADDRESS, Fault.LOST_BEFORE);
    subnets.refresh();
    clock.advance(AddressesOfOthers.PAUSE);

    subnets.refresh();

    assertThat(book.pick(SUBNET, "claim-1")).contains(ip(3));
  }

  @Test
  void shouldPickAnAddressAgainWhenItsStrangerHasLeft() {
    // given
    IntStream.range(2, 255).forEach(i -> cloud.addStranger(ip(i)));
    subnets.refresh();
    clock.advance(AddressesOfOthers.PAUSE);
    cloud.removeStranger(ip(77));

    // when
    var none = book.pick(SUBNET, "claim-1");

    // then
    assertThat(none).isEmpty();
    assertThat(book.pick(SUBNET, "claim-1")).contains(ip(77));
  }

  @Test
  void shouldForgetTheListWhenItIsOld() {
    cloud.addStranger(ip(2));
    subnets.refresh();
    cloud.removeStranger(ip(2));

    clock.advance(Duration.ofMinutes(11));

    assertThat(book.pick(SUBNET, "claim-1")).contains(ip(2));
  }

  @Test
  void shouldTryAnAddressThatIsInUseWhenItIsNamed() {
    cloud.addStranger(ip(2));
    subnets.refresh();

    assertThat(book.pick(ip(2), "claim-1")).isTrue();
    assertThat(book.isForeign(ip(2))).isFalse();
  }

  @Test
  void shouldKeepNothingFromItsOwnPodsWhenTheListShowsIt() {
    // given
    subnets.refresh();
    var ours = book.pick(SUBNET, "claim-1").orElseThrow();
    cloud.addEni("eni-a", SUBNET, ours);
    clock.advance(AddressesOfOthers.PAUSE);
    book.markForeign(ip(9));

    // when
    book.putBack(ours);

    // then
    assertThat(book.isUnknown(ours)).isTrue();
    assertThat(book.free(SUBNET)).isEqualTo(252);
  }

  private long nanoTime() {
    return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
  }

  private long readings() {
    return cloud.calls(CloudAction.DESCRIBE_USED_IP_ADDRESS).size();
  }

  private static Ip ip(int last) {
    return Ip.parse("10.0.0." + last);
  }
}
