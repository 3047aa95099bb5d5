package io.eniipamd.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A cache that records what was read of it by name, and fails a caller that lists all.
 *
 * @param objects what is in it
 * @param names of the objects that were read, in the order of the reads
 */
public record CountedReads<P extends HasMetadata>(ListedObjects<P> objects, List<String> names)
    implements IndexerResourceCache<P> {
  @Override
  public Optional<P> get(ResourceID id) {
    names.add(id.getName());
    return objects.get(id);
  }

  @Override
  public Stream<P> list(Predicate<P> predicate) {
    throw new AssertionError("all objects are walked");
  }

  @Override
  public Stream<P> list(String namespace, Predicate<P> predicate) {
    return list(predicate);
  }

  @Override
  public Stream<ResourceID> keys() {
    return objects.keys();
  }

  @Override
  public void addIndexers(Map<String, Function<P, List<String>>> indexers) {}

  @Override
  public List<P> byIndex(String index, String key) {
    return objects.byIndex(index, key);
  }
}
