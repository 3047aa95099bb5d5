package io.eniipamd.cloud.tencent;

import io.eniipamd.cloud.CloudException;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Where the credentials come from. Asked before every request, so that a rotated key is seen. */
@FunctionalInterface
public interface CredentialSource {

  /** Name of the public half, as a variable and as a key in a mounted Secret. */
  String SECRET_ID = "TENCENTCLOUD_SECRET_ID";

  /** Name of the secret half, as a variable and as a key in a mounted Secret. */
  String SECRET_KEY = "TENCENTCLOUD_SECRET_KEY";

  /** Name of a temporary credential's token, absent for permanent keys. */
  String TOKEN = "TENCENTCLOUD_TOKEN";

  /**
   * The credentials in force.
   *
   * @throws CloudException of kind {@link CloudException.Kind#DENIED} where there are none; the
   *     message names the place where they were expected
   */
  Credentials current();

  /**
   * Reports that the cloud has refused these credentials as a whole. Where they are given for a
   * time, others are fetched; what is read before every request needs nothing.
   */
  default void refused(Credentials credentials) {}

  /** The environment variables {@value #SECRET_ID} and {@value #SECRET_KEY}. */
  static CredentialSource environment(Map<String, String> variables) {
    return () ->
        from(
            variables.get(SECRET_ID),
            variables.get(SECRET_KEY),
            variables.get(TOKEN),
            "the environment");
  }

  /**
   * A mounted Secret: either a directory with one file for each of {@value #SECRET_ID} and {@value
   * #SECRET_KEY}, or one file with lines {@code name=value} of these names.
   */
  static CredentialSource file(Path path) {
    return () -> {
      try {
        return Files.isDirectory(path) ? fromDirectory(path) : fromProperties(path);
      } catch (IOException | IllegalArgumentException e) {
        throw none(path + " cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    };
  }

  /**
   * The CAM role of the instance, from its metadata service.
   *
   * @param metadata where the service is, like {@code http://metadata.tencentyun.com}
   * @param role its name; empty for the one that the service names
   */
  static CredentialSource instanceRole(URI metadata, Optional<String> role, Clock clock) {
    var issuer = new InstanceRole(metadata, role, HttpClients.forMetadata());
    return new RefreshedCredentials(issuer, clock);
  }

  /**
   * The CAM role of the Pod's ServiceAccount.
   *
   * @param variables the environment, where the cluster's identity webhook has set {@link
   *     WebIdentityRole#VARIABLES}
   * @param sts where the service for roles is, like {@code https://sts.tencentcloudapi.com}
   * @param proxy an HTTP proxy; empty for the JVM's own settings
   */
  static CredentialSource webIdentityRole(
      Map<String, String> variables, URI sts, Optional<URI> proxy, Clock clock) {
    var http = HttpClients.forCredentials(proxy);
    return new RefreshedCredentials(new WebIdentityRole(variables, sts, http, clock), clock);
  }

  private static Credentials fromDirectory(Path path) throws IOException {
    // The kubelet swaps the link ..data when a Secret changes: through the link's target, both
    // halves are of one version.
    Path data = path.resolve("..data");
    Path version = Files.exists(data) ? data.toRealPath() : path;
    return from(
        line(version.resolve(SECRET_ID)),
        line(version.resolve(SECRET_KEY)),
        line(version.resolve(TOKEN)),
        path.toString());
  }

  private static Credentials fromProperties(Path path) throws IOException {
    var properties = new Properties();
    properties.load(new StringReader(Files.readString(path)));
    return from(
        properties.getProperty(SECRET_ID),
        properties.getProperty(SECRET_KEY),
        properties.getProperty(TOKEN),
        path.toString());
  }

  private static String line(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : null;
  }

  private static Credentials from(String id, String key, String token, String where) {
    if (id == null || id.isBlank()) {
      throw none(SECRET_ID + " is not set in " + where);
    }
    if (key == null || key.isBlank()) {
      throw none(SECRET_KEY + " is not set in " + where);
    }
    return new Credentials(
        presentable(SECRET_ID, id, where),
        presentable(SECRET_KEY, key, where),
        presentable(TOKEN, token == null ? "" : token, where));
  }

  private static String presentable(String name, String text, String where) {
    String stripped = text.strip();
    if (!Credentials.isPresentable(stripped)) {
      throw none(
          "%s in %s contains a blank, a line break or another character that is not visible ASCII;"
                  .formatted(name, where)
              + " write it again, on one line");
    }
    return stripped;
  }

  private static CloudException none(String detail) {
    return new CloudException(
        CloudException.Kind.DENIED, "reading the cloud's credentials", null, detail, null, null);
  }
}
