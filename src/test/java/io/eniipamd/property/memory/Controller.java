package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.property.memory.ApiServer.Change;
import io.eniipamd.property.memory.ApiServer.Kind;
import io.eniipamd.property.memory.ApiServer.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.dependent.managed.ManagedWorkflowAndDependentResourceContext;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One controller of the framework and its cache, as it behaves in version 5.3: what was written
 * through the context is seen by the next read at once, and the event of such a write is hidden
 * news, neither the reconciler's nor a listener's. Events are read from the server's log in order
 * and as late as the world likes.
 *
 * @param <P> the kind
 */
final class Controller<P extends HasMetadata> {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  /** What is known of one object's work. */
  private static final class Work<P> {
    boolean wanted;
    boolean running;
    int failures;
    Optional<Duration> timer = Optional.empty();
    Optional<P> deleted = Optional.empty();
  }

  private final Kind kind;
  private final Class<P> type;
  private final ApiServer server;
  private final Time time;
  private final KubernetesClient client;
  private final SharedCache<P> watched;
  private final Optional<Reconciler<P>> reconciler;
  private final Predicate<P> filter;
  private final boolean onAllEvents;

  private final Map<String, P> informer = new TreeMap<>();
  private final Map<String, P> ahead = new HashMap<>();
  private final Set<String> writing = new HashSet<>();
  private final Map<String, Runnable> deferred = new HashMap<>();
  private final Map<String, Long> deferredVersion = new HashMap<>();
  private final Map<String, Work<P>> works = new TreeMap<>();
  private final Map<String, Function<P, List<String>>> indexers = new HashMap<>();
  private int read;
  private long seen;
  private boolean processing;

  /**
   * @param reconciler absent where the kind is only looked at
   * @param onAllEvents whether deletions are reconciled too
   */
  Controller(
      Kind kind,
      Class<P> type,
      ApiServer server,
      Time time,
      KubernetesClient client,
      SharedCache<P> watched,
      Optional<Reconciler<P>> reconciler,
      Predicate<P> filter,
      boolean onAllEvents) {
    this.kind = kind;
    this.type = type;
    this.server = server;
    this.time = time;
    this.client = client;
    this.watched = watched;
    this.reconciler = reconciler;
    this.filter = filter;
    this.onAllEvents = onAllEvents;
    var context = new EventSourceContext<P>(new Cache(), null, client, type);
    reconciler.ifPresentOrElse(
        r -> r.prepareEventSources(context), () -> watched.bind(context, Map.of()));
    watched.setEventHandler(e -> handle(id(e.getRelatedCustomResourceID())));
    watched.start();
  }

  Kind kind() {
    return kind;
  }

  // ------------------------------------------------------------------------------------- watching

  /** The first list, as the server was some changes ago. */
  void list(int lag) {
    read = Math.max(0, server.log(kind).size() - lag);
    relist();
  }

  /** The watch breaks: what happened since is seen as the difference of two lists. */
  void breakWatch() {
    read = server.log(kind).size();
    relist();
  }

  private void relist() {
    var now = new TreeMap<String, ObjectNode>();
    for (var change : server.log(kind).subList(0, read)) {
      var id = id(change.object());
      if (change.verb() == Verb.DELETED) {
        now.remove(id);
      } else {
        now.put(id, change.object());
      }
      seen = change.revision();
    }
    var before = new TreeMap<>(informer);
    now.forEach(
        (id, object) -> {
          var old = before.remove(id);
          if (old == null
              || version(old) < object.path("metadata").path("resourceVersion").asLong()) {
            put(id, object);
          }
        });
    before.forEach(this::gone);
  }

  boolean hasNews() {
    return read < server.log(kind).size();
  }

  /** Reads the next entry of the log. */
  void readNext() {
    Change change = server.log(kind).get(read++);
    seen = change.revision();
    var id = id(change.object());
    if (change.verb() == Verb.DELETED) {
      gone(id, typed(change.object()));
    } else {
      put(id, change.object());
    }
  }

