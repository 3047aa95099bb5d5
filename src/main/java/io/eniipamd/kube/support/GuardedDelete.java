package io.eniipamd.kube.support;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Deletes an object as it was read and no other: with its UID and its version as preconditions, so
 * that a new object of the same name, or a state that the caller has not read, is left alone.
 */
public final class GuardedDelete {
  private static final Duration TIME_OUT = Duration.ofSeconds(10);

  private GuardedDelete() {}

  /**
   * Deletes a claim, which begins the release of its address.
   *
   * @throws KubernetesClientException with code 409 where it has changed and 404 where it is gone
   */
  public static void of(KubernetesClient client, VpcIPClaim claim) {
    delete(client, claim);
  }

  /**
   * Deletes the record of an address.
   *
   * @throws KubernetesClientException with code 409 where it has changed and 404 where it is gone
   */
  public static void of(KubernetesClient client, VpcIP vip) {
    delete(client, vip);
  }

  /**
   * Deletes the record of a node's ENIs.
   *
   * @throws KubernetesClientException with code 409 where it has changed and 404 where it is gone
   */
  public static void of(KubernetesClient client, NodeENIConfig nec) {
    delete(client, nec);
  }

  /** Each kind has a method of its own, so that a rule can say who may delete which. */
  private static void delete(KubernetesClient client, HasMetadata object) {
    var meta = object.getMetadata();
    var path =
        "/apis/"
            + object.getApiVersion()
            + (meta.getNamespace() == null ? "" : "/namespaces/" + meta.getNamespace())
            + "/"
            + object.getPlural()
            + "/"
            + meta.getName();
    var body =
        """
        {"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background",\
        "preconditions":{"uid":"%s","resourceVersion":"%s"}}"""
            .formatted(meta.getUid(), meta.getResourceVersion());
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString().replaceAll("/+$", "") + path))
            .delete("application/json", body)
            .timeout(TIME_OUT.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    HttpResponse<String> response;
    try {
      response = http.sendAsync(request, String.class).join();
    } catch (CompletionException e) {
      throw new KubernetesClientException("deleting " + path, e);
    }
    if (!response.isSuccessful()) {
      throw new KubernetesClientException(
          "deleting " + path + ": HTTP " + response.code(),
          response.code(),
          new StatusBuilder().withCode(response.code()).build());
    }
  }
}
