package io.eniipamd.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the binaries of a control plane: {@code KUBEBUILDER_ASSETS}, the cache, the official
 * download, a build from the published Go modules. A source is taken only if it is complete; one
 * that fails says so in a line and the next has its turn.
 */
final class BinaryLocator {

  private final String assets;
  private final BinaryCache cache;
  private final List<BinaryProducer> producers;
  private final Consumer<String> progress;

  BinaryLocator(
      String assets, BinaryCache cache, List<BinaryProducer> producers, Consumer<String> progress) {
    this.assets = assets;
    this.cache = cache;
    this.producers = List.copyOf(producers);
    this.progress = progress;
  }

  /** The locator for this machine and its environment; progress goes to the standard error. */
  static BinaryLocator ofThisMachine() {
    Map<String, String> environment = System.getenv();
    Release release = Release.current();
    Consumer<String> progress = line -> System.err.println("control plane: " + line);
    return new BinaryLocator(
        environment.getOrDefault("KUBEBUILDER_ASSETS", ""),
        new BinaryCache(BinaryCache.defaultRoot(environment), release, progress),
        List.of(
            OfficialDownload.configured(release, environment, progress),
            GoBuild.configured(release, environment, progress)),
        progress);
  }

  /**
   * The binaries, from the first source that has them all.
   *
   * @throws IllegalStateException when no source has; its message says what each lacked and what to
   *     do
   */
  Binaries locate() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    Consumer<String> failed =
        line -> {
          failures.add(line);
          progress.accept(line + "; going on");
        };
    Optional<Binaries> found = fromAssets(failed).or(cache::find);
    if (found.isEmpty()) {
      found = cache.fill(producers, failed);
    }
    return found.orElseThrow(() -> new IllegalStateException(allFailed(failures)));
  }

  private Optional<Binaries> fromAssets(Consumer<String> failed) {
    if (assets.isBlank()) {
      return Optional.empty();
    }
    Path directory = Path.of(assets);
    List<String> missing = Binaries.missingIn(directory);
    if (missing.isEmpty()) {
      return Optional.of(new Binaries(directory));
    }
    failed.accept(
        "KUBEBUILDER_ASSETS: %s %s"
            .formatted(
                directory,
                Files.isDirectory(directory)
                    ? "lacks " + String.join(", ", missing)
                    : "is no directory"));
    return Optional.empty();
  }

  private String allFailed(List<String> failures) {
    return """
        No binaries for a control plane: %s is empty, and
          %s
        Do one of these: let this machine reach the download; install Go (https://go.dev/dl); or put \
        etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kubectl into a directory \
        and name it in KUBEBUILDER_ASSETS."""
        .formatted(cache.directory(), String.join("\n  ", failures));
  }
}
