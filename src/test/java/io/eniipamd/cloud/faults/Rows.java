package io.eniipamd.cloud.faults;

import static io.eniipamd.cloud.faults.Ground.OTHER_INSTANCE;
import static io.eniipamd.cloud.faults.Ground.SUBNET;
import static io.eniipamd.cloud.faults.Ground.ip;
import static io.eniipamd.cloud.faults.Ground.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.UsedAddresses;
import io.eniipamd.cloud.faults.Goal.Outcome;
import io.eniipamd.cloud.faults.Row.Scene;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.model.EniState;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.VpcSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All that is asked of the cloud. A call that is added to the port is a row that is added here. */
final class Rows {

  private static final String CREATE = "CreateNetworkInterface";
  private static final String ATTACH = "AttachNetworkInterface";
  private static final String DETACH = "DetachNetworkInterface";
  private static final String MODIFY = "ModifyNetworkInterfaceAttribute";
  private static final String DELETE = "DeleteNetworkInterface";
  private static final String ASSIGN = "AssignPrivateIpAddresses";
  private static final String UNASSIGN = "UnassignPrivateIpAddresses";
  private static final String MIGRATE = "MigratePrivateIpAddress";
  private static final String LOOK = "DescribeNetworkInterfaces";
  private static final String RESERVE = "CreateReserveIpAddresses";
  private static final String UNRESERVE = "DeleteReserveIpAddresses";
  private static final String USED = "DescribeVpcPrivateIpAddresses";

  /** The addresses of two batches. */
  private static final List<Ip> TWELVE = ips(100, 12);

  private static final Duration CURRENT = Duration.ofMillis(1);

  /** Well within what is remembered of what was just done. */
  private static final Duration FORMER = Duration.ofMillis(300);

  private Rows() {}

  static List<Row> all() {
    return List.of(
        new Row("create two ENIs", List.of(CREATE, LOOK), 2, Rows::create),
        new Row("attach two ENIs", List.of(ATTACH, LOOK), 2, Rows::attach),
        new Row("remove two ENIs", List.of(DETACH, DELETE, LOOK), 4, Rows::remove),
        new Row("give two ENIs other security groups", List.of(MODIFY, LOOK), 2, Rows::regroup),
        new Row("assign two batches", List.of(ASSIGN, LOOK), 3, Rows::assign),
        new Row(
            "assign where a stranger has one", List.of(ASSIGN, USED, LOOK), 5, Rows::assignTaken),
        new Row("assign while a stranger comes", List.of(ASSIGN, LOOK), 5, Rows::assignContested),
        new Row("assign more than fit", List.of(ASSIGN, LOOK), 10, Rows::assignTooMany),
        // Of a batch that is gone in part each address may get an answer of its own.
        new Row("unassign two batches", List.of(UNASSIGN, LOOK), 3 + 13, Rows::unassign),
        new Row("unassign where one is gone", List.of(UNASSIGN, LOOK), 3 + 12, Rows::unassignGone),
        new Row("migrate two addresses", List.of(MIGRATE, LOOK), 2, Rows::migrate),
        new Row("migrate what is nowhere", List.of(MIGRATE, LOOK), 1, Rows::migrateNothing),
        // Without late effects: what was given up before it was there is there in the end.
        new Row(
            "take back what was just assigned",
            List.of(ASSIGN),
            // A removal is asked for again for as long as the assign's task runs.
            2 + 24,
            Rows::takeBack,
            d -> !d.takesEffectLate(),
            true),
        // Without late effects: a call that was given up, was repeated and then takes effect when
        // the address has gone on already looks to the cloud like another caller's latest request.
        new Row(
            "send one address around",
            List.of(ASSIGN, UNASSIGN, MIGRATE, LOOK),
            5,
            Rows::roundTrip,
            d -> !d.takesEffectLate(),
            true),
        // Without restarts: what outweighs such a read is what this process remembers. Without
        // tasks
        // that end otherwise: what was accepted, and is shown as it was once before, counts as
        // done.
        new Row(
            "meet reads that go back in time",
            List.of(ASSIGN, UNASSIGN, MIGRATE),
            7,
            Rows::backInTime,
            d -> !d.takesEffectLate() && !d.endsOtherwise(),
            false),
        // What is reserved is so at once: there is no task that could end otherwise.
        new Row(
            "reserve two addresses",
            List.of(RESERVE),
            2,
            Rows::reserve,
            d -> !d.endsOtherwise(),
            true),
        new Row(
            "end two reservations",
            List.of(UNRESERVE),
            // A removal goes out without a look before it: an outage meets nothing but these.
            2 + 2,
            Rows::unreserve,
            d -> !d.endsOtherwise(),
            true),
        new Row(
            "assign what is reserved, where an assign takes it",
            List.of(ASSIGN, LOOK),
            2,
            ground -> assignReserved(ground, true)),
        new Row(
            "assign what is reserved, where an assign does not take it",
            List.of(ASSIGN, LOOK),
            8,
            ground -> assignReserved(ground, false)),
        read(
            "read subnets",
            "DescribeSubnets",
            g -> g.cloud().subnets(List.of(SUBNET)).all().size(),
            1),
        read(
            "read the limits",
            "DescribeNetworkInterfaceLimit",
            g -> g.cloud().eniLimits(Ground.INSTANCE).enis(),
            4),
        read(
            "read instances",
            "DescribeInstances",
            g -> g.cloud().instances(List.of(Ground.INSTANCE, "ins-nobody")).all().size(),
            1),
        read(
            "read ENIs by machine", LOOK, g -> ids(g, new EniQuery.ByInstance(Ground.INSTANCE)), 1),
        read(
            "read ENIs by tags",
            LOOK,
            g -> ids(g, new EniQuery.ByTags(Map.of("record", "record-50"))),
            1),
        read("read ENIs by address", LOOK, g -> ids(g, new EniQuery.ByAddress(ip(50))), 1),
        read(
            "read who has addresses",
            USED,
            g -> g.cloud().usedAddresses(List.of(ip(50), ip(51))),
            List.of(ip(50))),
        read(
            "read which addresses are used",
            "DescribeUsedIpAddress",
            g ->
                g.cloud()
                    .usedAddressesIn(SUBNET, 0)
                    .map(UsedAddresses::addresses)
                    .map(used -> used.contains(ip(50)) && !used.contains(ip(51))),
            new Answer.Known<>(true)));
  }

