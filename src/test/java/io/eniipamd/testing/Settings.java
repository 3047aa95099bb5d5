package io.eniipamd.testing;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.HashMap;
import java.util.Map;

/** What users set while the operator runs: the ConfigMap, as a test writes it. */
public final class Settings implements AutoCloseable {
  private final Stage stage;

  private Settings(Stage stage) {
    this.stage = stage;
  }

  /** The settings of a stage; closing them takes all away. */
  public static Settings of(Stage stage) {
    return new Settings(stage);
  }

  /** Sets one. */
  public Settings set(String key, String value) {
    var data = new HashMap<>(data());
    data.put(key, value);
    return write(data);
  }

  /** Takes one away. */
  public Settings unset(String key) {
    var data = new HashMap<>(data());
    data.remove(key);
    return write(data);
  }

  private Map<String, String> data() {
    var data =
        stage
            .client()
            .configMaps()
            .inNamespace(Stage.NAMESPACE)
            .withName(Stage.ACCOUNT)
            .get()
            .getData();
    return data == null ? Map.of() : data;
  }

  private Settings write(Map<String, String> data) {
    Edits.edit(
        stage.client().configMaps().inNamespace(Stage.NAMESPACE).withName(Stage.ACCOUNT),
        map -> new ConfigMapBuilder(map).withData(data).build());
    return this;
  }

  @Override
  public void close() {
    write(Map.of());
  }
}
