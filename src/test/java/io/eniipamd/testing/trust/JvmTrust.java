package io.eniipamd.testing.trust;

import io.eniipamd.simulator.wire.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * While it is open, clients that are made in this JVM trust one certificate and no other, as those
 * of a process do that was started with {@code -Djavax.net.ssl.trustStore}.
 */
public final class JvmTrust implements AutoCloseable {
  private static final String FILE = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "javax.net.ssl.trustStorePassword";
  private static final String TYPE = "javax.net.ssl.trustStoreType";

  private final Map<String, String> before = new HashMap<>();
  private final Path store;

  private JvmTrust(Path store) {
    this.store = store;
  }

  /** Begins to trust a certificate. */
  public static JvmTrust in(ServerCertificate certificate) {
    String password = "of-a-test";
    try {
      var trust = new JvmTrust(Files.createTempFile("trusted-", ".p12"));
      certificate.writeTrustStore(trust.store, password);
      trust.set(FILE, trust.store.toString());
      trust.set(PASSWORD, password);
      trust.set(TYPE, "PKCS12");
      return trust;
    } catch (IOException e) {
      throw new UncheckedIOException("writing a trust store", e);
    }
  }

  private void set(String property, String value) {
    before.put(property, System.getProperty(property));
    System.setProperty(property, value);
  }

  @Override
  public void close() {
    before.forEach(
        (property, value) -> {
          if (value == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, value);
          }
        });
    try {
      Files.deleteIfExists(store);
    } catch (IOException e) {
      throw new UncheckedIOException("deleting " + store, e);
    }
  }
}
