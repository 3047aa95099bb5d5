package io.eniipamd.cloud.operate;

import static io.eniipamd.cloud.CloudAction.MODIFY_NETWORK_INTERFACE_ATTRIBUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.QuickOperations;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An ENI gets other security groups by one call, whatever happens to it. */
class GroupChangeTest {
  private static final String ENI = "eni-a";

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final AtomicBoolean leader = new AtomicBoolean(true);
  private CloudStack stack;

  @BeforeEach
  void start() {
    cloud.addEni(ENI, "subnet-a", Ip.parse("10.0.0.2"));
    cloud.giveGroups(ENI, "sg-9");
    Fence fence =
        step -> {
          if (!leader.get()) {
            throw new CloudException(Kind.INVALID, step, null, "no leader", null, null);
          }
        };
    stack =
        CloudStack.build(
            cloud,
            new CloudStack.Settings(2_000, QuickOperations.attempting(4)),
            fence,
            CallObserver.NONE);
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  @Test
  void shouldGiveTheGroupsByOneCallAndReturnWhatIsShownThen() {
    assertThat(give("sg-1", "sg-2").securityGroups()).containsExactly("sg-1", "sg-2");
    assertThat(calls()).isOne();
  }

  @Test
  void shouldCallNothingWhenTheEniHasThemInThisOrder() {
    cloud.giveGroups(ENI, "sg-1", "sg-2");
    assertThat(give("sg-1", "sg-2").securityGroups()).containsExactly("sg-1", "sg-2");
    assertThat(calls()).isZero();

    var unused = give("sg-2", "sg-1");
    assertThat(calls()).isOne();
  }

  @Test
  void shouldBeDoneWhenTheCloudShowsThemInAnOrderOfItsOwn() {
    cloud.sortGroups();

    assertThat(give("sg-2", "sg-1").securityGroups()).containsExactly("sg-1", "sg-2");
    assertThat(calls()).isOne();
  }

  @Test
  void shouldLookAndNotCallAgainWhenTheAnswerIsLost() {
    cloud.fail(MODIFY_NETWORK_INTERFACE_ATTRIBUTE, Fault.LOST_AFTER);

    assertThat(give("sg-1").securityGroups()).containsExactly("sg-1");
    assertThat(calls()).isOne();
  }

  @Test
  void shouldCallAgainWhenTheCloudIsBusyOrTheCallWasLost() {
    cloud.fail(MODIFY_NETWORK_INTERFACE_ATTRIBUTE, Fault.MUTEX, Fault.LOST_BEFORE, Fault.THROTTLED);

    assertThat(give("sg-1").securityGroups()).containsExactly("sg-1");
    assertThat(calls()).isEqualTo(4);
  }

  @Test
  void shouldSayThatTheGroupIsMissingWhenTheEniIsThere() {
    cloud.loseGroup("sg-1");

    assertThatThrownBy(() -> give("sg-1"))
        .isInstanceOfSatisfying(
            CloudException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
              assertThat(e.missingEni()).isEmpty();
            });
    assertThat(calls()).isOne();
  }

  @Test
  void shouldSayThatTheEniIsMissingWhenItIs() {
    cloud.removeEni(ENI);

    assertThatThrownBy(() -> give("sg-1"))
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.missingEni()).contains(ENI));
    assertThat(calls()).isZero();
  }

  @Test
  void shouldCallNothingWhenItIsNotWantedOrNotKnownToBe() {
    assertThatThrownBy(() -> give(_ -> false, "sg-1")).hasMessageContaining("not due any more");
    assertThatThrownBy(
            () ->
                give(
                    _ -> {
                      throw new IllegalStateException("no");
                    },
                    "sg-1"))
        .hasMessageContaining("unclear");
    assertThat(calls()).isZero();
  }

  @Test
  void shouldCallNothingWhenThisProcessDoesNotLead() {
    leader.set(false);

    assertThatThrownBy(() -> give("sg-1")).hasMessageContaining("no leader");
    assertThat(calls()).isZero();
    assertThat(cloud.eni(ENI).orElseThrow().securityGroups()).containsExactly("sg-9");
  }

  private NetworkInterface give(String... groups) {
    return give(_ -> true, groups);
  }

  private NetworkInterface give(Predicate<NetworkInterface> stillWanted, String... groups) {
    return Futures.join(
        "giving groups",
        stack
            .operations()
            .setSecurityGroups(ENI, List.of(groups), stillWanted)
            .toCompletableFuture());
  }

  private int calls() {
    return cloud.calls(MODIFY_NETWORK_INTERFACE_ATTRIBUTE).size();
  }
}
