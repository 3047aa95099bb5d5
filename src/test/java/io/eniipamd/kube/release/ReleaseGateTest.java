package io.eniipamd.kube.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.LiveConfig;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.domain.release.ReleaseSettingsBuilder;
import io.eniipamd.kube.release.AvalancheStore.Avalanche;
import io.eniipamd.kube.release.ReleaseGate.Answer;
import io.eniipamd.kube.release.ReleaseGate.Request;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReleaseGateTest {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  private final SteppedClock clock = SteppedClock.at(START);
  private final Note note = new Note();
  private final List<String> heard = new ArrayList<>();
  private ReleaseSettings settings = settings(5, new AvalancheRule(10, 0), Optional.empty());
  private int retained = 1000;
  private int fixed = 1000;
  private ReleaseGate gate = gate();

  @Test
  void shouldLetThroughAsManyAsAWindowAllowsAndTheOthersInTheNext() {
    assertThat(ask(1, 7)).isEqualTo(5);

    assertThat(gate.ask(request(6))).isEqualTo(new Answer.Full(WINDOW.plusMillis(1)));
    clock.set(START.plus(WINDOW));
    assertThat(ask(6, 7)).isEqualTo(2);
  }

  @Test
  void shouldLetThroughAgainWhoWasLetThroughBeforeWhateverHappensMeanwhile() {
    assertThat(ask(1, 1)).isEqualTo(1);
    ask(2, 20);
    settings = paused(true, Set.of());

    assertThat(gate.ask(request(1))).isEqualTo(new Answer.Open());
  }

  @Test
  void shouldPauseEverythingAndRecordItWhenTooManyAreDueAtOnce() {
    gate.announce(requests(1, 11));

    assertThat(ask(1, 11)).isZero();
    assertThat(note.avalanche).map(Avalanche::since).contains(START);
    assertThat(heard)
        .containsExactly(
            "paused: 11 fixed IPs fell due within 30s, more than 10 (avalanche-count)");
    assertThat(gate.ask(request(1)))
        .isInstanceOfSatisfying(
            Answer.Paused.class,
            paused -> {
              assertThat(paused.reason()).isEqualTo(ClaimReason.AVALANCHE_PAUSED);
              assertThat(paused.message()).contains("resume-releases");
            });
  }

  @Test
  void shouldStayPausedWhenTheProcessIsANewOneAndFewerAreDue() {
    gate.announce(requests(1, 11));

    gate = gate();
    gate.start();

    assertThat(ask(1, 2)).isZero();
  }

  @Test
  void shouldGoOnAndForgetTheRecordWhenAPersonSaysTheWord() {
    gate.announce(requests(1, 11));
    settings = settings(5, new AvalancheRule(10, 0), Optional.of(START.plusSeconds(60)));
    clock.set(START.plusSeconds(60));

    gate.tick();

    // However much it is, and still no more than a window allows.
    assertThat(ask(1, 11)).isEqualTo(5);
    assertThat(note.avalanche).isEmpty();
    assertThat(heard).last().isEqualTo("resumed");
  }

  @Test
  void shouldCountWhatNothingDatesAsDueSinceItWasFirstAskedFor() {
    // given
    IntStream.rangeClosed(1, 30).forEach(n -> gate.holds("prod", "uid-" + n));
    assertThat(note.avalanche).isPresent();

    // when
    clock.advance(Duration.ofSeconds(60));
    settings = settings(100, new AvalancheRule(10, 0), Optional.of(START.plusSeconds(60)));
    gate.tick();
    clock.advance(WINDOW);
    IntStream.rangeClosed(1, 30).forEach(n -> gate.holds("prod", "uid-" + n));

    // then
    assertThat(note.avalanche).isEmpty();
    assertThat(gate.holds("prod", "uid-30")).isEmpty();
  }

  @Test
  void shouldCountAnewWhatFallsDueAgainAfterItWasDone() {
    IntStream.rangeClosed(1, 11).forEach(n -> gate.holds("prod", "uid-" + n));
    settings = settings(100, new AvalancheRule(10, 0), Optional.of(START.plusSeconds(60)));
    gate.tick();
    IntStream.rangeClosed(1, 11).forEach(n -> gate.done("uid-" + n));
    clock.advance(Duration.ofSeconds(61));

    IntStream.rangeClosed(1, 11).forEach(n -> gate.holds("prod", "uid-" + n));

    assertThat(note.avalanche).isPresent();
  }

  @Test
  void shouldNotGoOnWhenTheWordIsOfATimeBeforeThePause() {
    settings = settings(5, new AvalancheRule(10, 0), Optional.of(START.minusSeconds(1)));
    gate.announce(requests(1, 11));

    gate.tick();

    assertThat(ask(1, 11)).isZero();
  }

  @Test
  void shouldPauseAgainWhenAnotherAvalancheComesAfterTheWord() {
    settings = settings(100, new AvalancheRule(10, 0), Optional.of(START.minusSeconds(1)));
    gate.announce(requests(1, 11));

    assertThat(ask(1, 11)).isZero();
  }

  @Test
  void shouldNotCountTwiceWhoAsksAgainInTheNextWindow() {
    settings = settings(1, new AvalancheRule(10, 0), Optional.empty());
    ask(1, 8);
    clock.set(START.plus(WINDOW));
    ask(1, 8);

    assertThat(ask(9, 10)).isZero();
    assertThat(note.avalanche).isEmpty();
  }

  @Test
  void shouldPauseWhenALargeShareOfWhatIsKeptExpires() {
    settings = settings(1000, new AvalancheRule(0, 50), Optional.empty());
    retained = 220;
    fixed = 10_000;

    gate.announce(requests(1, 111));

    assertThat(ask(1, 111)).isZero();
    assertThat(heard).singleElement().asString().contains("of the 220 retained ones");
  }

  @Test
  void shouldNotPauseWhenAWorkloadIsDeletedOfWhichNothingWasKept() {
    settings = settings(1000, new AvalancheRule(0, 50), Optional.empty());
    retained = 0;
    fixed = 1000;

    long through =
        IntStream.rangeClosed(1, 300)
            .mapToObj(n -> new Request("prod", "uid-" + n, START))
            .map(gate::ask)
            .filter(new Answer.Open()::equals)
            .count();

    assertThat(through).isEqualTo(300);
  }

  @Test
  void shouldHoldWhatPeoplePaused() {
    settings = paused(false, Set.of("prod"));
    assertThat(gate.ask(new Request("prod", "a", START))).isInstanceOf(Answer.Paused.class);
    assertThat(gate.ask(new Request("dev", "b", START))).isEqualTo(new Answer.Open());

    settings = paused(true, Set.of());
    assertThat(gate.ask(new Request("dev", "c", START))).isInstanceOf(Answer.Paused.class);
    assertThat(gate.holds("dev", "c")).isPresent();
  }

  @Test
  void shouldBeginAWindowWhenTheClockWasSetBack() {
    ask(1, 5);
    clock.set(START.minus(Duration.ofDays(1)));

    assertThat(ask(6, 10)).isEqualTo(5);
  }

  @Test
  void shouldPauseAllTheSameAndRecordItLaterWhenTheRecordCannotBeWritten() {
    note.broken = true;
    gate.announce(requests(1, 11));
    assertThat(ask(1, 11)).isZero();

    note.broken = false;
    gate.tick();

    assertThat(note.avalanche).isPresent();
  }

  @Test
  void shouldLetOthersThroughWhenWhatWasLetThroughIsNotReleased() {
    ask(1, 5);

    IntStream.rangeClosed(1, 5).forEach(n -> gate.withdraw("uid-" + n));

    assertThat(ask(6, 20)).isEqualTo(5);
  }

  @Test
  void shouldCountAnExpiryOnceWhenItIsWithdrawnInEverySweep() {
    settings = settings(1000, new AvalancheRule(10, 0), Optional.empty());
    for (int sweep = 0; sweep < 5; sweep++) {
      ask(1, 4);
      IntStream.rangeClosed(1, 4).forEach(n -> gate.withdraw("uid-" + n));
    }

    assertThat(note.avalanche).isEmpty();
  }

  @Test
  void shouldCountTheNextExpiryOfAClaimWhenItsPodCameAndWentAgain() {
    gate.announce(requests(1, 6));

    gate.announce(
        IntStream.rangeClosed(1, 6)
            .mapToObj(n -> new Request("prod", "uid-" + n, START, Optional.of(START)))
            .toList());

    assertThat(note.avalanche).isPresent();
  }

  @Test
  void shouldReleaseNothingAfterAStartWhenTheRecordIsMissing() {
    note.missing = true;
    gate = gate();

    gate.start();

    assertThat(ask(1, 1)).isZero();
    assertThat(gate.open()).isFalse();
    assertThat(heard).containsExactly("missing");
    assertThat(gate.paused("prod")).map(Answer.Paused::message).contains("missing");
    gate.tick();
    assertThat(heard).hasSize(1);
  }

  @Test
  void shouldGoOnWhenTheMissingRecordIsThereAgainAndSaysNothing() {
    note.missing = true;
    gate = gate();
    gate.start();

    note.missing = false;
    gate.tick();

    assertThat(ask(1, 1)).isEqualTo(1);
  }

  @Test
  void shouldStayPausedAndRecordItAgainWhenTheRecordIsDeletedAndMadeAnew() {
    gate.announce(requests(1, 11));
    note.avalanche = Optional.empty();
    note.missing = true;
    gate.tick();
    assertThat(ask(1, 11)).isZero();

    note.missing = false;
    gate.tick();

    assertThat(ask(1, 11)).isZero();
    assertThat(note.avalanche).isPresent();
  }

  private record Visit(int who, Instant at) {}

  @Test
  void shouldBeAskedTwiceByEachAtMostWhenTenTimesAsManyWaitAsAWindowAllows() {
    int claims = 10_000;
    settings = settings(claims / 10, new AvalancheRule(0, 0), Optional.empty());
    var visits = new PriorityQueue<Visit>(Comparator.comparing(Visit::at));
    IntStream.range(0, claims).forEach(n -> visits.add(new Visit(n, START.plusMillis(n))));
    int passes = 0;

    while (!visits.isEmpty()) {
      var visit = visits.poll();
      clock.set(visit.at());
      passes++;
      switch (gate.ask(request(visit.who()))) {
        case Answer.Open open -> {}
        case Answer.Full(var again) -> visits.add(new Visit(visit.who(), visit.at().plus(again)));
        case Answer.Paused paused -> throw new AssertionError(paused);
      }
    }

    assertThat(passes).isLessThanOrEqualTo(2 * claims);
    assertThat(Duration.between(START, clock.instant()))
        .isBetween(WINDOW.multipliedBy(9), WINDOW.multipliedBy(10));
  }

  @Test
  void shouldKeepThePlaceOfWhoWaitsWhenOthersComeLater() {
    settings = settings(2, new AvalancheRule(0, 0), Optional.empty());
    ask(1, 4);
    clock.set(START.plus(WINDOW));

    assertThat(ask(5, 8)).isZero();
    assertThat(ask(3, 4)).isEqualTo(2);
  }

  @Test
  void shouldGiveThePlaceOfWhoComesNoMoreToTheNext() {
    settings = settings(2, new AvalancheRule(0, 0), Optional.empty());
    ask(1, 4);
    gate.done("uid-3");
    gate.done("uid-4");
    clock.set(START.plus(WINDOW));

    assertThat(ask(5, 8)).isEqualTo(2);
  }

  private ReleaseGate gate() {
    return new ReleaseGate(
        () -> settings,
        new SweepSettings(WINDOW, 1),
        new ReleaseGate.Stock() {
          @Override
          public int retained() {
            return retained;
          }

          @Override
          public int fixed() {
            return fixed;
          }
        },
        note,
        new ReleaseGate.Listener() {
          @Override
          public void paused(Avalanche avalanche) {
            heard.add("paused: " + avalanche.why());
          }

          @Override
          public void resumed() {
            heard.add("resumed");
          }

          @Override
          public void recordMissing(String message) {
            heard.add(message);
          }
        },
        clock);
  }

  /** Asks for these; how many were let through. */
  private long ask(int from, int to) {
    return requests(from, to).stream().map(gate::ask).filter(new Answer.Open()::equals).count();
  }

  private static List<Request> requests(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(ReleaseGateTest::request).toList();
  }

  private static Request request(int number) {
    return new Request("prod", "uid-" + number, START, Optional.of(START.minusSeconds(3600)));
  }

  private static ReleaseSettings settings(
      int perWindow, AvalancheRule avalanche, Optional<Instant> resumed) {
    return defaults().perWindow(perWindow).avalanche(avalanche).resumedUntil(resumed).build();
  }

  private static ReleaseSettings paused(boolean all, Set<String> namespaces) {
    return defaults()
        .paused(all)
        .pausedNamespaces(namespaces)
        .perWindow(5)
        .avalanche(new AvalancheRule(10, 0))
        .build();
  }

  private static ReleaseSettingsBuilder defaults() {
    return ReleaseSettingsBuilder.builder(LiveConfig.DEFAULTS.releases());
  }

  private static final class Note implements AvalancheStore {
    private Optional<Avalanche> avalanche = Optional.empty();
    private boolean broken;
    private boolean missing;

    @Override
    public State read() {
      return missing
          ? new State.Missing("missing")
          : avalanche.<State>map(State.Paused::new).orElseGet(State.Clear::new);
    }

    @Override
    public void write(Avalanche now) {
      if (broken || missing) {
        throw new IllegalStateException("the API server is away");
      }
      avalanche = Optional.of(now);
    }

    @Override
    public void clear() {
      avalanche = Optional.empty();
    }
  }
}
