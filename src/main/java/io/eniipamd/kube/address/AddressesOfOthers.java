package io.eniipamd.kube.address;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.UsedAddresses;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.CloudReaders;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Learns which addresses of a subnet other users have, so that choices do not meet them one by one:
 * the list is read when the subnet is first used, and after an address turned out to be taken. It
 * is a help and no more: without that list, refusals tell.
 */
@Singleton
public final class AddressesOfOthers {
  private static final Logger LOG = Logger.getLogger(AddressesOfOthers.class);

  /** Two readings of a subnet do not begin within this of each other. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** A right that is missing is asked for again after this. */
  static final Duration REFUSED_FOR = Duration.ofHours(1);

  /** Of one reading; what is beyond is learnt by refusals. */
  static final int MOST_PAGES = 50;

  /** The first use of a subnet waits this long for its list. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final VpcCloud cloud;
  private final AddressBook book;
  private final Executor readers;
  private final LongSupplier nanoTime;

  /** When the last reading of a subnet began; those that were never asked for are not in it. */
  private final Map<String, Reading> readings = new HashMap<>();

  private long refusedAt;
  private boolean refused;
  private boolean told;

  /**
   * A reading of a subnet.
   *
   * @param done ends with it; {@code true} if it has answered
   */
  private record Reading(long began, CompletableFuture<Boolean> done) {}

  /**
   * @param readers where the cloud is asked, which blocks
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public AddressesOfOthers(
      VpcCloud cloud, AddressBook book, @CloudReaders Executor readers, LongSupplier nanoTime) {
    this.cloud = cloud;
    this.book = book;
    this.readers = readers;
    this.nanoTime = nanoTime;
    book.onCollision(this::collided);
  }

  /** Reads what has not been read of these; waits for it, though not for long. */
  void firstUse(Collection<Subnet> subnets) {
    var reads =
        subnets.stream()
            .filter(this::isUnread)
            .map(this::read)
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(reads).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debugf("not all addresses of other users are known yet: %s", e.getMessage());
    }
  }

  private synchronized boolean isUnread(Subnet subnet) {
    var last = readings.get(subnet.id());
    return last == null || (last.done().isDone() && !last.done().join());
  }

  private void collided(Subnet subnet) {
    var unused = read(subnet);
  }

  /** Reads the list; callers that ask within the pause get the last list. */
  private CompletableFuture<Boolean> read(Subnet subnet) {
    Reading mine;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      var last = readings.get(subnet.id());
      if (last != null && now - last.began() < PAUSE.toNanos()) {
        return last.done();
      }
      if (refused && now - refusedAt < REFUSED_FOR.toNanos()) {
        return CompletableFuture.completedFuture(false);
      }
      mine = new Reading(now, new CompletableFuture<>());
      readings.put(subnet.id(), mine);
    }
    readers.execute(
        () -> {
          boolean learnt = false;
          try {
            learnt = learn(subnet);
          } catch (CloudException e) {
            LOG.infof(
                "%s; the operator learns of other users' addresses when the cloud refuses them",
                e.getMessage());
          } finally {
            mine.done().complete(learnt);
          }
        });
    return mine.done();
  }

  private boolean learn(Subnet subnet) {
    // An address of this cluster may be listed as in use for a while after its release.
    Set<Ip> ours = book.knownIn(subnet.cidr());
    Set<Ip> used = new HashSet<>();
    int rows = 0;
    for (int i = 0; i < MOST_PAGES; i++) {
      Answer<UsedAddresses> answer = cloud.usedAddressesIn(subnet.id(), rows);
      if (answer instanceof Answer.Unknown<UsedAddresses>(String reason)) {
        refused(reason);
        return false;
      }
      UsedAddresses page = answer.known().orElseThrow();
      used.addAll(page.addresses());
      rows += page.rows();
      if (page.rows() == 0 || rows >= page.total()) {
        break;
      }
    }
    used.removeAll(ours);
    book.noteUsed(subnet, used);
    return true;
  }

  private synchronized void refused(String reason) {
    refused = true;
    refusedAt = nanoTime.getAsLong();
    if (!told) {
      told = true;
      LOG.infof(
          "%s; the operator learns of other users' addresses when the cloud refuses them", reason);
    }
  }
}
