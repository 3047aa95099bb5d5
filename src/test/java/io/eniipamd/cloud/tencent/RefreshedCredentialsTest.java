package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.tencent.RefreshedCredentials.Temporary;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefreshedCredentialsTest {

  private static final Duration LIFE = Duration.ofHours(2);

  private final SteppedClock clock = SteppedClock.at(Instant.parse("2026-01-02T03:04:05Z"));
  private final AtomicInteger issued = new AtomicInteger();
  private final AtomicBoolean broken = new AtomicBoolean();
  private final CountDownLatch gate = new CountDownLatch(1);
  private Duration life = LIFE;
  private final RefreshedCredentials source = new RefreshedCredentials(this::issue, clock);

  private Temporary issue() {
    int number = issued.incrementAndGet();
    if (broken.get()) {
      throw new CloudException(Kind.TRANSIENT, "getting " + number, null, "broken", null, null);
    }
    return new Temporary(
        new Credentials("id-" + number, "key-" + number, "token-" + number),
        clock.instant().plus(life));
  }

  @Test
  void shouldAskOnceWhenTheyHoldForLong() {
    var first = source.current();
    clock.advance(LIFE.minusMinutes(6));

    assertThat(source.current()).isEqualTo(first);
    assertThat(issued).hasValue(1);
  }

  @Test
  void shouldFetchNewOnesWhenTheEndIsNear() {
    source.current();
    clock.advance(LIFE.minusMinutes(4));

    assertThat(source.current().secretId()).isEqualTo("id-2");
    assertThat(source.current().secretId()).isEqualTo("id-2");
    assertThat(issued).hasValue(2);
  }

  @Test
  void shouldUseMostOfTheirTimeWhenTheyHoldForShort() {
    life = Duration.ofMinutes(4);
    source.current();
    clock.advance(Duration.ofMinutes(2));
    assertThat(source.current().secretId()).isEqualTo("id-1");

    clock.advance(Duration.ofSeconds(70));

    assertThat(source.current().secretId()).isEqualTo("id-2");
  }

  @Test
  void shouldKeepTheOldOnesWhenFetchingFailsWhileTheyHold() {
    source.current();
    broken.set(true);
    clock.advance(LIFE.minusMinutes(4));

    assertThat(source.current().secretId()).isEqualTo("id-1");
    assertThat(source.current().secretId()).isEqualTo("id-1");
    assertThat(issued).as("attempts, with a pause between them").hasValue(2);

    clock.advance(Duration.ofSeconds(11));
    broken.set(false);
    assertThat(source.current().secretId()).isEqualTo("id-3");
  }

  @Test
  void shouldFailWhenTheOldOnesHaveEndedAndThereAreNoNewOnes() {
    source.current();
    broken.set(true);
    clock.advance(LIFE.minusSeconds(5));
    assertThat(source.current().secretId()).isEqualTo("id-1");

    clock.advance(Duration.ofSeconds(6));

    assertThatThrownBy(source::current).hasMessage("getting 3: broken");
    assertThatThrownBy(source::current).hasMessage("getting 3: broken");
    clock.advance(Duration.ofSeconds(1));
    assertThatThrownBy(source::current).hasMessage("getting 4: broken");
  }

  @Test
  void shouldFetchAnewOnceWhenTheCloudRefusesTheKey() {
    var first = source.current();

    source.refused(first);
    source.refused(first);

    assertThat(source.current().secretId()).isEqualTo("id-2");
    source.refused(first);
    assertThat(source.current().secretId()).isEqualTo("id-2");
    assertThat(issued).as("a late refusal of the old one says nothing of the new one").hasValue(2);
  }

  @Test
  void shouldNotFetchAgainWhenTheIssuerHasNoOtherKeyThanTheRefusedOne() {
    var same = new Credentials("id", "key", "token");
    var stubborn =
        new RefreshedCredentials(
            () -> {
              issued.incrementAndGet();
              return new Temporary(same, clock.instant().plus(life));
            },
            clock);
    stubborn.current();
    for (int refusal = 0; refusal < 10; refusal++) {
      stubborn.refused(same);
      stubborn.current();
    }

    assertThat(issued).hasValue(2);
  }

  @Test
  void shouldGoOnAskingWhenFetchingFailsAfterARefusal() {
    source.refused(source.current());
    broken.set(true);
    assertThat(source.current().secretId()).isEqualTo("id-1");

    broken.set(false);
    clock.advance(Duration.ofSeconds(11));

    assertThat(source.current().secretId()).isEqualTo("id-3");
  }

  @Test
  void shouldRefuseThemWhenTheyHadEndedBeforeTheyCame() {
    life = Duration.ofSeconds(-1);

    assertThatThrownBy(source::current)
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
        .hasMessageContaining("check the clock of this machine");
  }

  @Test
  void shouldAskOnceWhenManyThreadsHaveNone() throws Exception {
    var held = new RefreshedCredentials(this::issueWhenOpen, clock);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Credentials>>();
      for (int i = 0; i < 50; i++) {
        all.add(threads.submit(held::current));
      }
      await().until(() -> issued.get() == 1);
      gate.countDown();

      for (var one : all) {
        assertThat(one.get().secretId()).isEqualTo("id-2");
      }
    }
    assertThat(issued).as("one to enter and one to come out").hasValue(2);
  }

  @Test
  void shouldNotWaitWhenAnotherThreadFetchesAndTheOldOnesHold() throws Exception {
    var held = new RefreshedCredentials(this::issueFirstAtOnce, clock);
    assertThat(held.current().secretId()).isEqualTo("id-1");
    clock.advance(LIFE.minusMinutes(4));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Credentials> fetching = threads.submit(held::current);
      await().until(() -> issued.get() == 2);

      assertThat(held.current().secretId()).isEqualTo("id-1");

      gate.countDown();
      assertThat(fetching.get().secretId()).isEqualTo("id-3");
    }
  }

  private Temporary issueFirstAtOnce() {
    return issued.get() == 0 ? issue() : issueWhenOpen();
  }

  private Temporary issueWhenOpen() {
    issued.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return issue();
  }
}
