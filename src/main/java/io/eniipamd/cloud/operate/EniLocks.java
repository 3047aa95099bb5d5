package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.decorate.Futures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One operation at a time per ENI: the cloud refuses a second one. A caller that needs several ENIs
 * locks them in the order of their ids, so that no two wait for each other.
 */
final class EniLocks {

  private final Map<String, Entry> entries = new HashMap<>();

  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock(true);
    int users;
  }

  /** Runs the operation alone on these ENIs; blocks until they are free. */
  void alone(List<String> eniIds, Runnable operation) {
    alone(eniIds.stream().distinct().sorted().toList(), 0, operation);
  }

  private void alone(List<String> eniIds, int index, Runnable operation) {
    if (index == eniIds.size()) {
      operation.run();
      return;
    }
    String eniId = eniIds.get(index);
    Entry entry = enter(eniId);
    try {
      acquire(entry, eniId);
      try {
        alone(eniIds, index + 1, operation);
      } finally {
        entry.lock.unlock();
      }
    } finally {
      exit(eniId, entry);
    }
  }

  private static void acquire(Entry entry, String eniId) {
    try {
      entry.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CloudException interrupted = Futures.interrupted("waiting for " + eniId);
      throw interrupted;
    }
  }

  private synchronized Entry enter(String eniId) {
    Entry entry = entries.computeIfAbsent(eniId, _ -> new Entry());
    entry.users++;
    return entry;
  }

  private synchronized void exit(String eniId, Entry entry) {
    entry.users--;
    if (entry.users == 0) {
      entries.remove(eniId);
    }
  }
}
