package io.eniipamd.controlplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Builds the binaries from their published modules with a Go toolchain. The modules that ask for
 * them, with every sum, are the project's own. Takes about seven minutes of two cores, and 3 GB of
 * disk until it is done.
 */
final class GoBuild implements BinaryProducer {

  private static final String KUBERNETES_COMMANDS = "k8s.io/kubernetes/cmd/";
  private static final String ETCD_COMMAND = "go.etcd.io/etcd/server/v3";

  // Often enough that the build does not look dead, seldom enough for a log.
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(15);

  private final Release release;
  private final Optional<Path> go;
  private final InstantSource clock;
  private final Consumer<String> progress;

  GoBuild(Release release, Optional<Path> go, InstantSource clock, Consumer<String> progress) {
    this.release = release;
    this.go = go;
    this.clock = clock;
    this.progress = progress;
  }

  /** With the {@code go} of the search path, of {@code GOROOT}, or where its installer puts it. */
  static GoBuild configured(
      Release release, Map<String, String> environment, Consumer<String> progress) {
    Stream<Path> searchPath =
        Arrays.stream(environment.getOrDefault("PATH", "").split(":"))
            .filter(entry -> !entry.isBlank())
            .map(Path::of);
    Stream<Path> elsewhere =
        Stream.of(environment.getOrDefault("GOROOT", ""), "/usr/local/go")
            .filter(root -> !root.isBlank())
            .map(root -> Path.of(root, "bin"));
    Optional<Path> go =
        Stream.concat(searchPath, elsewhere)
            .map(directory -> directory.resolve("go"))
            .filter(Files::isExecutable)
            .findFirst();
    return new GoBuild(release, go, InstantSource.system(), progress);
  }

  @Override
  public String name() {
    return "build from Go modules";
  }

  @Override
  public void produceInto(Path directory) throws SourceUnavailableException, InterruptedException {
    Path program = go.orElseThrow(() -> new SourceUnavailableException("no go is installed here"));
    Path scratch = directory.resolve("build");
    try {
      Files.createDirectories(scratch);
      progress.accept(
          "building etcd %s and Kubernetes %s from their Go modules, once: about 7 minutes on 2 cores"
              .formatted(release.etcd(), release.kubernetes()));
      build(
          program,
          scratch,
          "etcd",
          List.of("-s", "-w"),
          directory.resolve("etcd"),
          List.of(ETCD_COMMAND));
      // Without its version the API server calls itself v0.0.0.
      String version = "k8s.io/component-base/version.gitVersion=v" + release.kubernetes();
      build(
          program,
          scratch,
          "kubernetes",
          List.of("-s", "-w", "-X", version),
          directory,
          Arrays.stream(Program.values())
              .filter(Program::ofKubernetes)
              .map(each -> KUBERNETES_COMMANDS + each.fileName())
              .toList());
      BinaryCache.delete(scratch);
    } catch (IOException e) {
      throw new SourceUnavailableException("in " + scratch + ": " + e, e);
    }
  }

  /**
   * Builds one program of one of the project's modules into a directory.
   *
   * @throws SourceUnavailableException when it cannot be built here, with the reason in a line
   */
  void buildTool(String module, String command, Path directory)
      throws SourceUnavailableException, InterruptedException {
    Path program = go.orElseThrow(() -> new SourceUnavailableException("no go is installed here"));
    Path scratch = directory.resolve("build");
    try {
      progress.accept("building it from its Go module, once: about 3 minutes on 2 cores");
      Path output = directory.resolve(command.substring(command.lastIndexOf('/') + 1));
      build(program, scratch, module, List.of("-s", "-w"), output, List.of(command));
      BinaryCache.delete(scratch);
    } catch (IOException e) {
      throw new SourceUnavailableException("in " + scratch + ": " + e, e);
    }
  }

  private void build(
      Path program,
      Path scratch,
      String module,
      List<String> linkerFlags,
      Path output,
      List<String> packages)
      throws IOException, InterruptedException, SourceUnavailableException {
    Path directory = Files.createDirectories(scratch.resolve(module));
    for (String file : List.of("go.mod", "go.sum")) {
      Files.writeString(directory.resolve(file), Release.moduleFile(module, file));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "build",
                "-v",
                "-trimpath",
                "-buildvcs=false",
                "-mod=readonly",
                "-ldflags",
                String.join(" ", linkerFlags),
                "-o",
                output + (packages.size() > 1 ? "/" : "")));
    command.addAll(packages);
    Map<String, String> environment =
        Map.of(
            "CGO_ENABLED",
            "0",
            "GOFLAGS",
            "",
            "GOWORK",
            "off",
            "GOOS",
            release.os(),
            "GOARCH",
            release.arch(),
            "GOCACHE",
            scratch.resolve("gocache").toString(),
            "GOTMPDIR",
            Files.createDirectories(scratch.resolve("tmp")).toString());
    Path log = scratch.resolve(module + ".log");
    try (GuardedProcess build =
        GuardedProcess.start("go build " + module, command, directory, environment, log)) {
      var started = clock.instant();
      while (!build.waitFor(PROGRESS_EVERY)) {
        Duration elapsed = Duration.between(started, clock.instant());
        progress.accept(
            "building %s: %d packages in %d:%02d"
                .formatted(module, compiled(log), elapsed.toMinutes(), elapsed.toSecondsPart()));
      }
      if (build.waitFor() != 0) {
        throw new SourceUnavailableException(
            "go build of %s ended with %d: %s"
                .formatted(module, build.waitFor(), build.lastLines(1)));
      }
    }
  }

  /** The number of packages compiled so far: Go writes a line for each, and for each download. */
  private static long compiled(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines.filter(line -> !line.startsWith("go: ")).count();
    }
  }
}
