package io.eniipamd.kube.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.eniipamd.domain.claim.Admission;
import io.eniipamd.kube.claim.PodAdmission;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.metrics.IpamMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Base64;

/**
 * Answers the API server's reviews ({@code admission.k8s.io/v1}). Every Pod is allowed; what is not
 * a new Pod stays as it is.
 */
@Singleton
final class AdmissionReviews {
  private static final String VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";

  private final ObjectMapper mapper = new ObjectMapper();
  private final KubernetesSerialization kubernetes;
  private final PodAdmission pods;
  private final Caches caches;
  private final IpamMetrics metrics;

  @Inject
  AdmissionReviews(KubernetesClient client, PodAdmission pods, Caches caches, IpamMetrics metrics) {
    this(client.getKubernetesSerialization(), pods, caches, metrics);
  }

  AdmissionReviews(
      KubernetesSerialization kubernetes, PodAdmission pods, Caches caches, IpamMetrics metrics) {
    this.kubernetes = kubernetes;
    this.pods = pods;
    this.caches = caches;
    this.metrics = metrics;
  }

  /**
   * The answer to a review.
   *
   * @param body the review in JSON
   * @return the answer in JSON
   * @throws BadReviewException where it is no review
   */
  byte[] answer(byte[] body) throws BadReviewException {
    var request = request(read(body));
    var uid = request.path("uid").asText("");
    if (uid.isEmpty()) {
      throw new BadReviewException("request.uid is missing; the API server names each review");
    }
    var admission = Admission.UNCHANGED;
    var patch = mapper.createArrayNode();
    if (isNewPod(request)) {
      admission = admission(request);
      patch = PodPatch.of(request.path("object"), admission);
    }
    metrics.webhookAnswered(word(admission));
    return write(uid, patch);
  }

  private JsonNode read(byte[] body) throws BadReviewException {
    try {
      var review = mapper.readTree(body);
      if (review == null || !review.isObject()) {
        throw new BadReviewException(
            "the body is no JSON object; send a review, %s".formatted(KIND));
      }
      return review;
    } catch (JsonProcessingException e) {
      // Not the parser's message: it may repeat what is in the Pod.
      var where = e.getLocation();
      throw new BadReviewException(
          "the body is no JSON%s"
              .formatted(
                  where == null
                      ? ""
                      : " at line %d, column %d"
                          .formatted(where.getLineNr(), where.getColumnNr())));
    } catch (IOException e) {
      throw new BadReviewException("the body cannot be read");
    }
  }

  private static JsonNode request(JsonNode review) throws BadReviewException {
    var version = review.path("apiVersion").asText("");
    if (!version.equals(VERSION) || !review.path("kind").asText("").equals(KIND)) {
      throw new BadReviewException(
          "apiVersion and kind must be %s and %s; write admissionReviewVersions: [v1]"
              .formatted(VERSION, KIND));
    }
    var request = review.path("request");
    if (!request.isObject()) {
      throw new BadReviewException("request is missing, which says what is to be reviewed");
    }
    return request;
  }

  private static boolean isNewPod(JsonNode request) {
    var resource = request.path("resource");
    return request.path("operation").asText("").equals("CREATE")
        && resource.path("group").asText("").isEmpty()
        && resource.path("resource").asText("").equals("pods")
        && request.path("subResource").asText("").isEmpty();
  }

  private static String word(Admission admission) {
    return admission.zone().isPresent() ? "zone" : admission.gate() ? "gate" : "other";
  }

  private Admission admission(JsonNode request) throws BadReviewException {
    var pod = pod(request.path("object"));
    // The object need not have it; the request does.
    pod.getMetadata().setNamespace(request.path("namespace").asText(""));
    return pods.of(pod, caches.current());
  }

  private SlimPod pod(JsonNode object) throws BadReviewException {
    for (var part : new String[] {"metadata", "spec"}) {
      if (!object.path(part).isObject()) {
        throw new BadReviewException(
            "request.object.%s is missing, which a Pod has".formatted(part));
      }
    }
    try {
      return kubernetes.convertValue(object, SlimPod.class);
    } catch (IllegalArgumentException e) {
      throw new BadReviewException(
          "request.object cannot be read as a Pod%s"
              .formatted(
                  e.getCause() instanceof JsonMappingException wrong
                      ? ": " + wrong.getPathReference()
                      : ""));
    }
  }

  private byte[] write(String uid, ArrayNode patch) {
    var response = mapper.createObjectNode().put("uid", uid).put("allowed", true);
    try {
      if (!patch.isEmpty()) {
        response
            .put("patchType", "JSONPatch")
            .put("patch", Base64.getEncoder().encodeToString(mapper.writeValueAsBytes(patch)));
      }
      var review = mapper.createObjectNode().put("apiVersion", VERSION).put("kind", KIND);
      return mapper.writeValueAsBytes(review.set("response", response));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON can be written", e);
    }
  }
}
