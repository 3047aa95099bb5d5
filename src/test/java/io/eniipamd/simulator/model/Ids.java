package io.eniipamd.simulator.model;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Makes ids that look like the cloud's. Guarded by the model's lock. */
final class Ids {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 8;

  private final Random random;
  private final Set<String> given = new HashSet<>();
  private int macs;

  Ids(long seed) {
    this.random = new Random(seed);
  }

  /** A new id like {@code eni-m6dyj72l}. */
  String next(String prefix) {
    String id;
    do {
      StringBuilder text = new StringBuilder(prefix).append('-');
      for (int i = 0; i < LENGTH; i++) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      id = text.toString();
    } while (!given.add(id));
    return id;
  }

  /** A new hardware address of the cloud's vendor prefix. */
  String nextMac() {
    int n = macs++;
    return String.format("20:90:6f:%02x:%02x:%02x", n >> 16 & 255, n >> 8 & 255, n & 255);
  }
}
