package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatus;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TakenAddressCheckTest {
  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
  private final AddressBook book = new AddressBook(clock);

  /** Nothing is reported here, so there is no listener. */
  private final TakenAddressCheck watch =
      new TakenAddressCheck(cloud, book, null, new SharedCache<>(VpcIPClaim.class), null, clock);

  @Test
  void shouldReadThoseRecordsOnlyThatAreHeldOnNoEni() {
    // given
    var reads = new int[1];
    for (int i = 10; i < 110; i++) {
      book.changed(record(i, VpcIPPhase.ASSIGNED, reads));
    }
    book.changed(record(5, VpcIPPhase.HELD, new int[1]));
    reads[0] = 0;

    // when
    watch.look();

    // then
    assertThat(reads[0]).isZero();
    assertThat(cloud.calls(CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES))
        .singleElement()
        .satisfies(call -> assertThat(call.addresses()).containsExactly(Ip.parse("10.0.0.5")));
  }

  @Test
  void shouldAskNothingOnceTheAddressIsOnAnEniAgain() {
    book.changed(record(5, VpcIPPhase.HELD, new int[1]));
    var back = record(5, VpcIPPhase.ASSIGNED, new int[1]);
    back.getMetadata().setResourceVersion("8");
    book.changed(back);

    watch.look();

    assertThat(cloud.calls()).isEmpty();
  }

  @Test
  void shouldAskNothingOfAnAddressThatHasJustLeftAnEniOfOurs() {
    book.changed(heldFor(Duration.ofSeconds(14), 5));
    book.changed(heldFor(Duration.ofSeconds(16), 6));

    watch.look();

    assertThat(cloud.calls(CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES))
        .singleElement()
        .satisfies(call -> assertThat(call.addresses()).containsExactly(Ip.parse("10.0.0.6")));
  }

  private VpcIP heldFor(Duration time, int host) {
    var vip = record(host, VpcIPPhase.HELD, new int[1]);
    vip.setStatus(
        VpcIPStatusBuilder.builder(vip.getStatus())
            .since(clock.instant().minus(time).toString())
            .build());
    return vip;
  }

  /** Counts how often its status is read. */
  @Group(Names.GROUP)
  @Version("v1")
  @Kind("VpcIP")
  private static final class CountedRecord extends VpcIP {
    private static final long serialVersionUID = 1L;
    private final int[] reads;

    CountedRecord(int[] reads) {
      this.reads = reads;
    }

    @Override
    public VpcIPStatus statusOrEmpty() {
      reads[0]++;
      return super.statusOrEmpty();
    }
  }

  private static VpcIP record(int host, VpcIPPhase phase, int[] reads) {
    var vip = new CountedRecord(reads);
    vip.setMetadata(
        new ObjectMetaBuilder()
            .withName("10.0.0." + host)
            .withUid("uid-" + host)
            .withResourceVersion("7")
            .build());
    vip.setSpec(
        VpcIPSpecBuilder.builder()
            .type(VpcIPType.POD)
            .subnetId("subnet-a")
            .claimRef(new ClaimRef("prod", "web-" + host, "uid-of-web-" + host))
            .build());
    vip.setStatus(VpcIPStatusBuilder.builder().phase(phase).build());
    return vip;
  }
}
