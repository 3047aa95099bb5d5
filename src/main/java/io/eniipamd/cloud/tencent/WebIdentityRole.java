package io.eniipamd.cloud.tencent;

import com.google.gson.JsonObject;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.tencent.RefreshedCredentials.Issuer;
import io.eniipamd.cloud.tencent.RefreshedCredentials.Temporary;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The CAM role of the Pod's ServiceAccount: the token that the kubelet writes goes to STS ({@code
 * AssumeRoleWithWebIdentity}, API version 2018-08-13) and read again each time.
 */
final class WebIdentityRole implements Issuer {

  private static final String REGION = "TKE_REGION";
  private static final String PROVIDER_ID = "TKE_PROVIDER_ID";
  private static final String TOKEN_FILE = "TKE_WEB_IDENTITY_TOKEN_FILE";
  private static final String ROLE_ARN = "TKE_ROLE_ARN";

  /** What the cloud's webhook sets in a Pod whose ServiceAccount has a role. */
  static final List<String> VARIABLES = List.of(REGION, PROVIDER_ID, TOKEN_FILE, ROLE_ARN);

  /** What the role's sessions are called in the account's audit log. */
  private static final String SESSION = "eni-ipamd";

  /** As long as the SDK asks for; the longest that every role allows. */
  private static final long SESSION_SECONDS = 7_200;

  private static final MediaType JSON = MediaType.get("application/json");

  private final Map<String, String> variables;
  private final URI endpoint;
  private final IssuerCalls calls;
  private final Clock clock;

  WebIdentityRole(Map<String, String> variables, URI endpoint, OkHttpClient http, Clock clock) {
    this.variables = Map.copyOf(variables);
    this.endpoint = endpoint;
    this.calls = new IssuerCalls(http, "getting the credentials of the ServiceAccount's CAM role");
    this.clock = clock;
  }

  @Override
  public Temporary issue() {
    String token = token(variable(TOKEN_FILE));
    var body = new JsonObject();
    body.addProperty("ProviderId", variable(PROVIDER_ID));
    body.addProperty("WebIdentityToken", token);
    body.addProperty("RoleArn", variable(ROLE_ARN));
    body.addProperty("RoleSessionName", SESSION);
    body.addProperty("DurationSeconds", SESSION_SECONDS);
    var request =
        new Request.Builder()
            .url(endpoint.toString())
            .header("X-TC-Action", "AssumeRoleWithWebIdentity")
            .header("X-TC-Version", "2018-08-13")
            .header("X-TC-Region", variable(REGION))
            .header("X-TC-Timestamp", Long.toString(clock.instant().getEpochSecond()))
            // The one action that is not signed: the token speaks for itself.
            .header("Authorization", "SKIP")
            .post(RequestBody.create(body.toString().getBytes(StandardCharsets.UTF_8), JSON))
            .build();
    var reply = calls.send(request);
    if (reply.status() != 200) {
      throw calls.mayPass("%s answers with status %d".formatted(endpoint, reply.status()));
    }
    JsonObject answer = calls.object(calls.tree(reply), "Response");
    if (answer.has("Error")) {
      throw refused(calls.object(answer, "Error"), IssuerCalls.text(answer, "RequestId"), token);
    }
    return calls.temporary(calls.object(answer, "Credentials"), answer);
  }

  private CloudException refused(JsonObject error, String requestId, String token) {
    String code = IssuerCalls.text(error, "Code");
    return new CloudException(
        CloudErrors.ofCredentials(code),
        calls.step(),
        code,
        "STS refuses the role %s to the ServiceAccount: %s"
            .formatted(
                variable(ROLE_ARN), IssuerCalls.text(error, "Message").replace(token, "***")),
        requestId,
        null);
  }

  private String variable(String name) {
    String value = variables.get(name);
    if (value == null || value.isBlank()) {
      throw calls.none(
          name
              + " is not set in the environment; give the ServiceAccount a CAM role, so that the"
              + " cluster's identity webhook sets it, or set another --cloud-credentials");
    }
    String stripped = value.strip();
    if (!Credentials.isPresentable(stripped)) {
      throw calls.none(
          name
              + " in the environment contains a character that is not visible ASCII; set it again");
    }
    return stripped;
  }

  private String token(String file) {
    try {
      String token = Files.readString(Path.of(file)).strip();
      if (!token.isEmpty()) {
        return token;
      }
    } catch (IOException | InvalidPathException e) {
      throw calls.none(
          "the token file %s cannot be read (%s)".formatted(file, e.getClass().getSimpleName()));
    }
    throw calls.none("the token file %s is empty".formatted(file));
  }
}