  private static int ids(Ground ground, EniQuery query) {
    return ground.cloud().networkInterfaces(query).all().size();
  }

  private static Scene create(Ground ground) {
    return atOnce(
        Stream.of(50, 60)
            .map(n -> new Goal("ENI of " + n, (g, again) -> g.operations().create(spec(n), again)))
            .toList(),
        (vpc, outcomes) -> {
          assertThat(vpc.secondaryEnis()).hasSize(2);
          assertThat(primaries(vpc)).containsExactlyInAnyOrder("10.0.0.50", "10.0.0.60");
          assertNothingElse(vpc, Map.of());
        });
  }

  private static Scene attach(Ground ground) {
    String first = ground.given(50);
    String second = ground.given(60);
    return atOnce(
        List.of(attachment(first, Ground.INSTANCE), attachment(second, OTHER_INSTANCE)),
        (vpc, outcomes) -> {
          assertThat(vpc.secondaryEnis()).hasSize(2);
          assertThat(vpc.enisOn(Ground.INSTANCE)).extracting(EniView::id).containsExactly(first);
          assertThat(vpc.enisOn(OTHER_INSTANCE)).extracting(EniView::id).containsExactly(second);
        });
  }

  private static Goal attachment(String eniId, String instanceId) {
    return new Goal(
        eniId + " on " + instanceId,
        (g, again) ->
            g.operations().attach(eniId, instanceId, AttachMode.STANDARD, "attach-" + eniId));
  }

  private static Scene remove(Ground ground) {
    String first = ground.givenOn(50, Ground.INSTANCE);
    String second = ground.givenOn(60, OTHER_INSTANCE);
    String kept = ground.givenOn(70, Ground.INSTANCE);
    return atOnce(
        Stream.of(first, second)
            .map(id -> new Goal(id + " gone", (g, again) -> g.operations().remove(id, _ -> true)))
            .toList(),
        (vpc, outcomes) ->
            assertThat(vpc.secondaryEnis()).extracting(EniView::id).containsExactly(kept));
  }

  private static Scene regroup(Ground ground) {
    String first = ground.given(50);
    String second = ground.given(60);
    var groups = List.of("sg-web", "sg-db");
    return atOnce(
        Stream.of(first, second)
            .map(
                id ->
                    new Goal(
                        "the groups of " + id,
                        (g, again) -> g.operations().setSecurityGroups(id, groups, _ -> true)))
            .toList(),
        (vpc, outcomes) ->
            assertThat(vpc.secondaryEnis())
                .hasSize(2)
                .allMatch(eni -> eni.securityGroups().equals(groups)));
  }

