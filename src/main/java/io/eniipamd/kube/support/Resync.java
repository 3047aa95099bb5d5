package io.eniipamd.kube.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Enqueues every object once every few hours, without an event. That costs nothing but time of this
 * process where all is well, because reconcilers gather from caches; and it mends what a missed
 * event has left undone.
 *
 * <p>Objects have their turns by a hash of their UIDs, a share of them at a time, so that a large
 * cluster is never reconciled all at once. The framework's own interval is not used for it: each
 * reconcile leaves a timer of it behind, which stays in memory until its time.
 */
@Singleton
public final class Resync {
  /** All objects have had their turn after so many turns: six hours, where one is five minutes. */
  static final int TURNS = 72;

  private final List<SharedCache<?>> kinds;
  private int turn;

  /**
   * @param kinds all that are reconciled, at least one
   */
  public Resync(@All List<SharedCache<?>> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("kinds is empty: nothing would be enqueued");
    }
    this.kinds = List.copyOf(kinds);
  }

  /** Enqueues the next share of the objects. */
  public synchronized void next() {
    kinds.forEach(this::enqueueShare);
    turn = (turn + 1) % TURNS;
  }

  private void enqueueShare(SharedCache<? extends HasMetadata> kind) {
    kind.all()
        .map(HasMetadata::getMetadata)
        .filter(meta -> turnOf(meta.getUid()) == turn)
        .forEach(meta -> kind.enqueue(meta.getNamespace(), meta.getName()));
  }

  /** Which of the turns is that of the object with this UID. */
  static int turnOf(String uid) {
    return Math.floorMod(uid.hashCode(), TURNS);
  }
}
