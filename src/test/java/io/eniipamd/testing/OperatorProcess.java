package io.eniipamd.testing;

import io.eniipamd.controlplane.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The operator from its packaged jar, a process of its own that can be killed. */
public final class OperatorProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
  private static final Path MANIFEST = Path.of("src/main/kubernetes/kubernetes.yml");
  private static final Set<Integer> ENDED_BY_SIGTERM = Set.of(0, 128 + 15);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final GuardedProcess process;
  private final int managementPort;

  private OperatorProcess(GuardedProcess process, int managementPort) {
    this.process = process;
    this.managementPort = managementPort;
  }

  /**
   * Starts it; it is not waited for.
   *
   * @param kubeconfig whom it is to the API server
   * @param environment beside this process's own
   * @param arguments its flags
   */
  public static OperatorProcess start(
      String name,
      Path kubeconfig,
      Map<String, String> environment,
      List<String> arguments,
      Path log) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is not there: ./mvnw package makes it");
    }
    int port = freePort();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Its assertions hold too: a reason that is not declared for a condition or an event is one.
    command.add("-enableassertions:io.eniipamd...");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", JAR.toAbsolutePath().toString()));
    command.addAll(arguments);
    var all = new LinkedHashMap<>(environment);
    all.put("JAVA_TOOL_OPTIONS", ofManifest("name: JAVA_TOOL_OPTIONS\\s+value: \"(.+)\""));
    all.put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
    all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    all.put("QUARKUS_HTTP_PORT", "0");
    all.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
    all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(port));
    return new OperatorProcess(
        GuardedProcess.start(name, command, Path.of("").toAbsolutePath(), all, log), port);
  }

  /** The memory that the manifest lets it have, in MiB. */
  public static int memoryLimitMib() {
    return Integer.parseInt(ofManifest("limits:\\s+memory: (\\d+)Mi"));
  }

  /** The most memory that it has had so far, in MiB; what a limit would have been held against. */
  public int peakMemoryMib() {
    try {
      return Files.readAllLines(Path.of("/proc/%d/status".formatted(program().pid()))).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ofManifest(String pattern) {
    try {
      var found = Pattern.compile(pattern).matcher(Files.readString(MANIFEST));
      if (!found.find()) {
        throw new IllegalStateException("%s has nothing like %s".formatted(MANIFEST, pattern));
      }
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its log. */
  public Path log() {
    return process.log();
  }

  /** Whether it runs, and the last lines of its log: for messages of a test that fails. */
  public String state() {
    return "%s %s; the end of its log:%n%s"
        .formatted(process.name(), isAlive() ? "runs" : "has ended", process.lastLines(15));
  }

  /** Ends it as a {@code SIGKILL} does, and waits until it is gone. */
  public void kill() {
    process.close();
  }

  /**
   * Tells it to stop by a {@code SIGTERM}, as the kubelet does, and waits until it has ended.
   *
   * @return whether it ended by that
   */
  public boolean terminate(Duration patience) {
    if (!isAlive()) {
      throw new IllegalStateException(state());
    }
    signal("TERM");
    return ENDED_BY_SIGTERM.contains(awaitEnd(patience));
  }

  /** Stops it as a {@code SIGSTOP} does: it is there, and nothing of it goes on. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on, as if no time had passed. */
  public void thaw() {
    signal("CONT");
  }

  /** The exit code that it ends with, waited for; 137 after a kill. */
  public int awaitEnd(Duration patience) {
    try {
      if (!process.waitFor(patience)) {
        throw new IllegalStateException(
            "%s has not ended within %s:%n%s"
                .formatted(process.name(), patience, process.lastLines(30)));
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What {@code jcmd} prints about its JVM for a command like {@code GC.class_histogram}. */
  public String jcmd(String... command) {
    var all = new ArrayList<String>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    all.add(Long.toString(program().pid()));
    all.addAll(List.of(command));
    try {
      var jcmd = new ProcessBuilder(all).redirectErrorStream(true).start();
      return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CPU time that it has used so far. */
  public Duration cpuTime() {
    return program().info().totalCpuDuration().orElseThrow();
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(program().pid()))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ProcessHandle program() {
    return process.program().orElseThrow(() -> new IllegalStateException("it has ended"));
  }

  /** The page of that path on the management port, like {@code /q/metrics}. */
  public String get(String path) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return managementPort;
  }

  @Override
  public void close() {
    process.close();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
