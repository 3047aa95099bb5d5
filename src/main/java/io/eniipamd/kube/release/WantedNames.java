package io.eniipamd.kube.release;

import java.util.function.BiConsumer;

/** For which names a Pod is there, which stops the expiry of its claim. */
@FunctionalInterface
public interface WantedNames {
  /** Whether a Pod of this namespace and name is there that has not ended. */
  boolean isWanted(String namespace, String name);

  /**
   * Has a listener told of Pods that come and go, by namespace and name; before the start, or some
   * are missed.
   */
  default void onChange(BiConsumer<String, String> listener) {}
}
