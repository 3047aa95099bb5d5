package io.eniipamd.kube.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The cache of one controller's primary resource, shared with the other packages, and a way to
 * enqueue its objects. With it there is one informer a kind in the whole process.
 *
 * <p>What comes from here is shared: never change it. The controllers' event processing begins only
 * after all caches are complete, because leader election is always on.
 *
 * @param <P> the kind
 */
public final class SharedCache<P extends HasMetadata> extends AbstractEventSource<P, P>
    implements ResourceEventAware<P> {

  /** Hears of every change of the kind, before any filter, on the informer's thread: be quick. */
  public interface Listener<P> {
    /** An object is new or has changed. */
    void changed(P object);

    /** An object is gone. */
    void deleted(P object);

    /** Does the same for an object that is new, has changed or is gone. */
    static <P> Listener<P> onAny(Consumer<P> action) {
      return new Listener<>() {
        @Override
        public void changed(P object) {
          action.accept(object);
        }

        @Override
        public void deleted(P object) {
          action.accept(object);
        }
      };
    }

    /** Does something for an object that is gone, and nothing for the others. */
    static <P> Listener<P> onDeleted(Consumer<P> action) {
      return new Listener<>() {
        @Override
        public void changed(P object) {}

        @Override
        public void deleted(P object) {
          action.accept(object);
        }
      };
    }
  }

  private final List<Listener<P>> listeners = new CopyOnWriteArrayList<>();
  private volatile IndexerResourceCache<P> cache;

  public SharedCache(Class<P> kind) {
    super(kind, kind.getSimpleName() + "Cache");
  }

  /** Ties this to its controller; called once, by the reconciler's {@code prepareEventSources}. */
  public void bind(EventSourceContext<P> context, Map<String, Function<P, List<String>>> indexers) {
    cache = context.getPrimaryCache();
    cache.addIndexers(indexers);
  }

  /** Adds a listener; before the start, or changes are missed. */
  public void listen(Listener<P> listener) {
    listeners.add(listener);
  }

  /**
   * Reports to the listeners a write that this process has made through its reconciler's context.
   * The framework hides the event of such a write.
   */
  public void wrote(P written) {
    // What was seen since is newer; what is gone has been reported as gone.
    var meta = written.getMetadata();
    get(meta.getNamespace(), meta.getName()).ifPresent(n -> listeners.forEach(l -> l.changed(n)));
  }

  /** The object as last seen; empty too while the caches are not there yet. */
  public Optional<P> get(String namespace, String name) {
    var current = cache;
    return current == null ? Optional.empty() : current.get(new ResourceID(name, namespace));
  }

  /** A cluster-scoped object as last seen. */
  public Optional<P> get(String name) {
    return get(null, name);
  }

  public List<P> byIndex(String index, String key) {
    var current = cache;
    return current == null ? List.of() : current.byIndex(index, key);
  }

  public Stream<P> all() {
    var current = cache;
    return current == null ? Stream.empty() : current.list();
  }

  /** Has the object reconciled soon, if there is one of that name. */
  public void enqueue(String namespace, String name) {
    if (isRunning() && name != null) {
      getEventHandler().handleEvent(new Event(new ResourceID(name, namespace)));
    }
  }

  public void enqueue(String name) {
    enqueue(null, name);
  }

  /** Has every object reconciled soon. */
  public void enqueueAll() {
    all().forEach(o -> enqueue(o.getMetadata().getNamespace(), o.getMetadata().getName()));
  }

  @Override
  public Set<P> getSecondaryResources(P primary) {
    return Set.of();
  }

  @Override
  public void onResourceCreated(P resource) {
    listeners.forEach(l -> l.changed(resource));
  }

  @Override
  public void onResourceUpdated(P resource, P old) {
    listeners.forEach(l -> l.changed(resource));
  }

  @Override
  public void onResourceDeleted(P resource) {
    listeners.forEach(l -> l.deleted(resource));
  }
}
