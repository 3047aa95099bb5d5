package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnansweredTest {
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final AtomicLong now = new AtomicLong();
  private final Unanswered unanswered = new Unanswered(now::get, LEASE);

  @Test
  void shouldWaitUntilTheLastAnswerIsThere() throws Exception {
    unanswered.sent("one");
    unanswered.sent("other");
    var none = new CompletableFuture<Boolean>();
    var waiting =
        Thread.ofPlatform()
            .start(() -> none.completeAsync(() -> awaitNone(Duration.ofSeconds(1)), Runnable::run));

    await("it waits").until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    unanswered.answered("one");
    assertThat(unanswered.awaitNone(Duration.ZERO)).isFalse();
    unanswered.answered("other");

    assertThat(none.get()).isTrue();
  }

  @Test
  void shouldGiveUpWhenTheTimeIsOver() throws Exception {
    var running = new Unanswered(() -> now.addAndGet(Duration.ofMillis(1).toNanos()), LEASE);
    running.sent("one");

    assertThat(running.awaitNone(Duration.ofMillis(3))).isFalse();
  }

  @Test
  void shouldForgetAChangeWhenALeaseHasPassedSinceItWasSent() throws Exception {
    unanswered.sent("one");
    now.addAndGet(LEASE.plusNanos(1).toNanos());

    assertThat(unanswered.awaitNone(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldCountFromTheLossWhenAChangeHasLostItsAnswer() throws Exception {
    unanswered.sent("one");
    now.addAndGet(LEASE.toNanos());
    unanswered.lost("one");
    now.addAndGet(LEASE.toNanos());

    assertThat(unanswered.awaitNone(Duration.ZERO)).isFalse();

    now.addAndGet(1);

    assertThat(unanswered.awaitNone(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldKeepTheLostOneWhenAnotherOfItsNameIsAnswered() throws Exception {
    unanswered.sent("one");
    unanswered.lost("one");
    unanswered.sent("one");
    unanswered.answered("one");

    assertThat(unanswered.awaitNone(Duration.ZERO)).isFalse();
  }

  private boolean awaitNone(Duration atMost) {
    try {
      return unanswered.awaitNone(atMost);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
