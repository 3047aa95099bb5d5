package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests that wait for one ENI, and how they become batches: of one kind, of at most {@value
 * VpcCloud#MAX_ADDRESSES_PER_CALL} addresses, closed when full or when the first request has waited
 * for the window. Requests for the same address keep their order.
 */
final class AddressQueue {

  private final long windowNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<AddressRequest> waiting = new ArrayList<>();

  AddressQueue(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  void add(AddressRequest request) {
    lock.lock();
    try {
      waiting.add(request);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The next batch, of at least one request; blocks for the window at most. */
  List<AddressRequest> take() throws InterruptedException {
    lock.lock();
    try {
      long closes = waiting.getFirst().since() + windowNanos;
      while (true) {
        long left = closes - System.nanoTime();
        if (left <= 0 || full(next())) {
          List<AddressRequest> batch = next();
          waiting.removeAll(new HashSet<>(batch));
          return batch;
        }
        arrived.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Everything that waits, for the end. */
  List<AddressRequest> drain() {
    lock.lock();
    try {
      var left = List.copyOf(waiting);
      waiting.clear();
      return left;
    } finally {
      lock.unlock();
    }
  }

  private List<AddressRequest> next() {
    var kind = waiting.getFirst().kind();
    var batch = new ArrayList<AddressRequest>();
    Set<Ip> addresses = new HashSet<>();
    Set<Ip> passedOver = new HashSet<>();
    for (AddressRequest request : waiting) {
      Ip address = request.address();
      boolean joins =
          request.kind() == kind
              && !passedOver.contains(address)
              && (addresses.contains(address)
                  || addresses.size() < VpcCloud.MAX_ADDRESSES_PER_CALL);
      if (joins) {
        batch.add(request);
        addresses.add(address);
      } else {
        passedOver.add(address);
      }
    }
    return batch;
  }

  private static boolean full(List<AddressRequest> batch) {
    return batch.stream().map(AddressRequest::address).distinct().count()
        >= VpcCloud.MAX_ADDRESSES_PER_CALL;
  }
}
