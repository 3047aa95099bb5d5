package io.eniipamd.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that dies with this JVM, however the JVM dies.
 *
 * <p>It is the child of a shell that reads a pipe whose only other end is held by this JVM. Nothing
 * is ever written to it: when the pipe closes, because {@link #close} closed it or because the
 * kernel did after a {@code SIGKILL}, the shell kills the program.
 */
public final class GuardedProcess implements AutoCloseable {

  // The reader of the pipe and the program run side by side below the shell, which waits for the
  // program and ends with its status. Neither of them keeps the other's files open. The shell
  // itself
  // ignores what a terminal sends on Ctrl-C and what is sent to end the whole process group, so
  // that
  // it is there to clean up. The program heeds a SIGTERM.
  private static final String GUARD =
      """
      trap '' INT HUP TERM
      exec 3<&0 </dev/null
      (trap - TERM; exec "$@" 3<&-) &
      program=$!
      { read -r nothing <&3; kill -KILL $program 2>/dev/null; } &
      reader=$!
      exec 3<&-
      wait $program
      status=$?
      kill -KILL $reader 2>/dev/null
      exit $status
      """;

  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final Path log;
  private final Process shell;

  private GuardedProcess(String name, Path log, Process shell) {
    this.name = name;
    this.log = log;
    this.shell = shell;
  }

  /**
   * Starts a program.
   *
   * @param name what messages call it
   * @param log where its output goes, appended
   * @param directory its working directory
   * @param environment added to this JVM's own, which is handed on without {@code ENI_IPAMD_…}
   */
  public static GuardedProcess start(
      String name,
      List<String> command,
      Path directory,
      Map<String, String> environment,
      Path log) {
    List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, name));
    guarded.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(guarded)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // What the test tree reads of the environment is no setting of a program that it starts.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("ENI_IPAMD_"));
    builder.environment().putAll(environment);
    try {
      return new GuardedProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + name, e);
    }
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** Whether the program has not ended. */
  public boolean isAlive() {
    return shell.isAlive();
  }

  /** The program itself, for signals and numbers; empty where it has ended. */
  public Optional<ProcessHandle> program() {
    // The other child of the shell is the shell that reads the pipe.
    var itself = shell.info().command();
    return shell.children().filter(child -> !child.info().command().equals(itself)).findFirst();
  }

  /** Waits for the program's end and returns its status, 137 after a kill. */
  public int waitFor() throws InterruptedException {
    return shell.waitFor();
  }

  /** Waits for the program's end for a while; whether it ended. */
  public boolean waitFor(Duration timeout) throws InterruptedException {
    return shell.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The last lines of its log, for messages. */
  public String lastLines(int count) {
    try {
      List<String> lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }

  /** Where its output is. */
  public Path log() {
    return log;
  }

  /** Kills the program ({@code SIGKILL}) and waits until it is gone. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("stopping " + name, e);
    } catch (InterruptedException e) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