  private static Scene assign(Ground ground) {
    String eniId = ground.given(50);
    String other = ground.given(60);
    var goals = new ArrayList<>(assignments(eniId, TWELVE));
    goals.add(assignment(other, ip(120)));
    return atOnce(
        goals,
        (vpc, outcomes) -> {
          assertThat(outcomes.values()).allMatch(Outcome.Reached.class::isInstance);
          assertNothingElse(vpc, Map.of(eniId, TWELVE, other, List.of(ip(120))));
        });
  }

  private static Scene assignTaken(Ground ground) {
    String eniId = ground.given(50);
    Ip taken = ip(104);
    ground.vpc().addStranger(taken.toString());
    return atOnce(
        assignments(eniId, TWELVE),
        (vpc, outcomes) -> {
          assertTakenOnly(outcomes, eniId, taken);
          assertNothingElse(vpc, Map.of(eniId, without(TWELVE, taken)));
        });
  }

  /**
   * As soon as the first call is over, perhaps without any effect, another user takes an address.
   */
  private static Scene assignContested(Ground ground) {
    String eniId = ground.given(50);
    Ip contested = ip(104);
    var came = new AtomicBoolean();
    ground
        .vpc()
        .record()
        .listen(
            call -> {
              boolean free = ground.vpc().holderOf(contested.toString()).isEmpty();
              if (call.action().equals(ASSIGN) && free && came.compareAndSet(false, true)) {
                ground.vpc().addStranger(contested.toString());
              }
            });
    return atOnce(
        assignments(eniId, TWELVE),
        (vpc, outcomes) -> {
          boolean lost = !vpc.strangers().isEmpty();
          if (lost) {
            assertTakenOnly(outcomes, eniId, contested);
          } else {
            assertThat(outcomes.values()).allMatch(Outcome.Reached.class::isInstance);
          }
          assertNothingElse(vpc, Map.of(eniId, lost ? without(TWELVE, contested) : TWELVE));
        });
  }

  private static void assertTakenOnly(Map<String, Outcome> outcomes, String eniId, Ip taken) {
    outcomes.forEach(
        (goal, outcome) -> {
          if (goal.equals(assignment(eniId, taken).name())) {
            assertThat(outcome)
                .as(goal)
                .isInstanceOfSatisfying(
                    Outcome.Refused.class,
                    refused -> assertThat(refused.why().kind()).isEqualTo(Kind.ADDRESS_TAKEN));
          } else {
            assertThat(outcome).as(goal).isInstanceOf(Outcome.Reached.class);
          }
        });
  }

  private static Scene reserve(Ground ground) {
    return atOnce(
        Stream.of(100, 101)
            .map(
                n ->
                    new Goal(
                        ip(n) + " reserved",
                        (g, again) -> known(g.reservations().reserve(SUBNET, ip(n)))))
            .toList(),
        (vpc, outcomes) -> {
          assertThat(vpc.reservations())
              .extracting(r -> r.ip().toString())
              .containsExactlyInAnyOrder("10.0.0.100", "10.0.0.101");
          assertNothingElse(vpc, Map.of());
        });
  }

  private static Scene unreserve(Ground ground) {
    ground.givenReserved(ips(100, 3));
    return atOnce(
        Stream.of(100, 101)
            .map(
                n ->
                    new Goal(
                        ip(n) + " not reserved",
                        (g, again) -> known(g.reservations().unreserve(ip(n), () -> true))))
            .toList(),
        (vpc, outcomes) ->
            assertThat(vpc.reservations())
                .extracting(r -> r.ip().toString())
                .containsExactly("10.0.0.102"));
  }

  private static Scene assignReserved(Ground ground, boolean assignTakesReserved) {
    ground.vpc().settings().setAssignTakesReserved(assignTakesReserved);
    String eniId = ground.given(50);
    ground.givenReserved(ips(100, 2));
    return atOnce(
        Stream.of(100, 101)
            .map(
                n ->
                    new Goal(
                        ip(n) + " on " + eniId,
                        (g, again) -> g.reservations().assignReserved(eniId, ip(n), again)))
            .toList(),
        (vpc, outcomes) -> {
          assertThat(outcomes.values()).allMatch(Outcome.Reached.class::isInstance);
          assertNothingElse(vpc, Map.of(eniId, ips(100, 2)));
        });
  }

