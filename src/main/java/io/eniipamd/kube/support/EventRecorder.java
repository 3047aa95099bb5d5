package io.eniipamd.kube.support;

import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.domain.condition.Reason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Reports to users, by events on the object that they read. The same thing is said once an object:
 * an event's name follows from what it says, so that not even a restarted process repeats it.
 * Nothing depends on an event: a failure to write one is logged and forgotten.
 */
@Singleton
public final class EventRecorder {
  private static final Logger LOG = Logger.getLogger(EventRecorder.class);
  private static final int LONGEST_NAME = 253;
  private static final String COMPONENT = "tke-eni-ipamd";

  private final KubernetesClient client;
  private final Clock clock;

  public EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Something that a user should act on. */
  public void warn(HasMetadata about, Reason reason, String message) {
    say("Warning", about, reason, message);
  }

  /** An object has a word that this version does not know: nothing is done about it. */
  public void leftAlone(HasMetadata about, String field) {
    warn(
        about,
        OperatorReason.UNKNOWN_WORD,
        ("%s has a word that this version does not know; the operator leaves the object as it"
                + " is, and its addresses stay in use. Run the version that wrote it, or a newer one")
            .formatted(field));
  }

  /** Something worth knowing. */
  public void inform(HasMetadata about, Reason reason, String message) {
    say("Normal", about, reason, message);
  }

  /** An event's name may be as long as its object's: a long one is cut. */
  private static String named(String object, UUID what) {
    var end = "." + Long.toHexString(what.getMostSignificantBits());
    var begin = object.substring(0, Math.min(object.length(), LONGEST_NAME - end.length()));
    return begin.replaceAll("[.-]+$", "") + end;
  }

  private void say(String type, HasMetadata about, Reason reason, String message) {
    assert reason.isToldOf(about.getKind())
        : reason + " is not declared for events of " + about.getKind();
    // Events on cluster-scoped objects are valid in the namespace "default" only.
    var meta = about.getMetadata();
    var namespace = meta.getNamespace() == null ? "default" : meta.getNamespace();
    var now = Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    var what =
        UUID.nameUUIDFromBytes(
            (meta.getUid() + "/" + reason.word() + "/" + message)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(named(meta.getName(), what))
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withNamespace(meta.getNamespace())
            .withName(meta.getName())
            .withUid(meta.getUid())
            .endInvolvedObject()
            .withType(type)
            .withReason(reason.word())
            .withMessage(message.length() > 1024 ? message.substring(0, 1024) : message)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent(COMPONENT)
            .endSource()
            .withReportingComponent(COMPONENT)
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.warnf(
            "cannot write the event on %s/%s: %s: %s (%s)",
            about.getKind(), meta.getName(), reason.word(), message, e.getMessage());
      }
    }
  }
}
