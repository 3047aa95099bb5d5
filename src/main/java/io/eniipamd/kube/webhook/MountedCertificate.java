package io.eniipamd.kube.webhook;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A certificate that is mounted, and replaced from outside: by cert-manager, for example. It is
 * read again and again; files that do not fit each other, because they are just being replaced,
 * change nothing.
 */
final class MountedCertificate implements ServingCertificate {
  private final Vertx vertx;
  private final Path directory;
  private byte[] certificate = {};
  private byte[] key = {};

  MountedCertificate(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  @Override
  public Optional<ServingPair> tend(boolean leading) throws UnusablePairException {
    var newCertificate = read("tls.crt");
    var newKey = read("tls.key");
    if (Arrays.equals(newCertificate, certificate) && Arrays.equals(newKey, key)) {
      return Optional.empty();
    }
    try {
      var pair = ServingPair.read(vertx, newCertificate, newKey);
      certificate = newCertificate;
      key = newKey;
      return Optional.of(pair);
    } catch (UnusablePairException e) {
      throw new UnusablePairException(
          "%s and tls.key beside it: %s".formatted(directory.resolve("tls.crt"), e.getMessage()));
    }
  }

  private byte[] read(String name) throws UnusablePairException {
    var file = directory.resolve(name);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnusablePairException(
          "%s cannot be read (%s)".formatted(file, e.getClass().getSimpleName()));
    }
  }
}
