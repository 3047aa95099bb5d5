package io.eniipamd.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.property.stage.ClaimWitness;
import io.eniipamd.property.stage.Conductor;
import io.eniipamd.property.stage.Life;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * The invariants on a real control plane: waves of namespaces live random lives side by side, while
 * the operator is killed and restarted, its flags change, clocks are off and calls are lost. At the
 * end of a wave the problems end, everything settles and has to fit together, and then all of it
 * has to go without a trace.
 *
 * <p>The seed is fixed; {@code -Dlives.seed=…} draws others. The same seed draws the same actions
 * (not the same moments, which are the machines'), {@code -Dlives.sideBySide=…} has more lives in a
 * wave (the nodes have room for twenty).
 */
class RandomLivesIT {
  private static final int WAVES = 3;
  private static final int SIDE_BY_SIDE = Integer.getInteger("lives.sideBySide", 12);
  private static final int ACTIONS_OF_A_LIFE = 12;
  private static final int ACTIONS_ON_ALL = 8;
  private static final long SEED = Long.getLong("lives.seed", 743_736);
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");

  private static Stage stage;
  private static CountingProxy proxy;
  private static ClaimWitness witness;
  private static Conductor conductor;

  @BeforeAll
  static void open() {
    System.out.println("Random lives: -Dlives.seed=" + SEED);
    stage = Stage.set("lives", Conductor.layout());
    proxy = CountingProxy.start(stage.plane().url());
    stage.throughApiServerAt(proxy.url());
    witness = ClaimWitness.of(stage.client());
    conductor = new Conductor(stage, proxy, witness);
    for (int i = 0; i < NODES.size(); i++) {
      stage.join(NODES.get(i), stage.vpc().layout().instances().get(i).id());
    }
    Scene.awaitNodes(stage, NODES.toArray(String[]::new));
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      witness.close();
      stage.close();
      proxy.close();
    }
  }

  /** A wave that fails leaves its ruins to be read: there is none after it. */
  @RepeatedTest(value = WAVES, failureThreshold = 1)
  void shouldKeepEveryInvariantWhateverHappens(RepetitionInfo wave) throws Exception {
    // So far apart that no two lives are drawn from one seed.
    long seed = SEED * 10_000 + wave.getCurrentRepetition() * 1_000L;
    var onAll = drawn(seed, Conductor::plays, ACTIONS_ON_ALL);
    var lives =
        IntStream.rangeClosed(1, SIDE_BY_SIDE)
            .mapToObj(i -> new Life(stage, conductor, witness, life(seed + i), NODES))
            .toList();
    try {
      play(lives, onAll);
      int played = lives.stream().mapToInt(Life::done).sum();
      System.out.printf(
          "Random lives, wave %d: %d actions applied, and to all %s%n",
          wave.getCurrentRepetition(), played, onAll);
      conductor.endProblems();
      lives.forEach(Life::awaitRest);
      verify();
      assertThat(lives).flatExtracting(Life::misplaced).as("Pods away from their ENIs").isEmpty();
      lives.forEach(Life::end);
      lives.forEach(Life::awaitEnd);
      awaitNoTrace();
      verify();
    } catch (AssertionError | RuntimeException | ExecutionException e) {
      throw new AssertionError(account(lives, e), e);
    }
    conductor.beginAnew();
  }

  // --------------------------------------------------------------------------------------- drawing

  /** It begins with something that can be lost. */
  private static List<Action> life(long seed) {
    var all = new ArrayList<Action>();
    all.addAll(drawn(seed, Action.Deploy.class::isInstance, 1));
    all.addAll(drawn(seed, Action.CreatePod.class::isInstance, 1));
    all.addAll(drawn(seed, Life::plays, ACTIONS_OF_A_LIFE));
    return all;
  }

  /** So many actions of a kind; the work that comes between them is not counted. */
  private static List<Action> drawn(long seed, Predicate<Action> kind, int count) {
    var actions = new ArrayList<Action>();
    JqwikSession.run(
        () -> {
          var counted = new AtomicInteger();
          Moves.drawn(Moves.withFaults(), seed)
              .filter(kind)
              .takeWhile(a -> a instanceof Action.Work || counted.incrementAndGet() <= count)
              .forEach(actions::add);
        });
    return actions;
  }

  // --------------------------------------------------------------------------------------- playing

  /** All at once; what concerns all comes at even distances on their way. */
  private static void play(List<Life> lives, List<Action> onAll)
      throws ExecutionException, InterruptedException {
    int way = lives.stream().mapToInt(l -> l.actions().size()).sum();
    var gone = new AtomicInteger();
    try (var events = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ways = new ArrayList<>();
      lives.forEach(l -> ways.add(events.submit(() -> l.live(gone::incrementAndGet))));
      for (int i = 0; i < onAll.size(); i++) {
        int place = way * (i + 1) / (onAll.size() + 1);
        await()
            .atMost(Duration.ofMinutes(3))
            .until(() -> gone.get() >= place || ways.stream().allMatch(Future::isDone));
        conductor.play(onAll.get(i));
      }
      for (var one : ways) {
        one.get();
      }
    }
  }

  private static void verify() {
    Scene.awaitSound(stage);
    assertThat(witness.broken()).as("what claims must not do").isEmpty();
    assertThat(stage.kubelets().violations()).as("what nodes must not see").isEmpty();
    var inUse = stage.kubelets().addressesInUse().values();
    assertThat(new HashSet<>(inUse)).as("addresses in use: %s", inUse).hasSameSizeAs(inUse);
  }

  /**
   * Waits until what was released is through its quarantine and free, and each node keeps its warm
   * address ready, which no Pod has.
   */
  private static void awaitNoTrace() {
    await("every address is free")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              var records =
                  stage.vips().stream().filter(v -> v.getSpec().type() == VpcIPType.POD).toList();
              assertThat(records)
                  .allMatch(v -> v.getSpec().claimRef() == null)
                  .allMatch(v -> v.statusOrEmpty().phase() == VpcIPPhase.AVAILABLE)
                  .hasSize(NODES.size());
              assertThat(stage.vpc().snapshot().secondaryAddresses())
                  .containsExactlyInAnyOrderElementsOf(
                      records.stream().map(v -> v.getMetadata().getName()).toList());
            });
  }

  // --------------------------------------------------------------------------------------- telling

  private static String account(List<Life> lives, Throwable failure) {
    var lines = new ArrayList<String>();
    Consumer<String> tell = lines::add;
    tell.accept(
        "./mvnw verify -Dtest=RoomsTest -Dit.test=RandomLivesIT -Dlives.seed=%d draws it again: %s"
            .formatted(SEED, failure.getMessage()));
    witness.broken().forEach(tell);
    stage.kubelets().violations().forEach(v -> tell.accept(v.toString()));
    tell.accept("what concerned all:");
    conductor.story().forEach(tell);
    var said = String.join("\n", lines);
    var concerned =
        lives.stream()
            .filter(
                l ->
                    said.contains(l.namespace() + "/")
                        || said.contains("[" + l.namespace() + "]")
                        || !l.unrest().isEmpty())
            .toList();
    for (var life : concerned.isEmpty() ? lives : concerned) {
      tell.accept("%s: %s".formatted(life.namespace(), life.actions()));
      Stream.concat(life.story().stream(), life.unrest().stream()).forEach(tell);
    }
    return String.join("\n", lines);
  }
}
