package io.eniipamd.manifests;

import io.eniipamd.cli.Arguments;
import io.eniipamd.cli.Invocation;
import io.eniipamd.config.ConfigCheck;
import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.ConfiguredValue;
import io.eniipamd.config.Environment;
import io.eniipamd.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads manifests, and has them judged by the API server and by the operator. */
final class Manifests {
  /** The plain ones. */
  static final Path PLAIN = Path.of("src/main/kubernetes");

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private Manifests() {}

  /** Fails unless a real API server accepts all of it, without a warning. */
  static void validate(ControlPlane plane, Path folder, String manifests) throws IOException {
    Path file = Files.writeString(folder.resolve("all.yaml"), manifests);
    plane.runKubectl(
        "apply",
        "--warnings-as-errors",
        "--validate=strict",
        "--dry-run=server",
        "--server-side",
        "--force-conflicts",
        "--filename=" + file);
  }

  /** Has the API server know the kinds of the Prometheus operator and of cert-manager. */
  static void addForeignKinds(ControlPlane plane) {
    plane.apply(List.of(Path.of("src/test/resources/manifests/foreign-kinds.yaml")));
    plane.runKubectl(
        "wait",
        "--for=condition=Established",
        "customresourcedefinitions",
        "--all",
        "--timeout=1m");
  }

  /** What the operator says of these arguments: nothing, if it would start. */
  static List<String> problems(Container container) {
    var variables = container.getEnv().stream().map(e -> e.getName()).collect(Collectors.toSet());
    // Set by the identity webhook of the cluster.
    variables.addAll(ConfigCheck.WEB_IDENTITY_VARIABLES);
    var invocation = Arguments.read(container.getArgs().toArray(String[]::new));
    if (!(invocation instanceof Invocation.Run run)) {
      return List.of(invocation.toString());
    }
    var given = new EnumMap<ConfigKey, ConfiguredValue>(ConfigKey.class);
    run.flags()
        .forEach(
            (key, text) ->
                given.put(key, new ConfiguredValue(text, ConfiguredValue.Origin.ARGUMENT)));
    return ConfigCheck.problems(
        given,
        new Environment() {
          @Override
          public boolean hasVariable(String name) {
            return variables.contains(name);
          }

          @Override
          public boolean canRead(Path file) {
            return container.getVolumeMounts().stream()
                .anyMatch(mount -> file.startsWith(mount.getMountPath()));
          }
        });
  }

  /** The objects of a plain file. */
  static List<HasMetadata> plain(String file) throws IOException {
    return objects(Files.readString(PLAIN.resolve(file)));
  }

  static List<HasMetadata> objects(String text) {
    Object read = YAML.unmarshal(text);
    return read instanceof List<?> all
        ? all.stream().map(HasMetadata.class::cast).toList()
        : List.of((HasMetadata) read);
  }

  /** The objects of the plain CRDs. */
  static List<HasMetadata> kinds() throws IOException {
    List<HasMetadata> kinds = new ArrayList<>();
    try (Stream<Path> files = Files.list(PLAIN.resolve("crds"))) {
      for (Path file : files.toList()) {
        kinds.addAll(objects(Files.readString(file)));
      }
    }
    return kinds;
  }

  /** By kind and name, with the content without its order. */
  static Map<String, HasMetadata> byName(List<? extends HasMetadata> objects) {
    return objects.stream()
        .collect(
            Collectors.toMap(
                object -> object.getKind() + " " + object.getMetadata().getName(),
                object -> YAML.convertValue(object, GenericKubernetesResource.class)));
  }

  static Container container(List<HasMetadata> objects) {
    return only(objects, Deployment.class)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst();
  }

  static <T extends HasMetadata> T only(List<HasMetadata> objects, Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }
}
