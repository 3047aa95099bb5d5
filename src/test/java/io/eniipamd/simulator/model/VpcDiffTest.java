package io.eniipamd.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.layout.VpcLayout.Latencies;
import io.eniipamd.simulator.model.VpcDiff.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class VpcDiffTest {
  private static final String SUBNET = "subnet-gz3pods1";
  private static final Ipv4 IP = Ipv4.of("10.0.0.77");

  private final VpcModel model =
      new VpcModel(VpcLayout.standard().withLatencies(Latencies.none()), Clock.systemUTC(), 1);
  private final VpcSnapshot start = model.snapshot();
  private int requests;

  @Test
  void shouldBeEmptyWhenNothingDiffers() {
    assertThat(VpcDiff.between(start, model.snapshot()).isEmpty()).isTrue();
    assertThat(VpcDiff.between(start, model.snapshot())).hasToString("nothing differs");
  }

  @Test
  void shouldSayWhatIsLeakedOrLostWhenSomethingCameOrWent() {
    // given
    String eni = create("a");
    VpcSnapshot between = model.snapshot();

    // when
    assign(eni, IP);

    // then
    assertThat(VpcDiff.between(between, model.snapshot()).differences())
        .containsExactly(new VpcDiff.Difference(Kind.LEAKED, IP + ", held by " + eni));
    assertThat(VpcDiff.between(model.snapshot(), between).differences())
        .containsExactly(new VpcDiff.Difference(Kind.LOST, IP + ", was held by " + eni));
    assertThat(VpcDiff.between(start, between).of(Kind.LEAKED))
        .anySatisfy(what -> assertThat(what).contains(eni, "(a)", "on no machine", "{c=1}"));
  }

  @Test
  void shouldSayFromWhereToWhereWhenAnAddressMoved() {
    // given
    String from = create("a");
    String to = create("b");
    assign(from, IP);
    VpcSnapshot before = model.snapshot();

    // when
    model.locked(() -> model.addressLife().migrate(ticket(), from, to, IP));

    // then
    assertThat(VpcDiff.between(before, model.snapshot()).differences())
        .containsExactly(new VpcDiff.Difference(Kind.MOVED, IP + " from " + from + " to " + to));
  }

  @Test
  void shouldSayWhatIsDoubledWhenAnEniWasMadeTwice() {
    String first = create("a");
    VpcSnapshot before = model.snapshot();

    String second = create("a");

    assertThat(VpcDiff.between(before, model.snapshot()).of(Kind.DOUBLED))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("the ENI a is ")
        .contains(first, second);
    assertThat(VpcDiff.between(model.snapshot(), model.snapshot()).isEmpty()).isTrue();
  }

  @Test
  void shouldSayWhatIsDoubledWhenAStateHasAnAddressTwice() {
    // given: a state that no call made, as a file may contain it
    String eni = create("a");
    assign(eni, IP);
    VpcSnapshot real = model.snapshot();
    List<VpcSnapshot.StrangerView> strangers = new ArrayList<>(real.strangers());
    strangers.add(new VpcSnapshot.StrangerView(IP, "lb"));

    // when
    VpcDiff diff =
        VpcDiff.between(
            real, new VpcSnapshot(real.subnets(), real.enis(), real.reservations(), strangers));

    // then
    assertThat(diff.differences().getFirst())
        .hasToString("doubled  " + IP + " is held by " + eni + " and the stranger lb");
  }

  @Test
  void shouldSayWhatChangedWhenAnEniIsAttached() {
    String eni = create("a");
    VpcSnapshot before = model.snapshot();

    model.locked(() -> model.eniLife().attach(ticket(), eni, "ins-node0001", 0));

    assertThat(VpcDiff.between(before, model.snapshot()).differences())
        .containsExactly(
            new VpcDiff.Difference(Kind.CHANGED, eni + " its machine: none to ins-node0001"));
  }

  @Test
  void shouldNameTheReservationOnceWhenItIsOnAnEni() {
    // given
    model.locked(
        () ->
            model
                .reservations()
                .create(model.vpcId(), Optional.of(SUBNET), List.of(IP), 0, "r", "", Map.of()));
    String eni = create("a");
    VpcSnapshot before = model.snapshot();

    // when
    assign(eni, IP);

    // then
    assertThat(VpcDiff.between(before, model.snapshot()).differences())
        .extracting(VpcDiff.Difference::kind)
        .containsExactly(Kind.MOVED, Kind.CHANGED);
  }

  private String create(String name) {
    return model
        .locked(
            () ->
                model
                    .eniLife()
                    .create(
                        ticket(),
                        new EniOrder(
                            model.vpcId(),
                            SUBNET,
                            name,
                            "",
                            List.of(),
                            Map.of("c", "1"),
                            Optional.empty(),
                            List.of(),
                            0,
                            "DEFAULT",
                            Optional.empty(),
                            0,
                            model.now())))
        .id();
  }

  private void assign(String eni, Ipv4 ip) {
    model.locked(
        () -> {
          model.addressLife().assign(ticket(), eni, List.of(ip), 0);
        });
  }

  private Ticket ticket() {
    return new Ticket("request-" + requests++, TaskFate.SUCCEEDS);
  }
}
