package io.eniipamd.simulator.wire;

import io.eniipamd.simulator.model.Refusal;
import java.time.Duration;
import java.time.Instant;

/** Lets in who has a known key, a fresh and right signature, and asks for this region. */
final class Doorman {
  private static final String VERSION = "2017-03-12";
  private static final Duration TOLERATED_SKEW = Duration.ofMinutes(5);

  private final Credentials credentials;
  private final String region;

  Doorman(Credentials credentials, String region) {
    this.credentials = credentials;
    this.region = region;
  }

  /**
   * Checks who asks.
   *
   * @return the id of the key
   */
  String admit(Arrival arrival) {
    if (!arrival.method().equals("POST")) {
      throw new Refusal("UnsupportedProtocol", "Only POST requests are supported here.");
    }
    Tc3Signature signature =
        arrival
            .header("Authorization")
            .flatMap(Tc3Signature::parse)
            .orElseThrow(
                () ->
                    new Refusal(
                        "AuthFailure.InvalidAuthorization",
                        "The `Authorization` of the request header does not comply with the"
                            + " standard."));
    String secretKey =
        credentials
            .secretKey(signature.secretId())
            .orElseThrow(
                () ->
                    new Refusal(
                        "AuthFailure.SecretIdNotFound",
                        "The SecretId is not found, please ensure that your SecretId is correct."));
    long timestamp = timestamp(arrival);
    Duration skew = Duration.between(Instant.ofEpochSecond(timestamp), arrival.at()).abs();
    if (skew.compareTo(TOLERATED_SKEW) > 0) {
      throw new Refusal(
          "AuthFailure.SignatureExpire",
          "The signature has expired: the timestamp differs from the server's time by "
              + skew.toSeconds()
              + " seconds.");
    }
    if (!signature.verifies(arrival, secretKey, timestamp)) {
      throw new Refusal(
          "AuthFailure.SignatureFailure",
          "The provided credentials could not be validated. Please check your signature is"
              + " correct.");
    }
    if (!credentials.tokenMatches(signature.secretId(), arrival.header("X-TC-Token"))) {
      throw new Refusal("AuthFailure.TokenFailure", "The token is wrong or has expired.");
    }
    return signature.secretId();
  }

  /** Checks the API's version and the region. */
  void requireVersionAndRegion(Arrival arrival) {
    String version = required(arrival, "X-TC-Version");
    if (!version.equals(VERSION)) {
      throw new Refusal("NoSuchVersion", "The version `" + version + "` does not exist.");
    }
    String asked = required(arrival, "X-TC-Region");
    if (!asked.equals(region)) {
      throw new Refusal("UnsupportedRegion", "The region `" + asked + "` is not supported.");
    }
  }

  private static String required(Arrival arrival, String header) {
    return arrival
        .header(header)
        .filter(v -> !v.isEmpty())
        .orElseThrow(
            () ->
                new Refusal("MissingParameter", "The request header `" + header + "` is missing."));
  }

  private static long timestamp(Arrival arrival) {
    String text = required(arrival, "X-TC-Timestamp");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Refusal("InvalidParameterValue", "`X-TC-Timestamp` is not a number.");
    }
  }
}
