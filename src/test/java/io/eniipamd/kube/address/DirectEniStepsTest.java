package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.IP;
import static io.eniipamd.kube.address.OneAddress.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.support.EniTags;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The ENI of a Pod's own: where it is brought, and what keeps it from being touched. */
class DirectEniStepsTest {
  private static final String HERE = "ins-a";
  private static final String BEFORE = "ins-before";

  private final OneAddress one = new OneAddress();

  @Test
  void shouldCreateItAndAttachItInTheExtensionMode() {
    waiting();
    record(HERE, VpcIPPhase.ATTACHING, null);

    settle();

    assertThat(one.asked).containsExactly("create " + IP, "attach to ins-a, EXTENSION");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(one.status().instanceId()).isEqualTo(HERE);
    assertThat(one.status().eniId()).isEqualTo(own().orElseThrow());
    assertThat(one.status().eniMac()).isEqualTo("20:90:6f:00:00:01");
    assertThat(DirectRecords.isSettled(one.now())).isTrue();
  }

  @Test
  void shouldCreateItWithTheSecurityGroupsThatAreConfigured() {
    one.groups = new SecurityGroupSettings(true, List.of("sg-web"));
    waiting();
    record(HERE, VpcIPPhase.ATTACHING, null);

    settle();

    assertThat(one.cloud.networkInterfaces(new EniQuery.ByAddress(IP)).all())
        .singleElement()
        .satisfies(eni -> assertThat(eni.securityGroups()).containsExactly("sg-web"));
  }

  @Test
  void shouldAttachTheOneThatALeaderBeforeHasMade() {
    waiting();
    var made = made(Optional.empty());
    record(HERE, VpcIPPhase.ATTACHING, null);

    settle();

    assertThat(one.asked).containsExactly("attach to ins-a, EXTENSION");
    assertThat(one.status().eniId()).isEqualTo(made);
  }

  @Test
  void shouldDoNothingWhereItIsSettled() {
    record(HERE, VpcIPPhase.ASSIGNED, HERE, Condition.TRUE, AddressReason.ATTACHED, 1L);

    settle();

    assertThat(one.asked).isEmpty();
    assertThat(one.requests).isEmpty();
  }

  @Test
  void shouldLookAgainWhereTheIntentWasChangedAndChangedBack() {
    waiting();
    made(Optional.of(HERE));
    record(HERE, VpcIPPhase.ASSIGNED, HERE, Condition.TRUE, AddressReason.ATTACHED, 0L);

    settle();

    assertThat(one.asked).containsExactly("attach to ins-a, EXTENSION");
    assertThat(DirectRecords.isSettled(one.now())).isTrue();
  }

  @Test
  void shouldTakeItOffTheInstanceBeforeWhenNoPodUsesIt() {
    claim(ClaimPhase.RETAINED, null, "uid-gone");
    made(Optional.of(BEFORE));
    record(HERE, VpcIPPhase.ASSIGNED, BEFORE);

    settle();

    assertThat(one.asked).containsExactly("detach from ins-before", "attach to ins-a, EXTENSION");
    assertThat(one.status().instanceId()).isEqualTo(HERE);
  }

