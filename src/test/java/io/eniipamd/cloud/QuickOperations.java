package io.eniipamd.cloud;

import io.eniipamd.cloud.operate.OperationSettings;
import java.time.Duration;

/** The figures of production made small, for a simulated VPC that answers within milliseconds. */
public final class QuickOperations {
  private QuickOperations() {}

  /**
   * These figures.
   *
   * @param attempts how often a call that can be repeated goes out
   */
  public static OperationSettings attempting(int attempts) {
    return new OperationSettings(
        Duration.ofMillis(20),
        Duration.ofMillis(15),
        Duration.ofMillis(60),
        Duration.ofMillis(250),
        Duration.ofMillis(1_500),
        Duration.ofMillis(700),
        attempts,
        Duration.ofMillis(20),
        Duration.ofMillis(250));
  }
}
