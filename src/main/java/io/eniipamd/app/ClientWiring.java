package io.eniipamd.app;

import io.eniipamd.kube.support.WriteFence;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** The one Kubernetes client: the extension's own, with the fence before its changes. */
final class ClientWiring {

  @Produces
  @ApplicationScoped
  KubernetesClient client(KubernetesSerialization serialization, Config config, WriteFence fence) {
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(serialization)
        .withConfig(config)
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("write-fence", fence))
        .build();
  }

  void close(@Disposes KubernetesClient client) {
    client.close();
  }
}
