package io.eniipamd.api.v1;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The value of the label {@link Names#NODE_NAME}. A node's name may have 253 characters, a label's
 * value 63: a longer name is cut and ends with a hash of the whole name. The name itself is in the
 * spec.
 */
public final class NodeLabel {
  private static final int LONGEST = 63;
  private static final int HASH_BYTES = 5;

  private NodeLabel() {}

  /** The label's value for a node; its name where that fits. */
  public static String of(String nodeName) {
    if (nodeName.length() <= LONGEST) {
      return nodeName;
    }
    var hash = HexFormat.of().formatHex(sha256(nodeName), 0, HASH_BYTES);
    return nodeName.substring(0, LONGEST - hash.length() - 1) + "-" + hash;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
