package io.eniipamd.kube.webhook;

import io.eniipamd.domain.certificate.CertificateFacts;
import io.eniipamd.domain.certificate.RenewalStep;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The certificate that the operator makes itself. The leader makes and renews it, in a Secret that
 * all replicas read, and tells the API servers which certificates to trust.
 */
final class OwnCertificate implements ServingCertificate {
  private static final Logger LOG = Logger.getLogger(OwnCertificate.class);

  /** The Secret. The manifest has it, so that the operator needs no right to create Secrets. */
  static final String SECRET = "tke-eni-ipamd-webhook";

  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String NEXT_CERTIFICATE = "next.crt";
  private static final String NEXT_KEY = "next.key";

  /** The one that was served before: replicas that have not read the Secret again still do. */
  private static final String PREVIOUS_CERTIFICATE = "previous.crt";

  private final KubernetesClient client;
  private final Vertx vertx;
  private final String namespace;
  private final TrustedCertificates trusted;
  private final Clock clock;
  private String served = "";

  /** The next certificate that the API servers are told to trust, and since when. */
  private String announced = "";

  private Instant announcedAt = Instant.MIN;

  OwnCertificate(KubernetesClient client, Vertx vertx, String namespace, Clock clock) {
    this.client = client;
    this.vertx = vertx;
    this.namespace = namespace;
    this.trusted = new TrustedCertificates(client);
    this.clock = clock;
  }

  @Override
  public Optional<ServingPair> tend(boolean leading) throws UnusablePairException {
    var secret = client.secrets().inNamespace(namespace).withName(SECRET).get();
    if (secret == null) {
      throw new UnusablePairException(
          "the Secret %s/%s is missing; apply webhook/own-certificate.yml"
              .formatted(namespace, SECRET));
    }
    return toServe(leading ? renewed(secret) : data(secret));
  }

  private Optional<ServingPair> toServe(Map<String, String> data) throws UnusablePairException {
    var certificate = data.get(CERTIFICATE);
    if (certificate == null || certificate.equals(served)) {
      return Optional.empty();
    }
    var pair = read(certificate, data.getOrDefault(KEY, ""));
    served = certificate;
    return Optional.of(pair);
  }

  private Map<String, String> renewed(Secret secret) throws UnusablePairException {
    var data = data(secret);
    var names = trusted.names();
    if (names.isEmpty()) {
      if (data.containsKey(CERTIFICATE)) {
        return data;
      }
      throw new UnusablePairException(
          "the MutatingWebhookConfiguration %s is missing, which says what the server is called; apply webhook/webhook.yml"
              .formatted(TrustedCertificates.CONFIGURATION));
    }
    var now = clock.instant();
    var step =
        RenewalStep.decide(
            now,
            facts(data, CERTIFICATE, KEY),
            facts(data, NEXT_CERTIFICATE, NEXT_KEY),
            announcedFor(data, now),
            names);
    var after =
        switch (step) {
          case RenewalStep.Keep() -> data;
          case RenewalStep.Replace() -> replaced(now, names);
          case RenewalStep.Prepare() -> prepared(data, now, names);
          case RenewalStep.Promote() -> promoted(data);
        };
    if (!after.equals(data)) {
      write(secret, after);
    }
    announce(after, now);
    return after;
  }

  private static Map<String, String> replaced(Instant now, Set<String> names) {
    LOG.infof("the webhook gets a certificate for %s", names);
    var made = NewCertificate.create(names, now);
    return Map.of(CERTIFICATE, made.certificate(), KEY, made.key());
  }

  private static Map<String, String> prepared(
      Map<String, String> data, Instant now, Set<String> names) {
    LOG.info("the certificate of the webhook is renewed: the API servers are told first");
    var made = NewCertificate.create(names, now);
    var after = new HashMap<>(data);
    after.put(NEXT_CERTIFICATE, made.certificate());
    after.put(NEXT_KEY, made.key());
    return after;
  }

  private static Map<String, String> promoted(Map<String, String> data) {
    LOG.info("the webhook is served with its next certificate");
    var after = new HashMap<String, String>();
    after.put(CERTIFICATE, data.get(NEXT_CERTIFICATE));
    after.put(KEY, data.get(NEXT_KEY));
    after.put(PREVIOUS_CERTIFICATE, data.get(CERTIFICATE));
    return after;
  }

  private void announce(Map<String, String> data, Instant now) {
    trusted.trust(
        data.get(CERTIFICATE), data.get(NEXT_CERTIFICATE), data.get(PREVIOUS_CERTIFICATE));
    var next = data.getOrDefault(NEXT_CERTIFICATE, "");
    if (!next.equals(announced)) {
      announced = next;
      announcedAt = now;
    }
  }

  /** How long this process knows that the API servers are told of the next certificate. */
  private Optional<Duration> announcedFor(Map<String, String> data, Instant now) {
    var next = data.get(NEXT_CERTIFICATE);
    return next != null && next.equals(announced)
        ? Optional.of(Duration.between(announcedAt, now))
        : Optional.empty();
  }

  private Optional<CertificateFacts> facts(
      Map<String, String> data, String certificate, String key) {
    if (!data.containsKey(certificate) || !data.containsKey(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(data.get(certificate), data.get(key)).facts());
    } catch (UnusablePairException _) {
      return Optional.empty();
    }
  }

  private void write(Secret secret, Map<String, String> data) {
    var encoded = new HashMap<String, String>();
    data.forEach(
        (name, value) -> encoded.put(name, Base64.getEncoder().encodeToString(bytes(value))));
    // With the version that was read: a leader of before may write at the same time.
    client.resource(new SecretBuilder(secret).withData(encoded).build()).update();
  }

  private static Map<String, String> data(Secret secret) {
    var decoded = new HashMap<String, String>();
    if (secret.getData() != null) {
      secret.getData().forEach((name, value) -> decoded.put(name, text(value)));
    }
    return decoded;
  }

  private ServingPair read(String certificate, String key) throws UnusablePairException {
    return ServingPair.read(vertx, bytes(certificate), bytes(key));
  }

  private static String text(String encoded) {
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
