package io.eniipamd.cloud.faults;

import static io.eniipamd.cloud.faults.Setting.BEHIND;
import static io.eniipamd.cloud.faults.Setting.DEAD_ADDRESS;
import static io.eniipamd.cloud.faults.Setting.ENCRYPTED;
import static io.eniipamd.cloud.faults.Setting.LONG_TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.testing.trust.JvmTrust;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each call to the cloud × each fault × each moment, each against a simulated VPC of its own. What
 * has to hold at the end of each is in {@link Rows} and {@link Case}.
 */
class FaultMatrixTest {

  /** They mostly wait; more of them would be late because of each other. */
  private static final int SIDE_BY_SIDE = Integer.getInteger("matrix.cases", 16);

  private static final Semaphore PLACES = new Semaphore(SIDE_BY_SIDE);

  /** Those of cases that do little but wait: the others do not wait for them. */
  private static final Semaphore PLACES_TO_WAIT = new Semaphore(SIDE_BY_SIDE);

  private static final boolean[] EITHER = {false, true};
  private static final boolean[] NEVER = {false};

  private static JvmTrust trust;

  /** Part of a row's name, to look at one alone. */
  private static final String ONLY = System.getProperty("matrix.row", "");

  /** The seed of a case, to play it alone. */
  private static final Optional<Long> ONE_CASE = Optional.ofNullable(Long.getLong("faults.case"));

  /** How often that case is played, side by side. */
  private static final int TIMES = Integer.getInteger("faults.times", 1);

  @BeforeAll
  static void trust() {
    trust = JvmTrust.in(Ground.CERTIFICATE);
  }

  @AfterAll
  static void trustNoMore() {
    trust.close();
  }

  @TestFactory
  Stream<DynamicNode> shouldEndWellWhenACallMeetsAFault() {
    if (ONE_CASE.isPresent()) {
      return timesOver(ONE_CASE.get());
    }
    Map<Row, List<Case>> matrix = new LinkedHashMap<>();
    Rows.all().stream()
        .filter(row -> row.name().contains(ONLY))
        .forEach(row -> matrix.put(row, casesOf(row)));
    Map<Case, CompletableFuture<Case.Decision>> running = new LinkedHashMap<>();
    matrix.values().forEach(cases -> cases.forEach(c -> running.put(c, start(c))));
    return matrix.entrySet().stream()
        .map(
            row ->
                DynamicContainer.dynamicContainer(
                    row.getKey().name(), tests(row.getValue(), running)));
  }

  private static Stream<DynamicNode> timesOver(long seed) {
    Case one =
        Rows.all().stream()
            .flatMap(row -> casesOf(row).stream())
            .filter(c -> c.seed() == seed)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("faults.case: no case " + seed));
    var running = IntStream.rangeClosed(1, TIMES).mapToObj(i -> start(one)).toList();
    return IntStream.rangeClosed(1, TIMES)
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    one.row() + ", " + one + ", time " + i, () -> end(running.get(i - 1))));
  }

  private static Stream<DynamicNode> tests(
      List<Case> cases, Map<Case, CompletableFuture<Case.Decision>> running) {
    Stream<DynamicNode> each =
        cases.stream().map(c -> DynamicTest.dynamicTest(c.toString(), () -> end(running.get(c))));
    // A later call need not come; where the first one did not, the row does not test what it says.
    DynamicNode met =
        DynamicTest.dynamicTest(
            "each first call was disturbed",
            () ->
                assertThat(cases.stream().filter(c -> c.nth() == 1))
                    .allMatch(c -> end(running.get(c)) == Case.Decision.DISTURBED));
    return Stream.concat(each, Stream.of(met));
  }

  private static List<Case> casesOf(Row row) {
    var cases = new ArrayList<Case>();
    for (String action : row.actions()) {
      var disturbances = new ArrayList<>(Disturbance.OF_ANY_CALL);
      if (!action.startsWith("Describe")) {
        disturbances.addAll(Disturbance.OF_CHANGES);
      }
      disturbances.removeIf(d -> !row.stands().test(d));
      for (Disturbance disturbance : disturbances) {
        for (int nth : new int[] {1, 2}) {
          for (boolean restart : row.restarts() ? EITHER : NEVER) {
            cases.add(new Case(row, action, disturbance, nth, restart, List.of()));
            cases.add(new Case(row, action, disturbance, nth, restart, List.of(BEHIND)));
          }
        }
      }
    }
    cases.replaceAll(withShare(ENCRYPTED, 17));
    // Some of them are encrypted too.
    cases.replaceAll(withShare(DEAD_ADDRESS, 19));
    cases.addAll(longTasks(row));
    return cases;
  }

  /**
   * Lets something be so in one case of so many.
   *
   * @param of an odd number: a disturbance has eight cases or four, and each has its turn
   */
  private static UnaryOperator<Case> withShare(Setting setting, int of) {
    var count = new AtomicInteger();
    return one -> count.incrementAndGet() % of == 0 ? one.with(setting) : one;
  }

  /** Each step that begins a task, where that takes longer than any caller waits for its end. */
  private static List<Case> longTasks(Row row) {
    var cases = new ArrayList<Case>();
    for (String action : row.tasks()) {
      cases.add(new Case(row, action, Disturbance.NONE, 1, false, List.of(LONG_TASKS)));
      cases.add(
          new Case(row, action, Disturbance.CUT_AFTER, 1, false, List.of(BEHIND, LONG_TASKS)));
      if (row.restarts()) {
        cases.add(new Case(row, action, Disturbance.NONE, 1, true, List.of(BEHIND, LONG_TASKS)));
      }
    }
    return cases;
  }

  private static CompletableFuture<Case.Decision> start(Case one) {
    return CompletableFuture.supplyAsync(
        () -> {
          Semaphore places = one.settings().contains(LONG_TASKS) ? PLACES_TO_WAIT : PLACES;
          places.acquireUninterruptibly();
          try {
            return one.play();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
          } finally {
            places.release();
          }
        },
        Thread::startVirtualThread);
  }

  private static Case.Decision end(CompletableFuture<Case.Decision> running) {
    try {
      return running.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof AssertionError failed) {
        throw failed;
      }
      throw e;
    }
  }
}
