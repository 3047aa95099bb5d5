package io.eniipamd.kube.node;

import static io.eniipamd.kube.node.NodeBench.ADDRESS;
import static io.eniipamd.kube.node.NodeBench.NODE;
import static io.eniipamd.kube.node.NodeBench.SUBNET;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPStatus;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.InstanceFacts;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.QuotaUse;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PendingEniStepsTest {
  private static final PendingEni OPEN = new PendingEni(ADDRESS, SUBNET, new BindingState.Open());
  private static final BoundEni ENI = new BoundEni("eni-a", "20:90:6f:00:00:01", SUBNET, ADDRESS);

  private static final InstanceFacts INSTANCE =
      new InstanceFacts(
          Optional.of("ins-a"),
          Optional.empty(),
          Optional.empty(),
          true,
          Optional.empty(),
          true,
          Optional.empty(),
          0);

  private final NodeBench bench = new NodeBench();
  private final PendingEniSteps steps = bench.parts.pending();
  private final EniChanges changes = new EniChanges();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldRecordTheAddressBeforeItAsksForTheEniWhenTheNodeGrows() {
    boolean more = steps.grow(bench.nec, bench.known(), SUBNET);

    assertThat(more).isFalse();
    assertThat(bench.writes).hasSize(1).allMatch(write -> write.startsWith("POST "));
    assertThat(bench.operations.specs)
        .singleElement()
        .satisfies(
            spec -> {
              assertThat(bench.stored(spec.primaryIp())).isPresent();
              assertThat(spec.tags()).containsValue("uid-" + spec.primaryIp());
              assertThat(spec.name()).isEqualTo(NODE + "-" + spec.primaryIp());
            });
  }

  @Test
  void shouldNotLookForAnEniOfItsOwnWhenTheAddressWasRecordedAMomentAgo() {
    steps.grow(bench.nec, bench.known(), SUBNET);

    assertThat(bench.operations.asked).singleElement().asString().doesNotContain("may be there");
  }

  @Test
  void shouldLookForAnEniWhenAnEarlierProcessMayHaveMadeIt() {
    var vip = bench.record(ADDRESS);

    perform(new Step.Begin(OPEN), bench.known(vip));

    assertThat(bench.operations.asked)
        .containsExactly("create " + ADDRESS + ", which may be there");
  }

  @Test
  void shouldMakeTheEniWithTheGroupsOfTheRecordOrTheConfiguredOnesAndWithNoneWhenSwitchedOff() {
    var vip = bench.record(ADDRESS);
    var configured = List.of("sg-7", "sg-8");

    begin(vip, new SecurityGroupSettings(false, configured));
    begin(vip, new SecurityGroupSettings(true, configured));
    bench.nec.setSpec(
        NodeENIConfigSpecBuilder.builder(bench.nec.getSpec()).securityGroups(List.of()).build());
    begin(vip, new SecurityGroupSettings(true, configured));

    assertThat(bench.operations.specs)
        .extracting(EniSpec::securityGroups)
        .containsExactly(List.of(), List.of("sg-1"), configured);
  }

  private void begin(VpcIP vip, SecurityGroupSettings groups) {
    bench.operations.creation = new CompletableFuture<>();
    bench.tasks.forget("uid-nec");
    bench.tasks.forget("uid-" + ADDRESS);
    var unused =
        bench
            .parts
            .pending(() -> groups)
            .perform(bench.nec, bench.known(vip), new Step.Begin(OPEN), changes);
  }

  @Test
  void shouldAttachTheEniThatIsThereWhenALookHasShownIt() {
    var vip = bench.record(ADDRESS);

    perform(new Step.Begin(OPEN), bench.ours(ENI, vip));

    assertThat(bench.operations.asked).containsExactly("attach eni-a to " + NodeBench.INSTANCE);
  }

  @Test
  void shouldNoteThatTheSubnetIsFullWhenItHasNoAddress() {
    while (bench.book.pick(SUBNET, "uid-other").isPresent()) {
      // All are for another node.
    }

    boolean more = steps.grow(bench.nec, bench.known(), SUBNET);

    assertThat(more).isTrue();
    assertThat(bench.parts.memory().isFull(SUBNET)).isTrue();
    assertThat(bench.operations.asked).isEmpty();
  }

  @Test
  void shouldWriteDownTheEniWhenItIsOnTheInstance() {
    var vip = bench.record(ADDRESS);

    perform(new Step.RecordBound(OPEN, ENI), bench.known(vip));

    assertThat(changes.bound()).containsExactly(ENI);
    assertThat(stored().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(stored().eniId()).isEqualTo("eni-a");
  }

  @Test
  void shouldWriteDownTheRefusalAndWaitWhenAQuotaIsUsedUp() {
    var vip = bench.record(ADDRESS);
    var cause = refused(CloudException.Kind.QUOTA);
    var problem = NodeProblems.eniLimit(cause.getMessage(), QuotaUse.UNKNOWN, 0);

    perform(new Step.Pause(OPEN, cause.getMessage(), problem), bench.failed(cause, vip));

    assertThat(stored().error()).isEqualTo(cause.getMessage());
    assertThat(bench.parts.memory().pause("uid-" + ADDRESS))
        .hasValueSatisfying(pause -> assertThat(pause.problem()).isEqualTo(problem));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(CloudException.Kind.QUOTA, NodeProblems.eniLimit("no", QuotaUse.UNKNOWN, 1)),
        Arguments.of(CloudException.Kind.QUOTA, NodeProblems.instanceFull("no", INSTANCE, 1)),
        Arguments.of(CloudException.Kind.DENIED, NodeProblems.denied("no")),
        Arguments.of(CloudException.Kind.NOT_FOUND, NodeProblems.eniFailed("no")));
  }

  /** All that {@code EniPolicy} says of a binding that is to be tried again. */
  @ParameterizedTest
  @MethodSource("refusals")
  void shouldSayOnTheRecordWhyTheEniIsNotThereWhateverTheReason(
      CloudException.Kind kind, Problem problem) {
    var vip = bench.record(ADDRESS);

    perform(new Step.Pause(OPEN, "no", problem), bench.failed(refused(kind), vip));

    assertThat(stored().conditions())
        .filteredOn(c -> c.type().equals(AddressConditions.ATTACHED.word()))
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.reason()).isEqualTo(problem.reason().word());
              assertThat(c.message()).isEqualTo(problem.message());
            });
  }

  @Test
  void shouldNotLookForAnEniAgainWhenTheCloudHasRefusedToMakeIt() {
    var vip = bench.record(ADDRESS);
    var cause = refused(CloudException.Kind.QUOTA);
    var problem = NodeProblems.eniLimit(cause.getMessage(), QuotaUse.UNKNOWN, 0);

    perform(new Step.Pause(OPEN, cause.getMessage(), problem), bench.failed(cause, vip));
    perform(new Step.Begin(OPEN), bench.known(vip));

    assertThat(bench.operations.asked).containsExactly("create " + ADDRESS);
  }

  @Test
  void shouldMakeTheEniAnewWhenTheCloudDoesNotKnowTheOneThatWasMade() {
    var vip = bench.record(ADDRESS);
    bench.parts.memory().made("uid-" + ADDRESS, "eni-gone");
    var cause = refused(CloudException.Kind.NOT_FOUND);
    var problem = NodeProblems.eniFailed(cause.getMessage());

    perform(new Step.Pause(OPEN, cause.getMessage(), problem), bench.failed(cause, vip));
    perform(new Step.Begin(OPEN), bench.known(vip));

    assertThat(bench.operations.asked)
        .containsExactly("create " + ADDRESS + ", which may be there");
  }

  @Test
  void shouldLeaveTheAddressToItsStrangerWhenItIsTaken() {
    var vip = bench.record(ADDRESS);
    var problem = NodeProblems.addressTaken("taken");

    boolean more = perform(new Step.GiveUp(OPEN, true, problem), bench.known(vip));

    assertThat(more).isTrue();
    assertThat(bench.stored(ADDRESS)).isEmpty();
    assertThat(bench.book.isForeign(ADDRESS)).isTrue();
    assertThat(bench.events).containsExactly(problem.reason().word() + ": " + problem.message());
  }

  @Test
  void shouldTakeAnAddressOfAnotherSubnetWhenTheCloudCallsThisOneFull() {
    var vip = bench.record(ADDRESS);

    boolean more =
        perform(
            new Step.GiveUp(OPEN, false, NodeProblems.subnetFull("zone-1", List.of(SUBNET))),
            bench.known(vip));

    assertThat(more).isTrue();
    assertThat(bench.stored(ADDRESS)).isEmpty();
    assertThat(bench.book.isForeign(ADDRESS)).isFalse();
    assertThat(bench.parts.memory().isFull(SUBNET)).isTrue();
    assertThat(bench.events).isEmpty();
  }

  @Test
  void shouldKnowTheEniOfAnAddressWhenItHasAdoptedIt() {
    steps.adopt(bench.nec, ENI);

    assertThat(bench.stored(ADDRESS)).isPresent();
    assertThat(bench.parts.memory().made("uid-" + ADDRESS)).contains("eni-a");
  }

  @Test
  void shouldRecordAnEnisAddressAnewWhenItsRecordIsLost() {
    steps.recordAgain(bench.nec, bench.known(), ENI);

    assertThat(stored().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(stored().eniId()).isEqualTo("eni-a");
  }

  @Test
  void shouldLeaveARecordAloneWhenAnotherOwnerHasTheAddressOfAnEni() {
    bench.record(ADDRESS);
    bench.writes.clear();

    steps.recordAgain(bench.nec, bench.known(), ENI);

    assertThat(bench.writes).containsExactly("POST " + ADDRESS);
  }

  @Test
  void shouldCutTheNameOfTheNodeWhenTheEnisNameWouldBeTooLong() {
    assertThat(PendingEniSteps.eniName("n".repeat(80), "10.0.0.2"))
        .hasSize(60)
        .endsWith("-10.0.0.2");
  }

  private boolean perform(Step.OfPending step, Gathered known) {
    return steps.perform(bench.nec, known, step, changes);
  }

  private VpcIPStatus stored() {
    return bench.stored(ADDRESS).map(VpcIP::statusOrEmpty).orElseThrow();
  }

  private static CloudException refused(CloudException.Kind kind) {
    return new CloudException(kind, "creating an ENI", "Code", "no", "req-1", null);
  }
}
