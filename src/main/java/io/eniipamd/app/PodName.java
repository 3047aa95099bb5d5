package io.eniipamd.app;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The name of the Pod that this process runs in. */
final class PodName {
  private PodName() {}

  /** It, empty where the process does not seem to run in a Pod. */
  static Optional<String> ofThisProcess() {
    return in(System.getenv());
  }

  /**
   * {@code POD_NAME}, which the manifest sets by the downward API; else {@code HOSTNAME}, which is
   * the node's name where the Pod uses the node's network.
   */
  static Optional<String> in(Map<String, String> environment) {
    return Stream.of("POD_NAME", "HOSTNAME")
        .map(environment::get)
        .filter(name -> name != null && !name.isBlank())
        .findFirst();
  }
}
