package io.eniipamd.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads the API server's audit log: every request with its verb, resource, user and answer. The
 * server writes an event before the client has its whole answer, so a client that goes by its own
 * answers finds them here.
 */
public final class AuditLog {

  /** The identity under which the control plane itself and a person at its kubeconfig work. */
  public static final String ADMIN = "admin";

  // The policy leaves out what says nothing of a request's outcome.
  static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived, ResponseStarted]
      omitManagedFields: true
      rules:
      - level: Metadata
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  /** Reads a log that may not exist yet. */
  public AuditLog(Path file) {
    this.file = file;
  }

  /** The file itself, one JSON object a line. */
  public Path file() {
    return file;
  }

  /** The place that the log has reached, for {@link #since}. */
  public Mark mark() {
    try {
      return new Mark(Files.exists(file) ? Files.size(file) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException("size of " + file, e);
    }
  }

  /** All requests answered so far, in the order of their answers. */
  public List<AuditEvent> events() {
    return since(new Mark(0));
  }

  /** The requests answered since a mark, in the order of their answers. */
  public List<AuditEvent> since(Mark mark) {
    if (!Files.exists(file)) {
      return List.of();
    }
    byte[] bytes;
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(mark.offset());
      bytes = new byte[Math.toIntExact(in.length() - mark.offset())];
      in.readFully(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    // The last line may be half written.
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return whole.lines().filter(line -> !line.isBlank()).map(AuditLog::parse).toList();
  }

  /** The requests since a mark that changed something, of users whose name ends so. */
  public List<AuditEvent> writesSince(Mark mark, String userSuffix) {
    return since(mark).stream()
        .filter(event -> event.isWrite() && event.user().endsWith(userSuffix))
        .toList();
  }

  private static AuditEvent parse(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      return new AuditEvent(
          Instant.parse(event.path("stageTimestamp").asText()),
          event.path("verb").asText(),
          event.path("user").path("username").asText(),
          event.path("impersonatedUser").path("username").asText(),
          event.path("userAgent").asText(),
          object.path("apiGroup").asText(),
          object.path("resource").asText(),
          object.path("subresource").asText(),
          object.path("namespace").asText(),
          object.path("name").asText(),
          event.path("requestURI").asText(),
          event.path("responseStatus").path("code").asInt(),
          annotations(event.path("annotations")));
    } catch (IOException e) {
      throw new UncheckedIOException("a line of the audit log: " + line, e);
    }
  }

  private static Map<String, String> annotations(JsonNode noted) {
    return noted.properties().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().asText()));
  }

  /**
   * A place in the log.
   *
   * @param offset in bytes
   */
  public record Mark(long offset) {}
}
