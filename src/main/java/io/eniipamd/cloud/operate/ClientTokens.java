package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that bring the same answer for ever though their effect never came or is gone. In their
 * place goes a variant, only where nothing can come of it twice: an ENI's primary address is on one
 * ENI, an ENI on one instance.
 */
final class ClientTokens {

  private static final int LONGEST = 64;

  private final Map<String, Integer> spoilt = new ConcurrentHashMap<>();

  /** The token to send in place of this one; itself as a rule. */
  String current(String token) {
    Integer times = spoilt.get(token);
    if (times == null) {
      return token;
    }
    String suffix = "." + times;
    int kept = Math.min(token.length(), LONGEST - suffix.length());
    return token.substring(token.length() - kept) + suffix;
  }

  /** The token in force is used up. */
  void spoil(String token) {
    spoilt.merge(token, 1, Integer::sum);
  }

  /** What the token was for has come about. */
  void done(String token) {
    spoilt.remove(token);
  }

  /** Whether the cloud knows the token with other parameters. */
  static boolean isSpoilt(CloudException e) {
    return e.code().filter(code -> code.endsWith(".IdempotentParameterMismatch")).isPresent();
  }
}
