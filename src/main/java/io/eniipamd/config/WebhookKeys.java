package io.eniipamd.config;

/** The keys of the webhook for new Pods. */
final class WebhookKeys {
  static final KeyDefinition WEBHOOK =
      new KeyDefinition(
          ConfigGroup.WEBHOOK,
          Default.of("false"),
          ValueType.onOff(),
          "Serve the webhook that sets the zone of a fixed IP and the request of an address on new"
              + " Pods; install webhook/webhook.yml with it (docs/zones.md).");

  static final KeyDefinition WEBHOOK_LISTEN =
      new KeyDefinition(
          ConfigGroup.WEBHOOK,
          Default.of("9443"),
          ValueType.number(1, 65_535),
          "The port on which the webhook listens, HTTPS. The operator is in its node's network, so that the port"
              + " has to be free on the node; the Service of webhook.yml names it too.");

  static final KeyDefinition WEBHOOK_CERTIFICATE_DIRECTORY =
      new KeyDefinition(
          ConfigGroup.WEBHOOK,
          Default.none("the operator makes the certificate itself"),
          ValueType.path(),
          "The mounted certificate of the webhook: a directory with tls.crt and tls.key, as"
              + " cert-manager makes it. The operator reads it again when it changes.");

  private WebhookKeys() {}
}