  @Test
  void shouldKeepItOnNoInstanceWhileItsPodIsAway() {
    claim(ClaimPhase.RETAINED, null, "uid-gone");
    var made = made(Optional.of(HERE));
    record(null, VpcIPPhase.ASSIGNED, HERE);

    settle();

    assertThat(one.asked).containsExactly("detach from ins-a");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.HELD);
    assertThat(one.status().eniId()).isEqualTo(made);
    assertThat(one.status().instanceId()).isNull();
    assertThat(DirectRecords.isSettled(one.now())).isTrue();
  }

  @Test
  void shouldLeaveItWhereItIsWhileTheClaimIsBound() {
    claim(ClaimPhase.BOUND, "eni-own", "uid-pod");
    assertNotDetached();
  }

  @Test
  void shouldLeaveItWhereItIsWhileTheClaimNamesItsEni() {
    claim(ClaimPhase.RETAINED, "eni-own", "uid-gone");
    assertNotDetached();
  }

  @Test
  void shouldLeaveItWhereItIsWhileThePodOfTheClaimLives() {
    claim(ClaimPhase.RETAINED, null, "uid-pod");
    one.pod("Running", null);
    assertNotDetached();
  }

  @Test
  void shouldLeaveItWhereItIsWhileAPodOfTheNameRunsWithTheAddress() {
    claim(ClaimPhase.PENDING, null, null);
    one.pod("Running", IP.toString());
    assertNotDetached();
  }

  @Test
  void shouldLeaveItWhereItIsWhenTheClaimIsGone() {
    assertNotDetached();
  }

  @Test
  void shouldLeaveAnEniWithoutItsTagsAlone() {
    claim(ClaimPhase.RETAINED, null, "uid-gone");
    record(null, VpcIPPhase.ASSIGNED, HERE);
    // By its status it is this one, which is a shared ENI.
    one.record(
        spec -> spec.eniId(null).direct(true).instanceId(null),
        status -> status.phase(VpcIPPhase.ASSIGNED).eniId(one.eni).instanceId(HERE));
    var unused = one.cloud.attachNetworkInterface(one.eni, HERE, AttachMode.STANDARD, "t");

    settle();

    assertThat(one.asked).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
  }

  @Test
  void shouldLeaveAnAddressToItsStrangerThatNoPodEverHad() {
    waiting();
    record(HERE, VpcIPPhase.ATTACHING, null);
    one.refusals.add(refusal(Kind.ADDRESS_TAKEN));

    settle();

    assertThat(one.isThere()).isFalse();
    assertThat(one.book.isForeign(IP)).isTrue();
    assertThat(one.told).containsExactly("AddressTaken of VpcIP");
  }

  @Test
  void shouldKeepAnAddressThatItsClaimWasPromised() {
    var claim = claim(ClaimPhase.RETAINED, null, "uid-gone");
    one.cached(claim);
    record(HERE, VpcIPPhase.ATTACHING, null);
    one.refusals.add(refusal(Kind.ADDRESS_TAKEN));

    settle();

    assertThat(one.isThere()).isTrue();
    assertThat(one.status().error()).contains("so it was ordered");
  }

  @Test
  void shouldSayWhatTheCloudRefusesAndComeBack() {
    waiting();
    record(HERE, VpcIPPhase.ATTACHING, null);
    one.refusals.add(refusal(Kind.QUOTA));

    pass();
    var control = one.directs.settle(one.now());

    assertThat(control.getScheduleDelay()).isPresent();
    assertThat(one.status().error()).contains("so it was ordered");
    assertThat(DirectRecords.isSettled(one.now())).isFalse();
  }

  @Test
  void shouldLookForAnotherSubnetWhereThisOneHasNoAddressLeft() {
    waiting();
    record(HERE, VpcIPPhase.ATTACHING, null);
    one.refusals.add(refusal(Kind.SUBNET_FULL));

    settle();

    assertThat(one.isThere()).isFalse();
    assertThat(one.full).containsExactly("subnet-a");
    assertThat(one.book.isForeign(IP)).isFalse();
  }

  @Test
  void shouldKeepAPromisedAddressWhoseSubnetIsFull() {
    one.cached(claim(ClaimPhase.RETAINED, null, "uid-gone"));
    record(HERE, VpcIPPhase.ATTACHING, null);
    one.refusals.add(refusal(Kind.SUBNET_FULL));

    settle();

    assertThat(one.isThere()).isTrue();
    assertThat(one.status().error()).contains("so it was ordered");
  }

  /** Or the look would not show the ENI, and it would be left behind. */
  @Test
  void shouldRemoveItOnlyWhenItsCreationHasEnded() {
    waiting();
    record(HERE, VpcIPPhase.ATTACHING, null);
    one.untilMade = new CompletableFuture<>();
    pass();
    claim(ClaimPhase.RETAINED, null, "uid-gone", null);
    var released = one.records.release(one.now(), ReleaseReason.MANUAL);
    assertThat(released.statusOrEmpty().phase()).isEqualTo(VpcIPPhase.RELEASING);

    remove();

    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);

    one.untilMade.complete(null);
    remove();

    assertThat(one.asked).containsExactly("create " + IP, "remove");
    assertThat(own()).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.QUARANTINED);
  }

  @Test
  void shouldDetachAndDeleteAReleasedOne() {
    claim(ClaimPhase.RETAINED, "eni-own", "uid-gone", null);
    made(Optional.of(HERE));
    record(HERE, VpcIPPhase.RELEASING, HERE);

    remove();

    assertThat(one.asked).containsExactly("remove");
    assertThat(own()).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.QUARANTINED);
    assertThat(one.status().eniId()).isNull();
  }

  @Test
  void shouldFindAReleasedOneWhoseStatusWasNeverWritten() {
    claim(ClaimPhase.RETAINED, null, "uid-gone", null);
    made(Optional.empty());
    record(HERE, VpcIPPhase.RELEASING, null);

    remove();

    assertThat(own()).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.QUARANTINED);
  }

  @Test
  void shouldRemoveNothingThatAClaimWasBoundToMeanwhile() {
    claim(ClaimPhase.BOUND, "eni-own", "uid-pod");
    made(Optional.of(HERE));
    record(HERE, VpcIPPhase.RELEASING, HERE);

    remove();

    assertThat(one.asked).isEmpty();
    assertThat(own()).isPresent();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
  }

  private void assertNotDetached() {
    made(Optional.of(HERE));
    record(null, VpcIPPhase.ASSIGNED, HERE);

    settle();

    assertThat(one.asked).isEmpty();
    assertThat(one.status().instanceId()).isEqualTo(HERE);
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
  }

  /** A claim whose Pod waits, and was never bound. */
  private void waiting() {
    claim(ClaimPhase.PENDING, null, null, null);
  }

  private VpcIPClaim claim(ClaimPhase phase, String eniId, String podUid) {
    return claim(phase, eniId, podUid, IP.toString());
  }

  private VpcIPClaim claim(ClaimPhase phase, String eniId, String podUid, String address) {
    return one.claim(
        CLAIM.uid(),
        VpcIPClaimStatusBuilder.builder()
            .phase(phase)
            .address(address)
            .eniId(eniId)
            .podUID(podUid)
            .build());
  }

  private VpcIP record(String wanted, VpcIPPhase phase, String on) {
    return one.record(
        spec -> spec.eniId(null).direct(true).instanceId(wanted),
        status -> status.phase(phase).instanceId(on));
  }

  private void record(
      String wanted, VpcIPPhase phase, String on, String holds, Reason reason, long generation) {
    one.record(
        spec -> spec.eniId(null).direct(true).instanceId(wanted),
        status ->
            status
                .phase(phase)
                .instanceId(on)
                .conditions(
                    List.of(
                        new Condition(
                            AddressConditions.ATTACHED.word(),
                            holds,
                            reason.word(),
                            "",
                            generation,
                            Instant.EPOCH.toString()))));
  }

  /** An ENI of the cluster for this very address. */
  private String made(Optional<String> on) {
    var made =
        one.cloud.createNetworkInterface(
            new EniSpec(
                "pod-" + IP,
                "subnet-a",
                IP,
                List.of(),
                Map.of(EniTags.CLUSTER, "cls-a", EniTags.MODE, EniTags.DIRECT),
                "token-own"));
    on.ifPresent(
        instance -> {
          var unused =
              one.cloud.attachNetworkInterface(
                  made.id(), instance, AttachMode.EXTENSION, "attach-own");
        });
    return made.id();
  }

  /** The ENI that has the address now. */
  private Optional<String> own() {
    return one.cloud.networkInterfaces(new EniQuery.ByAddress(IP)).all().stream()
        .map(NetworkInterface::id)
        .findFirst();
  }

  private void settle() {
    pass();
    pass();
  }

  private void pass() {
    if (one.isThere()) {
      var unused = one.directs.settle(one.now());
    }
  }

  private void remove() {
    for (int i = 0; i < 2; i++) {
      if (one.status().phase() == VpcIPPhase.RELEASING) {
        var unused = one.directs.remove(one.now());
      }
    }
  }
}
