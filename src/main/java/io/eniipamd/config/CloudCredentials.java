package io.eniipamd.config;

/** Where the keys of the cloud account come from. */
public enum CloudCredentials {
  /**
   * The environment variables {@code TENCENTCLOUD_SECRET_ID} and {@code TENCENTCLOUD_SECRET_KEY}.
   */
  ENV,
  /** The mounted file that {@code cloud-credentials-file} names. */
  FILE,
  /** The CAM role of the instance, from its metadata service. */
  CVM_ROLE,
  /** The CAM role of the Pod's ServiceAccount, from STS. */
  OIDC
}
