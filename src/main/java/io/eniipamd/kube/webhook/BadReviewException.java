package io.eniipamd.kube.webhook;

/** A request that is no review of the API server; the message says what is wrong, and no value. */
final class BadReviewException extends Exception {
  BadReviewException(String message) {
    super(message);
  }
}
