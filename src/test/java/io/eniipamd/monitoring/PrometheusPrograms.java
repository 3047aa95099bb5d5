package io.eniipamd.monitoring;

import io.eniipamd.controlplane.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where {@code prometheus} and {@code promtool} are: on the {@code PATH}, or in the cache of the
 * tests, which is filled from Debian's package. The package is unpacked, not installed: that takes
 * no rights, and starts no service.
 *
 * @param directory where both are
 */
record PrometheusPrograms(Path directory) {
  private static final String PACKAGE = "prometheus";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  Path prometheus() {
    return directory.resolve("prometheus");
  }

  Path promtool() {
    return directory.resolve("promtool");
  }

  private boolean isComplete() {
    return Files.isExecutable(prometheus()) && Files.isExecutable(promtool());
  }

  /**
   * Finds them.
   *
   * @throws IllegalStateException when they are nowhere; its message says what to do
   */
  static PrometheusPrograms locate() {
    return onPath().orElseGet(PrometheusPrograms::fromCache);
  }

  private static Optional<PrometheusPrograms> onPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(entry -> !entry.isBlank())
        .map(entry -> new PrometheusPrograms(Path.of(entry)))
        .filter(PrometheusPrograms::isComplete)
        .findFirst();
  }

  private static PrometheusPrograms fromCache() {
    var root = cache();
    var there = new PrometheusPrograms(root.resolve("prometheus/usr/bin"));
    try {
      Files.createDirectories(root);
      // Another build may fill the cache at this moment.
      try (var channel =
              FileChannel.open(
                  root.resolve("prometheus.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        if (!there.isComplete()) {
          fill(root);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("filling " + root, e);
    }
    if (!there.isComplete()) {
      throw new IllegalStateException(
          "Debian's package " + PACKAGE + " has left out prometheus or promtool in " + there);
    }
    return there;
  }

  /** {@code $ENI_IPAMD_CACHE}, else {@code eni-ipamd} in the user's cache directory. */
  private static Path cache() {
    var own = System.getenv().getOrDefault("ENI_IPAMD_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    var xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    var base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.resolve("eni-ipamd");
  }

  private static void fill(Path root) throws IOException {
    var part = root.resolve("prometheus.part");
    delete(part);
    Files.createDirectories(part);
    var log = part.resolve("log");
    var download = List.of("apt-get", "download", PACKAGE);
    if (!succeeds(download, part, log)) {
      // A new machine has no lists of packages yet; without the right to fetch them this fails.
      boolean updated = succeeds(List.of("apt-get", "update"), part, log);
      if (!updated || !succeeds(download, part, log)) {
        throw new IllegalStateException(
            """
            No Prometheus: it is not on the PATH, and apt-get cannot download Debian's package:
            %s
            Put prometheus and promtool, 2.42 or newer, on the PATH \
            (https://prometheus.io/download)."""
                .formatted(Files.readString(log)));
      }
    }
    var tree = part.resolve("tree");
    try (var files = Files.newDirectoryStream(part, PACKAGE + "_*.deb")) {
      for (var file : files) {
        if (!succeeds(List.of("dpkg-deb", "-x", file.toString(), tree.toString()), part, log)) {
          throw new IllegalStateException("dpkg-deb: " + Files.readString(log));
        }
      }
    }
    delete(root.resolve("prometheus"));
    Files.move(tree, root.resolve("prometheus"), StandardCopyOption.ATOMIC_MOVE);
    delete(part);
  }

  private static boolean succeeds(List<String> command, Path directory, Path log) {
    var name = String.join(" ", command.subList(0, 2));
    try (var process = GuardedProcess.start(name, command, directory, Map.of(), log)) {
      return process.waitFor(PATIENCE) && process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name, e);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
