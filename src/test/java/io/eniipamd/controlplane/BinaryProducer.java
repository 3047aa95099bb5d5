package io.eniipamd.controlplane;

import java.nio.file.Path;

/** A way to make the binaries of one release where the cache has none. */
interface BinaryProducer {

  /** What this way is called in progress lines, e.g. {@code official download}. */
  String name();

  /**
   * Puts every {@link Program} into a directory.
   *
   * @param directory empty, and thrown away when this fails
   * @throws SourceUnavailableException when this way is not open here, with the reason in a line
   */
  void produceInto(Path directory) throws SourceUnavailableException, InterruptedException;
}
