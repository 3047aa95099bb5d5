package io.eniipamd.simulator.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature {@code TC3-HMAC-SHA256} of a request, as the API documents it. The service is taken
 * from the credential scope: clients derive it from their endpoint.
 */
record Tc3Signature(
    String secretId, String date, String service, String signedHeaders, String signature) {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "TC3-HMAC-SHA256 Credential=([^/]+)/(\\d{4}-\\d{2}-\\d{2})/([^,]+)/tc3_request,\\s*"
              + "SignedHeaders=([^,]+),\\s*Signature=([0-9a-f]{64})");

  /** The parts of an {@code Authorization} header, or empty where it is malformed. */
  static Optional<Tc3Signature> parse(String authorization) {
    Matcher m = AUTHORIZATION.matcher(authorization);
    return m.matches()
        ? Optional.of(new Tc3Signature(m.group(1), m.group(2), m.group(3), m.group(4), m.group(5)))
        : Optional.empty();
  }

  /** Whether this is the signature of the request under the key, at the time that it states. */
  boolean verifies(Arrival arrival, String secretKey, long timestamp) {
    String day = LocalDate.ofInstant(Instant.ofEpochSecond(timestamp), ZoneOffset.UTC).toString();
    if (!day.equals(date)) {
      return false;
    }
    StringBuilder headers = new StringBuilder();
    boolean host = false;
    boolean contentType = false;
    for (String name : signedHeaders.split(";", -1)) {
      Optional<String> value = arrival.header(name);
      if (value.isEmpty()) {
        return false;
      }
      host |= name.equals("host");
      contentType |= name.equals("content-type");
      // The SDKs send the content type as it is; the documents lower it. Either is accepted.
      headers.append(name).append(':').append(value.get().strip()).append('\n');
    }
    if (!host || !contentType) {
      return false;
    }
    String payload =
        arrival
            .header("x-tc-content-sha256")
            .filter("UNSIGNED-PAYLOAD"::equals)
            .orElse(arrival.body());
    return matches(headers.toString(), payload, secretKey, timestamp)
        || matches(headers.toString().toLowerCase(Locale.ROOT), payload, secretKey, timestamp);
  }

  private boolean matches(String headers, String payload, String secretKey, long timestamp) {
    String canonical =
        "POST\n/\n\n" + headers + "\n" + signedHeaders + "\n" + hex(sha256(bytes(payload)));
    String toSign =
        "TC3-HMAC-SHA256\n"
            + timestamp
            + "\n"
            + date
            + "/"
            + service
            + "/tc3_request\n"
            + hex(sha256(bytes(canonical)));
    byte[] key = hmac(hmac(hmac(bytes("TC3" + secretKey), date), service), "tc3_request");
    return MessageDigest.isEqual(bytes(hex(hmac(key, toSign))), bytes(signature));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
