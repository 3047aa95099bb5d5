package io.eniipamd.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The program helm: of {@code ENI_IPAMD_HELM}, of the cache, or built from its published module
 * into the cache, once per version.
 *
 * @param program the executable file
 */
public record Helm(Path program) {

  private static final String MODULE = "helm";
  private static final Pattern VERSION =
      Pattern.compile("^\\s*(?:require\\s+)?helm\\.sh/helm/v3 v(\\S+)", Pattern.MULTILINE);

  /**
   * What one run printed.
   *
   * @param status 0 if all went well
   * @param output the standard output
   * @param errors the standard error
   */
  public record Result(int status, String output, String errors) {}

  /**
   * The helm of this machine.
   *
   * @throws IllegalStateException when there is none and none can be built, with what to do
   */
  public static synchronized Helm locate() throws InterruptedException {
    String own = System.getenv().getOrDefault("ENI_IPAMD_HELM", "");
    if (!own.isBlank()) {
      return new Helm(Path.of(own).toAbsolutePath());
    }
    var version = VERSION.matcher(Release.moduleFile(MODULE, "go.mod"));
    if (!version.find()) {
      throw new IllegalStateException("no version by " + VERSION + " in go.mod");
    }
    var release = Release.current();
    Path root = BinaryCache.defaultRoot(System.getenv()).resolveSibling(MODULE);
    Path directory =
        root.resolve("%s-%s-%s".formatted(version.group(1), release.os(), release.arch()));
    Path program = directory.resolve(MODULE);
    try {
      Files.createDirectories(root);
      try (var channel =
              FileChannel.open(
                  root.resolve(directory.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        if (!Files.isExecutable(program)) {
          build(directory);
        }
      }
    } catch (IOException | SourceUnavailableException e) {
      throw new IllegalStateException(
          "No helm: install Go (https://go.dev/dl), or name a helm in ENI_IPAMD_HELM", e);
    }
    return new Helm(program);
  }

  private static void build(Path directory)
      throws IOException, InterruptedException, SourceUnavailableException {
    Path part = directory.resolveSibling(directory.getFileName() + ".part");
    try {
      // Left over of a process that was killed: only the holder of the lock writes here.
      BinaryCache.delete(part);
      Files.createDirectories(part);
      GoBuild.configured(
              Release.current(), System.getenv(), line -> System.err.println("helm: " + line))
          .buildTool(MODULE, "helm.sh/helm/v3/cmd/helm", part);
      Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      BinaryCache.delete(part);
    }
  }

  /** Runs it to its end. */
  public Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Optional<Path> errors = Optional.empty();
    try {
      errors = Optional.of(Files.createTempFile("helm", ".err"));
      var builder = new ProcessBuilder(command).redirectError(errors.get().toFile());
      // No configuration, repository or plugin of the user.
      Path home = Path.of("target", "helm-of-tests").toAbsolutePath();
      builder
          .environment()
          .putAll(
              Map.of(
                  "HELM_CACHE_HOME", home.resolve("cache").toString(),
                  "HELM_CONFIG_HOME", home.resolve("config").toString(),
                  "HELM_DATA_HOME", home.resolve("data").toString(),
                  "HELM_NAMESPACE", "kube-system"));
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      return new Result(status, output, Files.readString(errors.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while helm ran", e);
    } finally {
      errors.ifPresent(file -> file.toFile().delete());
    }
  }
}
