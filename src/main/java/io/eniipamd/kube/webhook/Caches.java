package io.eniipamd.kube.webhook;

/** Whether the caches that the webhook answers from can be believed. */
public interface Caches {

  /** Whether all caches have been complete once since the start. */
  boolean complete();

  /** Whether all caches follow the API server at this moment. */
  boolean current();
}
