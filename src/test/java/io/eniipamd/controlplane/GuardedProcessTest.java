package io.eniipamd.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedProcessTest {

  @TempDir Path directory;

  @Test
  void shouldGiveTheStatusAndTheOutputWhenTheProgramEnds() throws Exception {
    GuardedProcess process = start("echo one; echo two >&2; exit 7");

    assertThat(process.waitFor()).isEqualTo(7);
    assertThat(process.lastLines(1)).isEqualTo("two");
    assertThat(process.lastLines(5)).isEqualTo("one\ntwo");
    process.close();
  }

  @Test
  void shouldKillTheProgramWhenItIsClosed() throws Exception {
    GuardedProcess process = start("trap '' TERM HUP INT; echo $$; exec sleep 600");
    await().until(() -> !process.lastLines(1).isEmpty());
    long pid = Long.parseLong(process.lastLines(1));
    assertThat(isAlive(pid)).isTrue();

    process.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(isAlive(pid)).isFalse();
  }

  @Test
  void shouldKillTheProgramWhenTheJvmIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StartsAProgram.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid = Long.parseLong(jvm.inputReader().readLine());
    assertThat(isAlive(pid)).isTrue();
    List<ProcessHandle> below = jvm.descendants().toList();
    assertThat(below).hasSizeGreaterThanOrEqualTo(2);

    jvm.destroyForcibly().waitFor();

    await().atMost(Duration.ofSeconds(5)).until(() -> !isAlive(pid));
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> below.stream().noneMatch(ProcessHandle::isAlive));
  }

  private GuardedProcess start(String script) {
    return GuardedProcess.start(
        "program",
        List.of("/bin/sh", "-c", script),
        directory,
        Map.of(),
        directory.resolve("program.log"));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Another JVM: starts a program, prints its process id and lives until it is killed. */
  static final class StartsAProgram {
    public static void main(String[] arguments) throws IOException, InterruptedException {
      Path directory = Path.of(arguments[0]);
      GuardedProcess process =
          GuardedProcess.start(
              "program",
              List.of("/bin/sh", "-c", "echo $$; exec sleep 600"),
              directory,
              Map.of(),
              directory.resolve("other.log"));
      while (process.lastLines(1).isEmpty()) {
        Thread.onSpinWait();
      }
      System.out.println(process.lastLines(1));
      process.waitFor();
    }
  }
}
