package io.eniipamd.simulator.wire;

import java.util.Random;
import java.util.UUID;

/** Ids of requests, which look like the cloud's and are the same for the same seed. */
final class RequestIds {
  private final Random random;

  RequestIds(long seed) {
    this.random = new Random(seed);
  }

  synchronized String next() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
