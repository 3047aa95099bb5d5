package io.eniipamd.kube.address;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.VpcCloud;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The subnets that addresses come from, as the cloud describes them: the configured ones, and those
 * that nodes name. Read again from time to time; a subnet that does not exist is reported by the
 * objects that need it, and affects no others.
 */
@Singleton
public final class Subnets {
  private static final Logger LOG = Logger.getLogger(Subnets.class);

  private final VpcCloud cloud;
  private final AddressBook book;
  private final AddressesOfOthers others;
  private final List<String> configured;
  private final Set<String> wanted = new LinkedHashSet<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Map<String, Subnet> found = Map.of();
  private volatile Set<String> missing = Set.of();
  private volatile Optional<CloudException> failure = Optional.empty();
  private volatile Map<String, CloudException> unclear = Map.of();

  /** What was wanted has changed since the last look began that is made for it. */
  private final AtomicBoolean asked = new AtomicBoolean();

  public Subnets(
      VpcCloud cloud, AddressBook book, AddressesOfOthers others, AddressSettings settings) {
    this.cloud = cloud;
    this.book = book;
    this.others = others;
    this.configured = settings.subnets();
    this.wanted.addAll(configured);
  }

  /** Called when a read has found other subnets than before. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** The ids of the configured subnets. */
  public List<String> configured() {
    return configured;
  }

  /** The subnets that exist, by id. */
  public Map<String, Subnet> found() {
    return found;
  }

  /** The wanted ids that do not exist, by the last look. */
  public Set<String> missing() {
    return missing;
  }

  /** Why nothing is known of some subnets; empty where the next look is to be the first. */
  public Optional<CloudException> whyUnknown(Collection<String> ids) {
    return failure.or(() -> ids.stream().map(unclear::get).filter(Objects::nonNull).findFirst());
  }

  /**
   * Adds subnets that a node names. If one of them is new a read begins at once, or when the
   * running one has ended: that one may have begun without it.
   *
   * @param looker where the cloud is asked, which blocks
   */
  public void want(Collection<String> ids, Executor looker) {
    boolean news;
    synchronized (wanted) {
      news = wanted.addAll(ids);
    }
    if (news && asked.compareAndSet(false, true)) {
      looker.execute(this::lookForWanted);
    }
  }

  private synchronized void lookForWanted() {
    // A caller that needs another one from here on asks again, and waits for this read.
    asked.set(false);
    try {
      refresh();
    } catch (CloudException e) {
      LOG.infof("%s; the operator reads the subnets again later", e.getMessage());
    }
  }

  /**
   * Reads the cloud; called at the start and from time to time, never by a reconciler. One call,
   * and a few more for each subnet that was not there before.
   *
   * @throws CloudException where the look failed; what was known stays
   */
  public synchronized void refresh() {
    List<String> ids;
    synchronized (wanted) {
      ids = List.copyOf(wanted);
    }
    if (ids.isEmpty()) {
      return;
    }
    var now = new TreeMap<String, Subnet>();
    var answer = ask(ids);
    unclear = answer.unclear();
    now.putAll(answer.found());
    // Of a subnet that the cloud describes unreadably, what was known stays.
    var before = found;
    answer.unclear().keySet().stream()
        .filter(before::containsKey)
        .forEach(id -> now.put(id, before.get(id)));
    var gone = new TreeSet<>(ids);
    gone.removeAll(now.keySet());
    gone.removeIf(id -> answer.unclear().containsKey(id) && !missing.contains(id));
    boolean changed = !now.keySet().equals(found.keySet()) || !gone.equals(missing);
    // Before any claim can have one.
    others.firstUse(now.values());
    book.subnets(now.values());
    found = Map.copyOf(now);
    if (!gone.isEmpty() && !gone.equals(missing)) {
      LOG.warnf("configured subnets that do not exist: %s", String.join(", ", gone));
    }
    missing = Set.copyOf(gone);
    if (changed) {
      listeners.forEach(Runnable::run);
    }
  }

  private Listing<Subnet> ask(List<String> ids) {
    boolean failedBefore = failure.isPresent();
    try {
      var answer = cloud.subnets(ids);
      failure = Optional.empty();
      return answer;
    } catch (CloudException e) {
      failure = Optional.of(e);
      boolean someUnknown =
          ids.stream().anyMatch(id -> !found.containsKey(id) && !missing.contains(id));
      if (!failedBefore && someUnknown) {
        // An object that waits for a subnet that is not known yet gets the reason.
        listeners.forEach(Runnable::run);
      }
      throw e;
    }
  }
}