  private void put(String id, ObjectNode node) {
    var object = typed(node);
    var before = informer.put(id, object);
    var mine = ahead.get(id);
    if (mine != null) {
      boolean obsolete = version(object) <= version(mine);
      if (version(object) >= version(mine)) {
        ahead.remove(id);
      }
      if (obsolete) {
        return;
      }
    }
    Runnable tell =
        () -> {
          if (before == null) {
            watched.onResourceCreated(object);
          } else {
            watched.onResourceUpdated(object, before);
          }
          if (filter.test(object)) {
            handle(id);
          }
        };
    if (writing.contains(id)) {
      deferred.put(id, tell);
      deferredVersion.put(id, version(object));
    } else {
      tell.run();
    }
  }

  private void gone(String id, P object) {
    informer.remove(id);
    ahead.remove(id);
    watched.onResourceDeleted(object);
    if (onAllEvents) {
      work(id).deleted = Optional.of(object);
      handle(id);
    }
  }

  // ---------------------------------------------------------------------------------- reconciling

  /** From now on events are worked on; the process leads. */
  void process() {
    processing = true;
  }

  private void handle(String id) {
    if (reconciler.isPresent()) {
      work(id).wanted = true;
    }
  }

  private Work<P> work(String id) {
    return works.computeIfAbsent(id, i -> new Work<>());
  }

  /** The objects that are to be reconciled now. */
  List<String> ready() {
    if (!processing) {
      return List.of();
    }
    var found = new ArrayList<String>();
    works.forEach(
        (id, work) -> {
          boolean due = work.timer.filter(t -> t.compareTo(time.passed()) <= 0).isPresent();
          if ((work.wanted || due) && !work.running) {
            found.add(id);
          }
        });
    return found;
  }

  /** When the next timer is due, in passed time. */
  Optional<Duration> nextTimer() {
    return works.values().stream()
        .filter(w -> !w.running)
        .flatMap(w -> w.timer.stream())
        .min(Comparator.naturalOrder());
  }

  /** Reconciles one object; a failure is tried again later. */
  void reconcile(String id) throws Exception {
    var work = work(id);
    work.wanted = false;
    work.timer = Optional.empty();
    var latest = cached(id);
    boolean deleted = latest.isEmpty() && work.deleted.isPresent();
    var primary = latest.isPresent() ? latest : work.deleted;
    work.deleted = Optional.empty();
    if (primary.isEmpty() || (!onAllEvents && primary.get().isMarkedForDeletion())) {
      if (primary.isEmpty()) {
        works.remove(id);
      }
      return;
    }
    work.running = true;
    var copy = InProcessHttp.SERIALIZATION.clone(primary.get());
    try {
      UpdateControl<P> control =
          reconciler.orElseThrow().reconcile(copy, new ReconcileContext(copy, deleted));
      work.failures = 0;
      if (!work.wanted) {
        work.timer = control.getScheduleDelay().map(d -> time.passed().plusMillis(d));
      }
    } catch (RuntimeException e) {
      work.failures++;
      if (!work.wanted) {
        var pause = FIRST_RETRY.multipliedBy(1L << Math.min(work.failures - 1, 6));
        work.timer =
            Optional.of(time.passed().plus(pause.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : pause));
      }
      throw e;
    } finally {
      work.running = false;
    }
  }

  /** The object as a reconciler is given it, and its context; for tests that play one step. */
  Context<P> context(P primary) {
    return new ReconcileContext(primary, false);
  }

  /** Whether an event asks for this object to be reconciled, which is answered once. */
  boolean takeWanted(String id) {
    var work = work(id);
    boolean wanted = work.wanted;
    work.wanted = false;
    return wanted;
  }

  private Optional<P> cached(String id) {
    var mine = ahead.get(id);
    var theirs = informer.get(id);
    if (mine != null && (theirs == null || version(theirs) <= version(mine))) {
      return Optional.of(mine);
    }
    return Optional.ofNullable(theirs);
  }

  /** A write through the context: the cache runs ahead, the event of it is dropped. */
  private P write(P object, UnaryOperator<P> call) {
    var id = id(ResourceID.fromResource(object));
    writing.add(id);
    long own = Long.MAX_VALUE;
    boolean written = false;
    try {
      P result = call.apply(object);
      written = true;
      own = version(result);
      if (own >= seen && cached(id).filter(c -> version(c) >= version(result)).isEmpty()) {
        ahead.put(id, result);
      }
      return result;
    } finally {
      writing.remove(id);
      var event = deferred.remove(id);
      var version = deferredVersion.remove(id);
      if (event != null && (!written || version > own)) {
        event.run();
      }
    }
  }

