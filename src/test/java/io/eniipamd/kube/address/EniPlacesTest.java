package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.LostPlace;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.testing.ListedObjects;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EniPlacesTest {
  private static final String ENI = "eni-a";
  private static final String NOW = "ins-new00001";
  private static final String BEFORE = "ins-old00001";

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private Duration passed = Duration.ZERO;
  private EniPlaces places;

  @BeforeEach
  void open() {
    var clock = Clock.systemUTC();
    var own =
        new OwnEnis(
            cloud,
            ListedObjects.watched(NodeENIConfig.class),
            ListedObjects.watched(SlimNode.class),
            PlainAddresses.of("cls-a"),
            Runnable::run,
            clock);
    places =
        new EniPlaces(
            new AddressBook(clock),
            own,
            new CloudTasks(new Random(1)),
            new SharedCache<>(VpcIPClaim.class),
            () -> passed.toNanos());
  }

  @Test
  void shouldBelieveThatAnEniIsOnNoMachineWhenTwoLooksApartSaySo() {
    look();
    assertThat(where()).contains(LostPlace.Where.UNSURE);

    // At once again: it would lag behind in the same way.
    assertThat(places.look(ENI)).isInstanceOf(EniPlaces.Look.Later.class);
    pass(3);
    look();

    assertThat(where()).contains(LostPlace.Where.NOWHERE);
    assertThat(looks()).isEqualTo(2);
  }

  @Test
  void shouldNotTakeALookOfLongAgoForTheFirstOfTwo() {
    look();
    pass(300);
    look();

    assertThat(where()).contains(LostPlace.Where.UNSURE);
  }

  @Test
  void shouldLookLessAndLessOftenWhileTheMachineBeforeHasTheEni() {
    cloud.addEni(ENI, "subnet-a", Ip.parse("10.0.0.2"));
    cloud.attached(ENI, BEFORE);

    for (int i = 0; i < 4 * 60 * 24; i++) {
      if (where().equals(Optional.of(LostPlace.Where.UNSURE))) {
        look();
      }
      assertThat(where()).contains(LostPlace.Where.ELSEWHERE);
      pass(15);
    }

    // A day.
    assertThat(looks()).isBetween(6 * 24, 6 * 24 + 10);
  }

  @Test
  void shouldSayNothingWhenTheMachineHasTheEni() {
    cloud.addEni(ENI, "subnet-a", Ip.parse("10.0.0.2"));
    cloud.attached(ENI, NOW);

    look();

    assertThat(where()).isEmpty();
  }

  private Optional<LostPlace.Where> where() {
    return places.of(ENI, NOW).map(LostPlace::where);
  }

  private void look() {
    assertThat(places.look(ENI)).isInstanceOf(EniPlaces.Look.Asking.class);
  }

  private int looks() {
    return cloud.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES).size();
  }

  private void pass(int seconds) {
    passed = passed.plusSeconds(seconds);
  }
}
