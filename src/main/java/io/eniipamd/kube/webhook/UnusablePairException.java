package io.eniipamd.kube.webhook;

/** A certificate and a key that cannot be served with; the message holds nothing of the key. */
final class UnusablePairException extends Exception {
  UnusablePairException(String message) {
    super(message);
  }
}