  // ------------------------------------------------------------------------------------- plumbing

  private P typed(ObjectNode node) {
    return InProcessHttp.SERIALIZATION.convertValue(node, type);
  }

  private static long version(HasMetadata object) {
    return Long.parseLong(object.getMetadata().getResourceVersion());
  }

  private static String id(ObjectNode node) {
    var namespace = ApiServer.namespace(node);
    return (namespace == null ? "" : namespace) + "/" + ApiServer.name(node);
  }

  private static String id(ResourceID id) {
    return id.getNamespace().orElse("") + "/" + id.getName();
  }

  @Override
  public String toString() {
    return kind.kind;
  }

  /** What listeners and reconcilers read. */
  private final class Cache implements IndexerResourceCache<P> {
    @Override
    public void addIndexers(Map<String, Function<P, List<String>>> more) {
      indexers.putAll(more);
    }

    @Override
    public List<P> byIndex(String index, String key) {
      return informer.values().stream()
          .filter(o -> indexers.get(index).apply(o).contains(key))
          .toList();
    }

    @Override
    public Optional<P> get(ResourceID id) {
      return cached(id(id));
    }

    @Override
    public Stream<ResourceID> keys() {
      return informer.values().stream().map(ResourceID::fromResource);
    }

    @Override
    public Stream<P> list(Predicate<P> predicate) {
      return informer.values().stream().filter(predicate);
    }

    @Override
    public Stream<P> list(String namespace, Predicate<P> predicate) {
      return list(predicate).filter(o -> namespace.equals(o.getMetadata().getNamespace()));
    }
  }

  /** The writes of a reconciler. */
  private final class Operations extends ResourceOperations<P> {
    Operations(Context<P> context) {
      super(context);
    }

    @Override
    public P updatePrimary(P object) {
      return write(object, o -> client.resource(o).update());
    }

    @Override
    public P updatePrimaryStatus(P object) {
      return write(object, o -> client.resource(o).updateStatus());
    }
  }

  /** As much of a context as the reconcilers use. */
  private final class ReconcileContext implements Context<P> {
    private final P primary;
    private final boolean deleted;

    ReconcileContext(P primary, boolean deleted) {
      this.primary = primary;
      this.deleted = deleted;
    }

    @Override
    public ResourceOperations<P> resourceOperations() {
      return new Operations(this);
    }

    @Override
    public boolean isPrimaryResourceDeleted() {
      return deleted;
    }

    @Override
    public boolean isPrimaryResourceFinalStateUnknown() {
      return false;
    }

    @Override
    public P getPrimaryResource() {
      return primary;
    }

    @Override
    public KubernetesClient getClient() {
      return client;
    }

    @Override
    public boolean isNextReconciliationImminent() {
      return false;
    }

    @Override
    public Optional<RetryInfo> getRetryInfo() {
      return Optional.empty();
    }

    @Override
    public <R> Set<R> getSecondaryResources(Class<R> expected, boolean deduplicate) {
      throw unused();
    }

    @Override
    public <R> Stream<R> getSecondaryResourcesAsStream(Class<R> expected, boolean deduplicate) {
      throw unused();
    }

    @Override
    public <R> Optional<R> getSecondaryResource(Class<R> expected, String eventSource) {
      throw unused();
    }

    @Override
    public ControllerConfiguration<P> getControllerConfiguration() {
      throw unused();
    }

    @Override
    public ManagedWorkflowAndDependentResourceContext managedWorkflowAndDependentResourceContext() {
      throw unused();
    }

    @Override
    public EventSourceRetriever<P> eventSourceRetriever() {
      throw unused();
    }

    @Override
    public ExecutorService getWorkflowExecutorService() {
      throw unused();
    }

    @Override
    public IndexedResourceCache<P> getPrimaryCache() {
      throw unused();
    }

    private static UnsupportedOperationException unused() {
      return new UnsupportedOperationException("no reconciler asks for this");
    }
  }
}