  /** What may not be asked is asked again, as with any other call that is denied. */
  private static <T> CompletionStage<T> known(CompletionStage<Answer<T>> answer) {
    return answer.thenApply(
        a ->
            switch (a) {
              case Answer.Known<T>(T value) -> value;
              case Answer.Unknown<T>(String reason) ->
                  throw new CloudException(Kind.DENIED, reason, null, "unknown", null, null);
            });
  }

  private static Scene assignTooMany(Ground ground) {
    String eniId = ground.given(50);
    // Its own address and five more.
    ground.vpc().settings().setAddressesPerUnattachedEni(6);
    var eight = ips(100, 8);
    return atOnce(
        assignments(eniId, eight),
        (vpc, outcomes) -> {
          var reached =
              eight.stream()
                  .filter(
                      ip -> outcomes.get(assignment(eniId, ip).name()) instanceof Outcome.Reached)
                  .toList();
          assertThat(reached).hasSizeBetween(1, 5);
          assertNothingElse(vpc, Map.of(eniId, reached));
        });
  }

  private static Scene unassign(Ground ground) {
    String eniId = ground.given(50);
    String other = ground.given(60);
    ground.given(eniId, Stream.concat(TWELVE.stream(), Stream.of(ip(130))).toList());
    ground.given(other, List.of(ip(120), ip(121)));
    var goals = new ArrayList<>(removals(eniId, TWELVE));
    goals.add(removal(other, ip(120)));
    return atOnce(
        goals,
        (vpc, outcomes) ->
            assertNothingElse(vpc, Map.of(eniId, List.of(ip(130)), other, List.of(ip(121)))));
  }

  private static Scene unassignGone(Ground ground) {
    String eniId = ground.given(50);
    ground.given(eniId, without(TWELVE, ip(104)));
    return atOnce(removals(eniId, TWELVE), (vpc, outcomes) -> assertNothingElse(vpc, Map.of()));
  }

  private static Scene migrate(Ground ground) {
    String from = ground.given(50);
    String to = ground.given(60);
    ground.given(from, ips(100, 3));
    return atOnce(
        Stream.of(100, 101).map(n -> migration(from, to, ip(n))).toList(),
        (vpc, outcomes) ->
            assertNothingElse(vpc, Map.of(from, List.of(ip(102)), to, List.of(ip(100), ip(101)))));
  }

  private static Scene migrateNothing(Ground ground) {
    String from = ground.given(50);
    String to = ground.given(60);
    return atOnce(
        List.of(migration(from, to, ip(100))),
        (vpc, outcomes) -> {
          assertThat(outcomes.values())
              .allSatisfy(
                  outcome ->
                      assertThat(outcome)
                          .isInstanceOfSatisfying(
                              Outcome.Refused.class,
                              refused ->
                                  assertThat(refused.why().kind()).isEqualTo(Kind.NOT_FOUND)));
          assertNothingElse(vpc, Map.of());
        });
  }

  /** One after the other, so that a read that lags contradicts what was just done. */
  private static Scene roundTrip(Ground ground) {
    String first = ground.given(50);
    String second = ground.given(60);
    Ip ip = ip(100);
    return new Scene(
        List.of(
            List.of(
                named("1 ", assignment(first, ip)),
                named("2 ", removal(first, ip)),
                named("3 ", assignment(second, ip)),
                named("4 ", migration(second, first, ip)),
                named("5 ", migration(first, second, ip)))),
        (vpc, outcomes) -> {
          assertThat(outcomes.values()).allMatch(Outcome.Reached.class::isInstance);
          assertNothingElse(vpc, Map.of(second, List.of(ip)));
        });
  }

  /** The process that asked for it has gone before it was there, perhaps with his process. */
  private static Scene takeBack(Ground ground) {
    String eniId = ground.given(50);
    return new Scene(
        List.of(List.of(once(assignment(eniId, ip(100))), removal(eniId, ip(100)))),
        (vpc, outcomes) -> {
          assertThat(outcomes.values()).allMatch(Outcome.Reached.class::isInstance);
          assertNothingElse(vpc, Map.of());
        });
  }

  /** Asked for once, however that ends. */
  private static Goal once(Goal goal) {
    return new Goal(
        goal.name(), (g, again) -> goal.ask().once(g, again).handle((done, failure) -> "asked"));
  }

