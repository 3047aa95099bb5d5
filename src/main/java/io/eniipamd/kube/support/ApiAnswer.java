package io.eniipamd.kube.support;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What a failed request to the API server says of what it was to do. */
public final class ApiAnswer {
  private static final int FIRST_REFUSAL = 400;
  private static final int FIRST_FAILURE = 500;

  private ApiAnswer() {}

  /**
   * Whether the API server has answered with a no (4xx), so that nothing was done; everything else
   * may have been done all the same.
   */
  public static boolean isNo(KubernetesClientException e) {
    return e.getCode() >= FIRST_REFUSAL && e.getCode() < FIRST_FAILURE;
  }
}
