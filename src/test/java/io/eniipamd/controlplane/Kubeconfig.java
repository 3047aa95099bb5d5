package io.eniipamd.controlplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Writes kubeconfig files for one API server. */
final class Kubeconfig {

  private final String server;
  private final String authority;

  /**
   * For a server.
   *
   * @param server its URL
   * @param authority the certificate of its authority, in PEM
   */
  Kubeconfig(String server, String authority) {
    this.server = server;
    this.authority = authority;
  }

  /** A file for a user with a certificate. */
  Path write(Path file, String user, ClusterCertificates.ClientIdentity identity)
      throws IOException {
    String credentials =
        "    client-certificate-data: %s\n    client-key-data: %s\n"
            .formatted(base64(identity.certificate()), base64(identity.key()));
    return writeFile(file, user, credentials);
  }

  /** A file for a user with a bearer token. */
  Path write(Path file, String user, String token) throws IOException {
    return writeFile(file, user, "    token: %s\n".formatted(token));
  }

  private Path writeFile(Path file, String user, String credentials) throws IOException {
    ClusterCertificates.writeSecret(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: eni-ipamd
          cluster:
            server: %s
            certificate-authority-data: %s
        contexts:
        - name: eni-ipamd
          context:
            cluster: eni-ipamd
            user: "%s"
        current-context: eni-ipamd
        users:
        - name: "%s"
          user:
        %s"""
            .formatted(server, base64(authority), user, user, credentials));
    return file;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
