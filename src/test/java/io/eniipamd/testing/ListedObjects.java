package io.eniipamd.testing;

import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A cache that holds what a test has listed, without indexes. */
public record ListedObjects<P extends HasMetadata>(List<P> objects)
    implements IndexerResourceCache<P> {

  /** The shared cache of a kind with these objects in it. */
  @SafeVarargs
  @SuppressWarnings("varargs") // Only read, by List.of.
  public static <P extends HasMetadata> SharedCache<P> watched(Class<P> kind, P... objects) {
    return watched(kind, List.of(objects));
  }

  /** The shared cache of a kind with these objects in it. */
  public static <P extends HasMetadata> SharedCache<P> watched(Class<P> kind, List<P> objects) {
    var watched = new SharedCache<>(kind);
    watched.bind(
        new EventSourceContext<>(new ListedObjects<>(objects), null, null, kind), Map.of());
    return watched;
  }

  @Override
  public Stream<P> list(Predicate<P> predicate) {
    return objects.stream().filter(predicate);
  }

  @Override
  public Stream<P> list(String namespace, Predicate<P> predicate) {
    return list(predicate).filter(o -> namespace.equals(o.getMetadata().getNamespace()));
  }

  @Override
  public Optional<P> get(ResourceID id) {
    return objects.stream().filter(o -> ResourceID.fromResource(o).equals(id)).findFirst();
  }

  @Override
  public Stream<ResourceID> keys() {
    return objects.stream().map(ResourceID::fromResource);
  }

  @Override
  public void addIndexers(Map<String, Function<P, List<String>>> indexers) {}

  @Override
  public List<P> byIndex(String index, String key) {
    throw new UnsupportedOperationException("no index " + index);
  }
}
