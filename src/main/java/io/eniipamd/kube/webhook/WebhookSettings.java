package io.eniipamd.kube.webhook;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the webhook is served.
 *
 * @param enabled whether it is
 * @param host the address that the server listens on
 * @param port the port of it
 * @param certificateDirectory where {@code tls.crt} and {@code tls.key} are mounted; empty: the
 *     operator makes the certificate itself
 * @param namespace of the Secret with the certificate that the operator makes
 */
public record WebhookSettings(
    boolean enabled,
    String host,
    int port,
    Optional<Path> certificateDirectory,
    String namespace) {}
