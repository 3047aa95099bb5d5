package io.eniipamd.simulator;

import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The simulation as a program of its own: flags in, a readable view of the VPC out. */
final class SimulatorProgram {
  private static final int BAD_USAGE = 2;

  /** ANSI: the cursor to the corner, then everything below it cleared. */
  private static final String CLEAR_SCREEN = "\033[H\033[J";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final String HELP =
      """
      Simulates a VPC of Tencent Cloud on loopback until it is interrupted.

        --port=N        the port to listen on (default 18090; 0: a free one)
        --layout=FILE   the VPC as JSON or YAML (default: two zones, three subnets, five machines)
        --seed=N        decides ids and random faults (default: by the time)
        --calls         print every call
        --every=N       print the VPC every N seconds, in place on a terminal without --calls
                        (default 0: not)
      """;

  private final PrintStream out;
  private final PrintStream err;

  SimulatorProgram(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** What the command line asks for. */
  private record Flags(int port, Optional<Path> layout, long seed, boolean calls, int every) {

    static Flags of(String[] args) {
      int port = 18_090;
      Optional<Path> layout = Optional.empty();
      long seed = System.nanoTime() & 0xFFFFFF;
      boolean calls = false;
      int every = 0;
      for (String arg : args) {
        int equals = arg.indexOf('=');
        String value = arg.substring(equals + 1);
        switch (equals < 0 ? arg : arg.substring(0, equals)) {
          case "--port" -> port = number(arg, value, 65_535);
          case "--layout" -> layout = Optional.of(Path.of(value));
          case "--seed" -> seed = number(arg, value, Integer.MAX_VALUE);
          case "--calls" -> calls = true;
          case "--every" -> every = number(arg, value, 86_400);
          default -> throw new IllegalArgumentException("unknown flag " + arg);
        }
      }
      return new Flags(port, layout, seed, calls, every);
    }

    private static int number(String arg, String value, int max) {
      try {
        int number = Integer.parseInt(value);
        if (number >= 0 && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // The message below says what would do.
      }
      throw new IllegalArgumentException(arg + ": wanted is a number from 0 to " + max);
    }
  }

  /** Runs until the process is interrupted; returns the exit status of bad usage otherwise. */
  int run(String[] args) throws IOException, InterruptedException {
    if (args.length == 1 && args[0].equals("--help")) {
      out.print(HELP);
      return 0;
    }
    Flags flags;
    VpcLayout layout;
    try {
      flags = Flags.of(args);
      layout = flags.layout().isPresent() ? read(flags.layout().get()) : VpcLayout.standard();
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(HELP);
      return BAD_USAGE;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
    try (SimulatedVpc vpc =
        SimulatedVpc.start(layout, flags.port(), Clock.systemUTC(), flags.seed())) {
      greet(vpc, flags);
      if (flags.calls()) {
        vpc.record().listen(this::print);
      }
      long wait = flags.every() == 0 ? Long.MAX_VALUE : flags.every();
      String before = inPlace(flags) ? CLEAR_SCREEN : "";
      while (!stopped.await(wait, TimeUnit.SECONDS)) {
        out.println(before + vpc.render());
        out.flush();
      }
    }
    return 0;
  }

  @SuppressWarnings("SystemConsoleNull") // Java 25 has none again where there is no terminal.
  private static boolean inPlace(Flags flags) {
    Console console = System.console();
    return !flags.calls() && console != null && console.isTerminal();
  }

  private static VpcLayout read(Path file) {
    try {
      return VpcLayout.read(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("--layout=" + file + ": " + e.getMessage(), e);
    }
  }

  private void greet(SimulatedVpc vpc, Flags flags) {
    out.println("simulated VPC " + vpc.vpcId() + " in " + vpc.region() + ", seed " + flags.seed());
    out.println("  endpoint                  " + vpc.endpoint());
    out.println("  TENCENTCLOUD_SECRET_ID    " + vpc.secretId());
    out.println("  TENCENTCLOUD_SECRET_KEY   " + vpc.secretKey() + "  (of this simulation only)");
    out.println();
    out.println(vpc.render());
    out.flush();
  }

  private void print(Call call) {
    out.printf(
        "%s %-32s %-36s %4d ms  %s%n",
        TIME.format(call.at()),
        call.action(),
        call.result(),
        call.took().toMillis(),
        call.request());
    out.flush();
  }
}
