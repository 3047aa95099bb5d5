package io.eniipamd.monitoring;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The alerts, the records and the dashboard, as they are shipped. */
final class ShippedMonitoring {
  private static final Path KUBERNETES = Path.of("src/main/kubernetes");
  static final Path RUNBOOKS = Path.of("docs/runbooks");

  /**
   * A rule.
   *
   * @param name of the alert or of the record
   * @param alert whether it is an alert
   * @param severity empty for a record
   * @param runbook the path of its page; empty for a record
   */
  record Rule(String name, boolean alert, String expression, String severity, String runbook) {}

  /** A query of a panel. */
  record Query(String panel, String expression) {}

  private ShippedMonitoring() {}

  /** The rules as a file of Prometheus. */
  static String rulesFile() {
    return Serialization.asYaml(
        Serialization.unmarshal(
                read(KUBERNETES.resolve("prometheusrule.yml")), GenericKubernetesResource.class)
            .get("spec"));
  }

  static List<Rule> rules() {
    var spec =
        new Gson()
            .fromJson(
                Serialization.asJson(Serialization.unmarshal(rulesFile(), Object.class)),
                JsonObject.class);
    return objects(spec.getAsJsonArray("groups"))
        .flatMap(group -> objects(group.getAsJsonArray("rules")))
        .map(ShippedMonitoring::rule)
        .toList();
  }

  private static Rule rule(JsonObject rule) {
    boolean alert = rule.has("alert");
    return new Rule(
        rule.get(alert ? "alert" : "record").getAsString(),
        alert,
        rule.get("expr").getAsString(),
        alert ? rule.getAsJsonObject("labels").get("severity").getAsString() : "",
        alert ? rule.getAsJsonObject("annotations").get("runbook").getAsString() : "");
  }

  /** The dashboard as Grafana reads it. */
  static JsonObject dashboard() {
    var map = Serialization.unmarshal(read(KUBERNETES.resolve("dashboard.yml")), ConfigMap.class);
    return new Gson().fromJson(map.getData().get("eni-ipamd.json"), JsonObject.class);
  }

  /** Every query of the dashboard. */
  static List<Query> queries() {
    return objects(dashboard().getAsJsonArray("panels"))
        .filter(panel -> panel.has("targets"))
        .flatMap(
            panel ->
                objects(panel.getAsJsonArray("targets"))
                    .map(
                        target ->
                            new Query(
                                panel.get("title").getAsString(),
                                target.get("expr").getAsString())))
        .toList();
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsJsonObject);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
