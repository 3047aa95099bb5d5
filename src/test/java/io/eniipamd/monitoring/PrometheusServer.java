package io.eniipamd.monitoring;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.eniipamd.controlplane.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A Prometheus on the loopback interface that scrapes one operator and evaluates the rules. */
final class PrometheusServer implements AutoCloseable {
  private static final Pattern PORT =
      Pattern.compile("\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final GuardedProcess process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  private PrometheusServer(GuardedProcess process, URI base) {
    this.process = process;
    this.base = base;
  }

  /**
   * Starts it.
   *
   * @param directory empty: where its configuration, data and log go
   * @param target the port of the operator's metrics
   */
  static PrometheusServer start(Path directory, int target) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("rules.yml"), ShippedMonitoring.rulesFile());
    Files.writeString(
        directory.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
        - job_name: ipamd
          metrics_path: /q/metrics
          static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(target));
    var process =
        GuardedProcess.start(
            "prometheus",
            List.of(
                PrometheusPrograms.locate().prometheus().toAbsolutePath().toString(),
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:0"),
            directory,
            Map.of(),
            directory.resolve("prometheus.log").toAbsolutePath());
    try {
      Awaitility.await("Prometheus listens")
          .atMost(PATIENCE)
          .until(() -> port(process).isPresent() || !process.isAlive());
      int port = port(process).orElseThrow(() -> new IllegalStateException(process.lastLines(30)));
      return new PrometheusServer(process, URI.create("http://127.0.0.1:" + port));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private static Optional<Integer> port(GuardedProcess process) {
    var found = PORT.matcher(process.lastLines(200));
    return found.find() ? Optional.of(Integer.parseInt(found.group(1))) : Optional.empty();
  }

  /**
   * The series that a query has at this moment.
   *
   * @throws IllegalStateException where Prometheus refuses it
   */
  JsonArray query(String expression) {
    var request =
        HttpRequest.newBuilder(base.resolve("/api/v1/query"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)))
            .build();
    try {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "%s: Prometheus answered %d: %s"
                .formatted(expression, answer.statusCode(), answer.body()));
      }
      return new Gson()
          .fromJson(answer.body(), JsonObject.class)
          .getAsJsonObject("data")
          .getAsJsonArray("result");
    } catch (IOException e) {
      throw new UncheckedIOException(process.lastLines(30), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The value of a query that has one series. */
  double value(String expression) {
    var series = query(expression);
    if (series.size() != 1) {
      throw new IllegalStateException("%s has %d series".formatted(expression, series.size()));
    }
    return series.get(0).getAsJsonObject().getAsJsonArray("value").get(1).getAsDouble();
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.close();
  }
}
