package io.eniipamd.kube.support;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Fence;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whether this process leads, and how fresh its lease is. Changing calls to the cloud and sweeps
 * ask here first: a leader that could not renew may have a successor.
 */
public final class Leadership implements Fence {
  private final LongSupplier nanoTime;
  private final Duration staleAfter;
  private volatile boolean leading;
  private volatile OptionalLong renewed = OptionalLong.empty();

  /**
   * @param staleAfter the lease's duration less the longest time that a call to the cloud takes
   * @param nanoTime a clock that nobody sets, in nanoseconds
   */
  public Leadership(Duration staleAfter, LongSupplier nanoTime) {
    this.staleAfter = staleAfter;
    this.nanoTime = nanoTime;
  }

  public void started() {
    renewed = OptionalLong.of(nanoTime.getAsLong());
    leading = true;
  }

  public void stopped() {
    leading = false;
  }

  /** The lease was seen with a new renewal of ours. */
  public void renewed() {
    renewed = OptionalLong.of(nanoTime.getAsLong());
  }

  public boolean leading() {
    return leading;
  }

  /** Whether the lease outlives a call to the cloud that would go out now. */
  public boolean fresh() {
    var last = renewed;
    return leading
        && last.isPresent()
        && nanoTime.getAsLong() - last.getAsLong() <= staleAfter.toNanos();
  }

  @Override
  public void check(String step) {
    if (!fresh()) {
      throw new CloudException(
          CloudException.Kind.TRANSIENT,
          step,
          null,
          leading
              ? "not sent, the lease was not renewed in time and another may lead now"
              : "not sent, this process does not lead",
          null,
          null);
    }
  }
}
