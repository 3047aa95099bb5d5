package io.eniipamd.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Binaries kept outside the work tree, one directory a release. A directory appears by one rename
 * and is complete from then on; a process that fills it holds a lock on a file beside it.
 */
final class BinaryCache {

  // A file lock belongs to the whole JVM, so its threads need one of their own.
  private static final ReentrantLock WITHIN_THIS_JVM = new ReentrantLock();

  private final Path root;
  private final Release release;
  private final Consumer<String> progress;

  BinaryCache(Path root, Release release, Consumer<String> progress) {
    this.root = root;
    this.release = release;
    this.progress = progress;
  }

  /** {@code $ENI_IPAMD_CACHE}, else {@code eni-ipamd} in the user's cache directory. */
  static Path defaultRoot(Map<String, String> environment) {
    String own = environment.getOrDefault("ENI_IPAMD_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own, "controlplane");
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.resolve("eni-ipamd").resolve("controlplane");
  }

  /** Where this release lies, once it is there. */
  Path directory() {
    return root.resolve(release.directoryName());
  }

  /** The binaries, if the cache holds all of them. */
  Optional<Binaries> find() {
    return Binaries.missingIn(directory()).isEmpty()
        ? Optional.of(new Binaries(directory()))
        : Optional.empty();
  }

  /**
   * Fills the cache by the first of the ways that succeeds, unless another process did so while
   * this one waited for it.
   *
   * @param failed told each way that failed, in a line
   * @return empty when every way failed
   */
  Optional<Binaries> fill(Iterable<BinaryProducer> producers, Consumer<String> failed)
      throws InterruptedException {
    WITHIN_THIS_JVM.lockInterruptibly();
    try {
      Files.createDirectories(root);
      Path lockFile = root.resolve(release.directoryName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = lock(channel)) {
        Optional<Binaries> byAnother = find();
        return byAnother.isPresent() ? byAnother : produce(producers, failed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("filling the cache " + directory(), e);
    } finally {
      WITHIN_THIS_JVM.unlock();
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock atOnce = channel.tryLock();
    if (atOnce != null) {
      return atOnce;
    }
    progress.accept("waiting for another process that fills " + directory());
    return channel.lock();
  }

  private Optional<Binaries> produce(Iterable<BinaryProducer> producers, Consumer<String> failed)
      throws IOException, InterruptedException {
    // Only the holder of the lock writes here, so what is left over is of a process that was
    // killed.
    Path part = root.resolve(release.directoryName() + ".part");
    for (BinaryProducer producer : producers) {
      delete(part);
      Files.createDirectories(part);
      try {
        producer.produceInto(part);
        var missing = Binaries.missingIn(part);
        if (!missing.isEmpty()) {
          throw new SourceUnavailableException("it left out " + String.join(", ", missing));
        }
        delete(directory());
        Files.move(part, directory(), StandardCopyOption.ATOMIC_MOVE);
        return find();
      } catch (SourceUnavailableException e) {
        failed.accept(producer.name() + ": " + e.getMessage());
      } finally {
        delete(part);
      }
    }
    return Optional.empty();
  }

  /** Deletes a directory and all below it; nothing happens where there is none. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
        // Go writes its caches read-only; the owner may delete in a directory only if it is
        // writable.
        Files.deleteIfExists(path);
      }
    }
  }
}
