package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressBookTest {
  private static final Ip ADDRESS = Ip.parse("10.0.0.4");

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
  void shouldHaveTheListOfOthersReadAgainWhenASubnetIsFullBecauseOfThem() {
    // given
    var range = Cidr.parse("10.0.0.0/29");
    var subnet = new Subnet("subnet-a", "vpc-a", "zone-1", range, 5, 5);
    var asked = new ArrayList<String>();
    book.onCollision(s -> asked.add(s.id()));
    book.subnets(List.of(subnet));
    book.noteUsed(subnet, Set.of(ADDRESS));
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
}
