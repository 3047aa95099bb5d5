package io.eniipamd.kube.support;

import io.eniipamd.api.v1.VpcIPClaim;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Reads from the API server itself, past every cache. Each release begins with one, and it has the
 * API server's time.
 */
@Singleton
public final class FreshReads {
  private static final Duration TIME_OUT = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final Clock clock;

  public FreshReads(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * A Pod as the API server has it now, and the clocks at that moment.
   *
   * @param pod the Pod of that name, if there is one
   * @param serverTime the API server's clock when it answered, to the second
   * @param skew how far the local clock is ahead of it (negative: behind)
   */
  public record PodRead(Optional<SlimPod> pod, Instant serverTime, Duration skew) {

    /** Whether a Pod with this UID is there and has not run its course. */
    public boolean alive(String podUid) {
      return pod.filter(p -> p.getMetadata().getUid().equals(podUid) && !p.ended()).isPresent();
    }
  }

  /**
   * The Pod of that name as the API server has it now.
   *
   * @throws KubernetesClientException for anything but a Pod or its certain absence
   */
  public PodRead pod(String namespace, String name) {
    var what = "Pod " + namespace + "/" + name;
    var response = get("/api/v1/namespaces/" + namespace + "/pods/" + name, what);
    var here = clock.instant();
    var there = serverTime(response, what);
    var skew = Duration.between(there, here);
    return switch (response.code()) {
      case HttpURLConnection.HTTP_OK ->
          new PodRead(
              Optional.of(
                  client.getKubernetesSerialization().unmarshal(response.body(), SlimPod.class)),
              there,
              skew);
      case HttpURLConnection.HTTP_NOT_FOUND -> new PodRead(Optional.empty(), there, skew);
      default -> throw failed(what, response);
    };
  }

  /**
   * Whether a claim is there, is the one of this UID and is not being deleted.
   *
   * @throws KubernetesClientException for anything but a certain answer
   */
  public boolean isAlive(VpcIPClaim claim) {
    var meta = claim.getMetadata();
    var now =
        client
            .resources(VpcIPClaim.class)
            .inNamespace(meta.getNamespace())
            .withName(meta.getName())
            .get();
    return now != null
        && !now.isMarkedForDeletion()
        && now.getMetadata().getUid().equals(meta.getUid());
  }

  /** How far the local clock is ahead of the API server's (negative: behind), to the second. */
  public Duration skew() {
    // Every account may read the version, and it is the shortest answer.
    var response = get("/version", "the version");
    return Duration.between(serverTime(response, "the version"), clock.instant());
  }

  /**
   * Whether Pods may still run on a node: its object is there, or Pods that name it are.
   *
   * @throws KubernetesClientException for anything but a certain answer
   */
  public boolean nodeMayCarryPods(String node) {
    var what = "node " + node;
    var response = get("/api/v1/nodes/" + node, what);
    if (response.code() == HttpURLConnection.HTTP_OK) {
      return true;
    }
    if (response.code() != HttpURLConnection.HTTP_NOT_FOUND) {
      throw failed(what, response);
    }
    return !client
        .pods()
        .inAnyNamespace()
        .withField("spec.nodeName", node)
        .list(new ListOptionsBuilder().withLimit(1L).build())
        .getItems()
        .isEmpty();
  }

  /**
   * All nodes on which Pods may still run: those whose object is there, and those that Pods name,
   * whatever the phase of the Pod.
   *
   * @throws KubernetesClientException for anything but a certain answer
   */
  public Set<String> nodesThatMayCarryPods() {
    // Nodes first: a node that comes after this is not there yet for the Pods that are listed next.
    var nodes = Paged.words(client.resources(SlimNode.class), n -> n.getMetadata().getName());
    nodes.addAll(Paged.words(client.resources(SlimPod.class).inAnyNamespace(), SlimPod::nodeName));
    return nodes;
  }

  /**
   * The Pod that runs with an address, as {@code namespace/name}, whatever it got it from.
   *
   * @throws KubernetesClientException for anything but a certain answer
   */
  public Optional<String> podWith(String address) {
    // The API server has no index of addresses, but it answers with those Pods only.
    return Paged.list(
            client.resources(SlimPod.class).inAnyNamespace().withField("status.podIP", address))
        .items()
        .stream()
        .filter(pod -> !pod.ended())
        .map(pod -> pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName())
        .findFirst();
  }

  private HttpResponse<String> get(String path, String what) {
    var uri = URI.create(client.getMasterUrl().toString().replaceAll("/+$", "") + path);
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(uri)
            .header("Accept", "application/json")
            .timeout(TIME_OUT.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    try {
      return http.sendAsync(request, String.class).join();
    } catch (CompletionException e) {
      throw new KubernetesClientException("reading " + what + " afresh", e);
    }
  }

  private static Instant serverTime(HttpResponse<String> response, String what) {
    var date = response.header("Date");
    if (date == null) {
      throw new KubernetesClientException(
          "reading " + what + " afresh: the answer has no Date header");
    }
    return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  private static KubernetesClientException failed(String what, HttpResponse<String> response) {
    return new KubernetesClientException("reading " + what + " afresh: HTTP " + response.code());
  }
}
