package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.SubnetQuota;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.domain.node.SubnetQuotas;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressBookTest {
  private static final Ip ADDRESS = Ip.parse("10.0.0.4");
  private static final Subnet SUBNET =
      new Subnet("subnet-a", "vpc-a", "zone-1", Cidr.parse("10.0.0.0/29"), 5, 5);

  private final AddressBook book = new AddressBook(Clock.systemUTC());

  @Test
  void shouldNotHoldARecordWhoseDeletionOvertookTheAnswerToItsCreation() {
    book.changed(record("first", "7"));
    book.deleted(record("first", "9"));

    book.changed(record("first", "7"));

    assertThat(book.get(ADDRESS)).isEmpty();
  }

  @Test
  void shouldNotHoldARecordWhoseDeletionIsTheFirstThatIsSeenOfIt() {
    book.deleted(record("first", "9"));

    book.changed(record("first", "7"));

    assertThat(book.get(ADDRESS)).isEmpty();
  }

  @Test
  void shouldHoldTheNextRecordOfAnAddress() {
    book.changed(record("first", "7"));
    book.deleted(record("first", "9"));

    book.changed(record("second", "10"));

    assertThat(book.get(ADDRESS)).isPresent();
  }

  @Test
  void shouldHoldARecordThatIsYoungerThanTheListOfAll() {
    book.changed(record("first", "8"));

    book.replaceBy(List.of(), "7");

    assertThat(book.get(ADDRESS)).isPresent();
  }

  @Test
  void shouldGiveToNoneThePrimaryAddressOfAnEniThatANodeLists() {
    book.subnets(List.of(SUBNET));
    book.nodes().changed(listing("node-a", ADDRESS));

    assertThat(book.pick(ADDRESS, "uid-1")).isFalse();
    while (book.free(SUBNET.id()) > 0) {
      assertThat(book.pick(SUBNET.id(), "uid-1")).isPresent().get().isNotEqualTo(ADDRESS);
    }
    assertThat(book.nodeOfPrimary(ADDRESS)).contains("node-a");
    assertThat(book.isUnknown(ADDRESS)).isFalse();
  }

  @Test
  void shouldGiveThePrimaryAddressOfAnEniWhenTheNodeListsItNoMore() {
    book.nodes().changed(listing("node-a", ADDRESS));
    book.subnets(List.of(SUBNET));
    long before = book.free(SUBNET.id());

    book.nodes().deleted(listing("node-a", ADDRESS));

    assertThat(book.free(SUBNET.id())).isEqualTo(before + 1);
    assertThat(book.pick(ADDRESS, "uid-1")).isTrue();
  }

  @Test
  void shouldHaveTheListOfOthersReadAgainWhenASubnetIsFullBecauseOfThem() {
    // given
    var asked = new ArrayList<String>();
    book.onCollision(s -> asked.add(s.id()));
    book.subnets(List.of(SUBNET));
    book.noteUsed(SUBNET, Set.of(ADDRESS));
    while (book.free("subnet-a") > 0) {
      assertThat(book.pick("subnet-a", "uid-1")).isPresent();
    }

    // when
    boolean full = book.isFull("subnet-a");

    // then
    assertThat(full).isTrue();
    assertThat(asked).isEmpty();
    book.askWhereFull();
    assertThat(asked).containsExactly("subnet-a");
    assertThat(book.isFull("subnet-unseen")).isFalse();
  }

  @Test
  void shouldGiveNoMoreThanTheQuotaAndGoOnWhenItIsRaised() {
    // given
    var asked = new ArrayList<String>();
    book.onCollision(s -> asked.add(s.id()));
    book.subnets(List.of(SUBNET));
    book.noteUsed(SUBNET, Set.of(ADDRESS));
    book.quotas(quota(2));

    // when
    var first = book.pick("subnet-a", "uid-1");
    var second = book.pick("subnet-a", "uid-2");
    var third = book.pick("subnet-a", "uid-3");

    // then
    assertThat(List.of(first, second)).allMatch(Optional::isPresent);
    assertThat(third).isEmpty();
    assertThat(book.free("subnet-a")).isZero();
    assertThat(book.isFull("subnet-a")).isTrue();
    book.askWhereFull();
    assertThat(asked).as("the cloud is not asked about a quota").isEmpty();
    book.quotas(quota(3));
    assertThat(book.free("subnet-a")).isEqualTo(1);
    assertThat(book.pick("subnet-a", "uid-3")).isPresent();
  }

  @Test
  void shouldGiveAnAddressByItsNameWithinTheQuotaOnly() {
    book.subnets(List.of(SUBNET));
    book.quotas(quota(0));

    assertThat(book.pick(ADDRESS, "uid-1")).isFalse();

    book.quotas(quota(1));
    assertThat(book.pick(ADDRESS, "uid-1")).isTrue();
    assertThat(book.pick(ADDRESS, "uid-1")).as("it is this claim's").isTrue();
  }

  @Test
  void shouldLeaveWhatIsThereWhenTheQuotaIsLoweredAndGiveAgainWhenThereIsLess() {
    book.subnets(List.of(SUBNET));
    var first = book.pick("subnet-a", "uid-1").orElseThrow();
    var second = book.pick("subnet-a", "uid-2").orElseThrow();

    book.quotas(quota(1));

    assertThat(book.quota("subnet-a").orElseThrow().used()).isEqualTo(2);
    book.putBack(first);
    assertThat(book.pick("subnet-a", "uid-3")).isEmpty();
    book.putBack(second);
    assertThat(book.pick("subnet-a", "uid-3")).isPresent();
    assertThat(book.quota("subnet-other")).isEmpty();
  }

  @Test
  void shouldCountWhatHasARecordOnce() {
    book.subnets(List.of(SUBNET));
    book.quotas(quota(3));
    assertThat(book.pick(ADDRESS, "uid-1")).isTrue();

    var record = record("first", "7");
    record.setSpec(VpcIPSpecBuilder.builder().type(VpcIPType.ENI).subnetId(SUBNET.id()).build());
    book.changed(record);
    book.putBack(ADDRESS);

    assertThat(book.quota("subnet-a"))
        .contains(new SubnetQuotaUse("subnet-a", 3, 0, 1, 0, 0, 0, 0));
  }

  private static SubnetQuotas quota(long addresses) {
    return new SubnetQuotas(Map.of(SUBNET.id(), new SubnetQuota.Addresses(addresses)));
  }

  @Test
  void shouldForgetARecordThatIsNotInTheListOfAll() {
    book.changed(record("first", "7"));

    book.replaceBy(List.of(), "7");

    assertThat(book.get(ADDRESS)).isEmpty();
  }

  private static VpcIP record(String uid, String version) {
    var vip = new VpcIP();
    vip.setMetadata(
        new ObjectMetaBuilder()
            .withName(ADDRESS.toString())
            .withUid(uid)
            .withResourceVersion(version)
            .build());
    return vip;
  }

  private static NodeENIConfig listing(String node, Ip primary) {
    var nec = new NodeENIConfig();
    nec.setMetadata(new ObjectMetaBuilder().withName(node).build());
    nec.setStatus(
        NodeENIConfigStatusBuilder.builder()
            .eniInfos(
                List.of(
                    EniInfoBuilder.builder()
                        .eniId("eni-1")
                        .primaryIP(primary.toString())
                        .subnetId(SUBNET.id())
                        .build()))
            .build());
    return nec;
  }
}
