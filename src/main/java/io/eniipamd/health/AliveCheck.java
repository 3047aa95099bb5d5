package io.eniipamd.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Down only where a new start helps: a cache that has stopped for good, threads that wait for each
 * other, a leader whose start does not end, which keeps the lease from the other replicas, or one
 * that does not renew its lease although the API server answers. An API server or a cloud that does
 * not answer is no reason.
 */
@Liveness
@ApplicationScoped
public class AliveCheck implements HealthCheck {
  /**
   * Longer than a start takes: because it reads settings, one page after the other of all VpcIPs,
   * and the subnets, each of which gives up in less.
   */
  private static final Duration LONGEST_START = Duration.ofMinutes(3);

  /** Longer than any lease, so that the process has had its time to notice and to end by itself. */
  private static final Duration LONGEST_WITHOUT_RENEWAL = Duration.ofMinutes(11);

  private final OperatorState state;
  private final Supplier<String> deadlocked;

  @Inject
  public AliveCheck(OperatorState state) {
    this(state, AliveCheck::deadlockedThreads);
  }

  AliveCheck(OperatorState state, Supplier<String> deadlocked) {
    this.state = state;
    this.deadlocked = deadlocked;
  }

  @Override
  public HealthCheckResponse call() {
    String stopped = state.started() ? String.join(", ", state.stoppedCaches()) : "";
    String threads = deadlocked.get();
    var overdue = state.starting().filter(since -> since.compareTo(LONGEST_START) > 0);
    var unrenewed =
        state
            .sinceRenewal()
            .filter(since -> since.compareTo(LONGEST_WITHOUT_RENEWAL) > 0)
            .filter(_ -> state.laggingCaches().isEmpty());
    var response =
        HealthCheckResponse.named("working")
            .status(
                stopped.isEmpty() && threads.isEmpty() && overdue.isEmpty() && unrenewed.isEmpty());
    unrenewed.ifPresent(since -> response.withData("notRenewedForSeconds", since.toSeconds()));
    overdue.ifPresent(since -> response.withData("startingForSeconds", since.toSeconds()));
    if (!stopped.isEmpty()) {
      response.withData("stopped", stopped);
    }
    if (!threads.isEmpty()) {
      response.withData("deadlocked", threads);
    }
    return response.build();
  }

  private static String deadlockedThreads() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] ids;
    try {
      ids = threads.findDeadlockedThreads();
    } catch (UnsupportedOperationException _) {
      return ""; // a native image does not know
    }
    return ids == null
        ? ""
        : Arrays.stream(threads.getThreadInfo(ids))
            .map(ThreadInfo::getThreadName)
            .collect(Collectors.joining(", "));
  }
}
