package io.eniipamd.app;

import io.eniipamd.config.ConfigCheck;
import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.config.LiveConfig;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.domain.node.SubnetQuotas;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.release.ConfigMapAvalancheStore;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/**
 * The settings that users change while the operator runs: the ConfigMap {@value #CONFIG_MAP} in the
 * operator's namespace, over what the process was started with. Who deletes the ConfigMap changes
 * nothing of what is in force. Where it is missing at the start, the latter holds and releases are
 * paused, because the operator cannot know whether they were.
 */
@Singleton
final class LiveSettings {
  static final String CONFIG_MAP = "tke-eni-ipamd";

  /** Where an automatic pause of releases is put on record. */
  static final String RECORD = CONFIG_MAP + "-releases";

  private final KubernetesClient client;
  private final String namespace;
  private final Map<ConfigKey, String> started;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> groupListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> quotaListeners = new CopyOnWriteArrayList<>();
  private final Set<String> told = new HashSet<>();
  private final LogLevels levels;
  private volatile LiveConfig config;
  private volatile ReleaseSettings current;
  private SharedIndexInformer<ConfigMap> informer;

  LiveSettings(KubernetesClient client, IpamdConfig ipamd, Config config, LogLevels levels) {
    this.client = client;
    this.namespace = ipamd.leaderElectionNamespace();
    this.started = started(config);
    this.config = new LiveConfig(started, List.of());
    this.current = this.config.releases();
    this.levels = levels;
    levels.set(this.config.logLevels());
  }

  private static Map<ConfigKey, String> started(Config config) {
    var started = new EnumMap<ConfigKey, String>(ConfigKey.class);
    for (var key : ConfigKey.values()) {
      var value = key.live() ? config.getConfigValue(key.property()) : null;
      // A value that no source sets is a default of the mapping.
      if (value != null
          && value.getValue() != null
          && !value.getValue().isBlank()
          && !value.getValue().equals(key.defaultValue().orElse(null))) {
        started.put(key, ConfigCheck.normalized(value.getValue()));
      }
    }
    return started;
  }

  /** What is in force now. */
  ReleaseSettings current() {
    return current;
  }

  /** Which security groups ENIs have, by what is in force now. */
  SecurityGroupSettings securityGroups() {
    return config.securityGroups();
  }

  /** Called when other settings of releases are in force. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Called when other settings of security groups are in force. */
  void onOtherGroups(Runnable listener) {
    groupListeners.add(listener);
  }

  /** How many addresses of subnets this cluster may take, by what is in force now. */
  SubnetQuotas subnetQuotas() {
    return config.subnetQuotas();
  }

  /** Called when other quotas of subnets are in force. */
  void onOtherQuotas(Runnable listener) {
    quotaListeners.add(listener);
  }

  /**
   * Reads the ConfigMap and follows it from then on; before anything is released.
   *
   * @param remarks receives each remark for users, once
   */
  void follow(Consumer<LiveConfig.Remark> remarks) {
    // Read once by itself: what comes from the watch comes when it comes.
    var now = client.configMaps().inNamespace(namespace).withName(CONFIG_MAP).get();
    if (now == null) {
      missing(remarks);
    } else {
      take(now.getData(), remarks);
    }
    informer =
        client
            .configMaps()
            .inNamespace(namespace)
            .withName(CONFIG_MAP)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(ConfigMap map) {
                    take(map.getData(), remarks);
                  }

                  @Override
                  public void onUpdate(ConfigMap before, ConfigMap map) {
                    take(map.getData(), remarks);
                  }

                  @Override
                  public void onDelete(ConfigMap map, boolean unknown) {
                    deleted(remarks);
                  }
                });
  }

  private synchronized void missing(Consumer<LiveConfig.Remark> remarks) {
    current = current.pausing();
    tell(ConfigMapAvalancheStore.missing(namespace, CONFIG_MAP), remarks);
    listeners.forEach(Runnable::run);
  }

  private synchronized void deleted(Consumer<LiveConfig.Remark> remarks) {
    tell(
        "ConfigMap %s/%s was deleted: its settings stay in force (pause-releases: %s) until a restart, which pauses all releases; apply kubernetes.yml again and set its keys"
            .formatted(namespace, CONFIG_MAP, current.paused()),
        remarks);
  }

  private void tell(String message, Consumer<LiveConfig.Remark> remarks) {
    if (told.add(message)) {
      remarks.accept(new LiveConfig.Remark.Bad(message));
    }
  }

  private synchronized void take(Map<String, String> data, Consumer<LiveConfig.Remark> remarks) {
    var read = LiveConfig.read(started, data == null ? Map.of() : data, config.texts());
    var groups = securityGroups();
    var quotas = subnetQuotas();
    config = read;
    var before = current;
    current = read.releases();
    levels.set(read.logLevels());
    var now = read.remarks().stream().map(LiveConfig.Remark::message).collect(Collectors.toSet());
    // A remark that comes again after a correction is reported again.
    told.retainAll(now);
    new ArrayList<>(read.remarks()).stream().filter(r -> told.add(r.message())).forEach(remarks);
    if (!current.equals(before)) {
      listeners.forEach(Runnable::run);
    }
    if (!securityGroups().equals(groups)) {
      groupListeners.forEach(Runnable::run);
    }
    if (!subnetQuotas().equals(quotas)) {
      quotaListeners.forEach(Runnable::run);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (informer != null) {
      informer.close();
    }
  }
}
