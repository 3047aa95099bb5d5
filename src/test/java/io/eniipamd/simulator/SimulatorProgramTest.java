package io.eniipamd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of the simulation as a program. */
class SimulatorProgramTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final SimulatorProgram program =
      new SimulatorProgram(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));

  @Test
  void shouldTellItsFlagsWhenAskedForHelp() throws Exception {
    assertThat(program.run(new String[] {"--help"})).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--port", "--layout", "--seed");
  }

  @Test
  void shouldPrintWhereItListensAndItsSeedWhenItStarts() throws Exception {
    Thread running =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    program.run(new String[] {"--port=0", "--seed=7", "--every=1"});
                  } catch (InterruptedException e) {
                    // How the test ends it.
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("seed 7", "http://127.0.0.1:", "SUBNET", "ins-node0001"));
    running.interrupt();
    running.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--colour=green", "--port=many", "--port=-1", "--layout=/nowhere.yaml"})
  void shouldStopWithTheFlagNamedWhenItIsWrong(String flag) throws Exception {
    assertThat(program.run(new String[] {flag})).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(flag).contains("--port=N");
  }
}
