package io.eniipamd.controlplane;

import java.nio.file.Path;
import java.util.List;

/**
 * The one control plane of a test run. It is started by the first test that asks for it, with the
 * project's CRDs, and stopped with the JVM. Tests side by side on it keep apart by a namespace and
 * nodes of their own.
 */
public final class SharedControlPlane {

  private static final Path WORK_DIR =
      Path.of("target", "control-plane-of-tests" + System.getProperty("stage.suffix", ""));
  private static final Path CRDS = Path.of("src", "main", "kubernetes", "crds");

  private static ControlPlane started;
  private static RuntimeException failure;

  private SharedControlPlane() {}

  /**
   * The control plane, started if it is not.
   *
   * @throws RuntimeException the one of the first attempt, however often it is asked for
   */
  @SuppressWarnings("StaticAssignmentOfThrowable") // The first one is what it promises to throw.
  public static synchronized ControlPlane get() {
    if (failure != null) {
      throw failure;
    }
    if (started == null) {
      try {
        started = ControlPlane.start(WORK_DIR, List.of(CRDS));
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
      Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop the control plane"));
    }
    return started;
  }
}
