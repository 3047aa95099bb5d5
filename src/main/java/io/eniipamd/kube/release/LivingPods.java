package io.eniipamd.kube.release;

import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;

/** The Pods that the cache shows, whether they were bound to the address or not. */
@Singleton
public final class LivingPods implements WantedNames {
  private final SharedCache<SlimPod> pods;

  public LivingPods(SharedCache<SlimPod> pods) {
    this.pods = pods;
  }

  @Override
  public boolean isWanted(String namespace, String name) {
    return pods.get(namespace, name).filter(pod -> !pod.ended()).isPresent();
  }

  @Override
  public void onChange(BiConsumer<String, String> listener) {
    pods.listen(
        SharedCache.Listener.onAny(
            pod -> listener.accept(pod.getMetadata().getNamespace(), pod.getMetadata().getName())));
  }
}
