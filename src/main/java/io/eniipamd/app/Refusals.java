package io.eniipamd.app;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.kube.support.ApiAnswer;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reports to users when the API server refuses a write of a reconciler: a quota, a webhook, a
 * policy, a missing right, a schema that does not fit. The reconciler tries again with growing
 * pauses, and the user who waits has to know why.
 */
@Singleton
class Refusals {
  private static final int TOO_MANY_REQUESTS = 429;

  /** These pass by themselves, or say that another was faster. */
  private static final Set<Integer> NO_REFUSAL =
      Set.of(
          HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_NOT_FOUND,
          HttpURLConnection.HTTP_CLIENT_TIMEOUT,
          HttpURLConnection.HTTP_CONFLICT,
          HttpURLConnection.HTTP_GONE,
          TOO_MANY_REQUESTS);

  private final EventRecorder events;
  private final SharedCache<SlimPod> pods;

  Refusals(EventRecorder events, SharedCache<SlimPod> pods) {
    this.events = events;
    this.pods = pods;
  }

  /**
   * Says so on the object, or on the Pod that waits for it.
   *
   * @param about what was reconciled
   * @param failure what has ended the pass
   */
  void tell(HasMetadata about, Exception failure) {
    answer(failure)
        .filter(Refusals::isRefusal)
        .ifPresent(
            refused ->
                events.warn(
                    concerned(about),
                    OperatorReason.API_SERVER_REFUSED,
                    "the API server refuses a request for this object, and the operator tries again: "
                        + message(refused)));
  }

  /** What the API server has said; the framework wraps what a reconciler throws. */
  private static Optional<KubernetesClientException> answer(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(KubernetesClientException.class::isInstance)
        .map(KubernetesClientException.class::cast)
        .findFirst();
  }

  private static boolean isRefusal(KubernetesClientException e) {
    boolean refused = ApiAnswer.isNo(e) && !NO_REFUSAL.contains(e.getCode());
    // A webhook that does not answer is a failure of the server, and no request passes it.
    return refused || message(e).contains("failed calling webhook");
  }

  private static String message(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus())
        .map(Status::getMessage)
        .orElseGet(() -> String.valueOf(e.getMessage()));
  }

  private HasMetadata concerned(HasMetadata about) {
    var meta = about.getMetadata();
    return about instanceof VpcIPClaim
        ? pods.get(meta.getNamespace(), meta.getName()).<HasMetadata>map(p -> p).orElse(about)
        : about;
  }
}