  /** What one look has shown the next one hides, as where several answer for the cloud. */
  private static Scene backInTime(Ground ground) {
    String first = ground.given(50);
    String second = ground.given(60);
    Ip x = ip(100);
    Ip y = ip(101);
    // From now on the past is kept.
    ground.vpc().settings().setReadsBehind(CURRENT);
    return new Scene(
        List.of(
            List.of(
                seen(CURRENT, "1 ", assignment(first, x)),
                seen(CURRENT, "2 ", removal(first, x)),
                seen(FORMER, "3 ", again(assignment(first, x))),
                seen(CURRENT, "4 ", assignment(first, y)),
                seen(FORMER, "5 ", removal(first, y)),
                seen(CURRENT, "6 ", migration(first, second, x)),
                seen(FORMER, "7 ", migration(second, first, x)))),
        (vpc, outcomes) -> {
          assertThat(outcomes.values()).allMatch(Outcome.Reached.class::isInstance);
          assertNothingElse(vpc, Map.of(first, List.of(x)));
        });
  }

  /** Asked for while looks at ENIs are that far behind. */
  private static Goal seen(Duration behind, String prefix, Goal goal) {
    return new Goal(
        prefix + goal.name(),
        (g, again) -> {
          g.vpc().settings().setReadsBehind(behind);
          return goal.ask().once(g, again);
        });
  }

  /** Asked for by a process that does not know whether it has before. */
  private static Goal again(Goal goal) {
    return new Goal(goal.name(), (g, again) -> goal.ask().once(g, true));
  }

  private static Goal named(String prefix, Goal goal) {
    return new Goal(prefix + goal.name(), goal.ask());
  }

  private static Row read(String name, String action, Goal.ReadOnce read, Object expected) {
    Function<Ground, Scene> scene =
        ground -> {
          String eniId = ground.givenOn(50, Ground.INSTANCE);
          return new Scene(
              List.of(
                  List.of(
                      Goal.read(name, () -> expected, read),
                      Goal.read(name + " again", () -> expected, read))),
              (vpc, outcomes) ->
                  assertThat(vpc.enisOn(Ground.INSTANCE))
                      .extracting(EniView::id)
                      .containsExactly(eniId));
        };
    return new Row(name, List.of(action), 0, scene);
  }

  private static Scene atOnce(List<Goal> goals, Row.End end) {
    return new Scene(goals.stream().map(List::of).toList(), end);
  }

  private static List<Goal> assignments(String eniId, List<Ip> some) {
    return some.stream().map(ip -> assignment(eniId, ip)).toList();
  }

  private static Goal assignment(String eniId, Ip ip) {
    return new Goal(ip + " on " + eniId, (g, again) -> g.operations().assign(eniId, ip, again));
  }

  private static List<Goal> removals(String eniId, List<Ip> some) {
    return some.stream().map(ip -> removal(eniId, ip)).toList();
  }

  private static Goal removal(String eniId, Ip ip) {
    return new Goal(
        ip + " off " + eniId, (g, again) -> g.operations().unassign(eniId, ip, () -> true));
  }

  private static Goal migration(String from, String to, Ip ip) {
    return new Goal(
        ip + " from " + from + " to " + to, (g, again) -> g.operations().migrate(from, to, ip));
  }

  /** Nothing leaked, nothing lost, and nothing half done. */
  private static void assertNothingElse(VpcSnapshot vpc, Map<String, List<Ip>> expected) {
    var there = new TreeMap<String, Set<String>>();
    for (EniView eni : vpc.secondaryEnis()) {
      assertThat(eni.state()).as(eni.id()).isEqualTo(EniState.AVAILABLE);
      var secondary =
          eni.addresses().stream()
              .filter(a -> !a.primary())
              .map(a -> a.ip().toString())
              .collect(Collectors.toSet());
      if (!secondary.isEmpty()) {
        there.put(eni.id(), secondary);
      }
    }
    var wanted = new TreeMap<String, Set<String>>();
    expected.forEach(
        (eni, some) ->
            wanted.put(eni, some.stream().map(Ip::toString).collect(Collectors.toSet())));
    assertThat(there).isEqualTo(wanted);
  }

  private static List<String> primaries(VpcSnapshot vpc) {
    return vpc.secondaryEnis().stream()
        .flatMap(eni -> eni.addresses().stream())
        .filter(EniView.Address::primary)
        .map(a -> a.ip().toString())
        .toList();
  }

  private static List<Ip> ips(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(Ground::ip).toList();
  }

  private static List<Ip> without(List<Ip> some, Ip one) {
    return some.stream().filter(ip -> !ip.equals(one)).toList();
  }
}
