package io.eniipamd.kube.release;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The record as a ConfigMap of the operator's own, beside the one with the settings. It ships with
 * the operator, which may not create any.
 */
@Singleton
public final class ConfigMapAvalancheStore implements AvalancheStore {
  private static final Logger LOG = Logger.getLogger(ConfigMapAvalancheStore.class);
  private static final String SINCE = "paused-since";
  private static final String WHY = "paused-because";

  private final KubernetesClient client;
  private final Place place;

  /** Which ConfigMap it is. */
  public record Place(String namespace, String name) {}

  public ConfigMapAvalancheStore(KubernetesClient client, Place place) {
    this.client = client;
    this.place = place;
  }

  /** The message about a ConfigMap that ships with the operator and is missing. */
  public static String missing(String namespace, String name) {
    return ("ConfigMap %s/%s is missing: a pause of releases stays in force, and after a restart"
            + " the operator pauses all releases of fixed IPs until the ConfigMap is there; apply"
            + " kubernetes.yml again")
        .formatted(namespace, name);
  }

  @Override
  public State read() {
    return map()
        .<State>map(
            map -> {
              var data = map.getData();
              return data == null || data.get(SINCE) == null
                  ? new State.Clear()
                  : new State.Paused(
                      new Avalanche(instant(data.get(SINCE)), data.getOrDefault(WHY, "")));
            })
        .orElseGet(() -> new State.Missing(missing(place.namespace(), place.name())));
  }

  /**
   * A record that cannot be read pauses all the same; the earliest moment is before every value of
   * a user.
   */
  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      LOG.warnf("%s: %s is not a time; releases stay paused from now on", SINCE, text);
      return Instant.now();
    }
  }

  @Override
  public void write(Avalanche avalanche) {
    put(avalanche.since().toString(), avalanche.why());
  }

  @Override
  public void clear() {
    if (read() instanceof State.Paused) {
      put(null, null);
    }
  }

  private Optional<ConfigMap> map() {
    return Optional.ofNullable(
        client.configMaps().inNamespace(place.namespace()).withName(place.name()).get());
  }

  private void put(String since, String why) {
    var before =
        map()
            .orElseThrow(() -> new IllegalStateException(missing(place.namespace(), place.name())));
    var data = new HashMap<String, String>();
    if (since != null) {
      data.put(SINCE, since);
      data.put(WHY, why);
    }
    client.resource(new ConfigMapBuilder(before).withData(data).build()).update();
  }
}
