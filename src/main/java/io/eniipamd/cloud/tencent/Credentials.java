package io.eniipamd.cloud.tencent;

import java.util.Objects;

/**
 * What signs a request.
 *
 * @param secretId the public half
 * @param secretKey the secret half
 * @param token of a role's temporary credentials, empty for a permanent key
 */
public record Credentials(String secretId, String secretKey, String token) {
  public Credentials {
    Objects.requireNonNull(secretId, "secretId");
    Objects.requireNonNull(secretKey, "secretKey");
    Objects.requireNonNull(token, "token");
  }

  /** A permanent key. */
  public static Credentials permanent(String secretId, String secretKey) {
    return new Credentials(secretId, secretKey, "");
  }

  /**
   * Whether a header can carry the text: visible ASCII only. Anything else would come back whole in
   * the message of an HTTP client that refuses it.
   */
  static boolean isPresentable(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** The text with these secrets redacted. */
  String redact(String text) {
    String redacted = text;
    for (String secret : new String[] {secretKey, token, secretId}) {
      if (!secret.isEmpty()) {
        redacted = redacted.replace(secret, "***");
      }
    }
    return redacted;
  }

  @Override
  public String toString() {
    return "Credentials[***]";
  }
}
