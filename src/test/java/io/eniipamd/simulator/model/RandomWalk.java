package io.eniipamd.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Whatever is asked of the model, in whatever order, it does not contradict itself. */
public final class RandomWalk {
  private static final int STEPS = 400;
  private static final String SUBNET = "subnet-a";
  private static final String OTHER_SUBNET = "subnet-b";

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private RandomWalk() {}

  /**
   * Asks what the seed draws, and looks after each step; the same seed asks the same.
   *
   * @return how many steps it made
   */
  public static long play(long seed) {
    // given: small subnets, so that things collide
    SteppedClock clock = SteppedClock.at(START);
    VpcModel model = new VpcModel(layout(), clock, seed);
    VpcSnapshot before = model.snapshot();
    Random random = new Random(seed);
    int refused = 0;

    // when
    for (int i = 0; i < STEPS; i++) {
      Ticket ticket = new Ticket("task-" + i, fate(random));
      try {
        model.locked(() -> step(model, random, ticket));
      } catch (Refusal refusal) {
        refused++;
      }
      clock.advance(Duration.ofMillis(random.nextInt(60)));
      model.snapshot();
    }

    // then: nothing is lost either, all can be cleaned up
    assertThat(refused).isLessThan(STEPS);
    model.releaseHangingTasks();
    settle(model, clock);
    tearDown(model, clock);
    assertThat(model.snapshot().secondaryEnis()).isEmpty();
    assertThat(model.snapshot().subnets()).isEqualTo(before.subnets());
    return STEPS;
  }

  private static void step(VpcModel model, Random random, Ticket ticket) {
    List<EniView> enis = model.enis();
    EniView eni = enis.get(random.nextInt(enis.size()));
    EniView other = enis.get(random.nextInt(enis.size()));
    String machine = "ins-" + (1 + random.nextInt(3));
    switch (random.nextInt(11)) {
      case 0 -> model.eniLife().create(ticket, order(model, random, Optional.empty()));
      case 1 -> model.eniLife().create(ticket, order(model, random, Optional.of(machine)));
      case 2 -> model.eniLife().attach(ticket, eni.id(), machine, 0);
      case 3 -> model.eniLife().detach(ticket, eni.id(), eni.instanceId().orElse(machine));
      case 4 -> model.eniLife().delete(ticket, eni.id());
      case 5, 6 ->
          model.addressLife().assign(ticket, eni.id(), List.of(ip(random)), random.nextInt(2));
      case 7 -> model.addressLife().unassign(ticket, eni.id(), List.of(someOf(eni, random)));
      case 8 -> model.addressLife().migrate(ticket, eni.id(), other.id(), someOf(eni, random));
      case 9 ->
          model.eniLife().migrate(ticket, eni.id(), eni.instanceId().orElse(machine), machine, 0);
      default ->
          model
              .addressLife()
              .unassign(ticket, eni.id(), List.of(someOf(eni, random)), eni.instanceId());
    }
  }

  private static EniOrder order(VpcModel model, Random random, Optional<String> machine) {
    return new EniOrder(
        model.vpcId(),
        random.nextBoolean() ? SUBNET : OTHER_SUBNET,
        "eni",
        "",
        List.of(),
        Map.of(),
        random.nextBoolean() ? Optional.of(ip(random)) : Optional.empty(),
        List.of(),
        random.nextInt(3),
        "DEFAULT",
        machine,
        0,
        model.now());
  }

  private static Ipv4 ip(Random random) {
    return Ipv4.of("10.0." + random.nextInt(2) + "." + random.nextInt(32));
  }

  private static Ipv4 someOf(EniView eni, Random random) {
    return eni.addresses().get(random.nextInt(eni.addresses().size())).ip();
  }

  private static TaskFate fate(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> TaskFate.FAILS;
      case 1 -> random.nextInt(5) == 0 ? TaskFate.HANGS : TaskFate.SUCCEEDS;
      default -> TaskFate.SUCCEEDS;
    };
  }

  private static void tearDown(VpcModel model, SteppedClock clock) {
    for (EniView eni : model.snapshot().enis()) {
      List<Ipv4> secondary =
          eni.addresses().stream().filter(a -> !a.primary()).map(EniView.Address::ip).toList();
      Ticket ticket = new Ticket("rid-" + eni.id(), TaskFate.SUCCEEDS);
      model.locked(() -> model.addressLife().unassign(ticket, eni.id(), secondary));
      settle(model, clock);
    }
    for (EniView eni : model.snapshot().secondaryEnis()) {
      Ticket ticket = new Ticket("end-" + eni.id(), TaskFate.SUCCEEDS);
      eni.instanceId()
          .ifPresent(id -> model.locked(() -> model.eniLife().detach(ticket, eni.id(), id)));
      settle(model, clock);
      model.locked(() -> model.eniLife().delete(ticket, eni.id()));
      settle(model, clock);
    }
  }

  private static void settle(VpcModel model, SteppedClock clock) {
    clock.advance(Duration.ofMinutes(1));
    assertThat(model.runningTasks()).isZero();
  }

  private static VpcLayout layout() {
    return VpcLayout.standard()
        .withSubnets(
            List.of(
                new VpcLayout.Subnet(SUBNET, "a", "10.0.0.0/27", "zone-1"),
                new VpcLayout.Subnet(OTHER_SUBNET, "b", "10.0.1.0/27", "zone-2")))
        .withInstances(
            List.of(
                VpcLayout.machine("ins-1", "zone-1", SUBNET),
                VpcLayout.machine("ins-2", "zone-1", SUBNET),
                VpcLayout.machine("ins-3", "zone-2", OTHER_SUBNET)));
  }
}
