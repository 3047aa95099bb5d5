package io.eniipamd.cloud.tencent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.tencent.RefreshedCredentials.Temporary;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Requests for credentials and what their answers have in common. They are read as trees, so that a
 * native image needs to know no types, and no answer is ever repeated in a message.
 */
record IssuerCalls(OkHttpClient http, String step) {

  /** Such answers have a few hundred bytes, with a long token a few thousand. */
  private static final long MOST_BYTES = 64 * 1024;

  /** An answer of any status. */
  record Reply(int status, String body) {

    /** Shows the status only: the body may be a secret. */
    @Override
    public String toString() {
      return "Reply[" + status + "]";
    }
  }

  Reply send(Request request) {
    try (Response response = http.newCall(request).execute()) {
      return new Reply(response.code(), response.peekBody(MOST_BYTES).string());
    } catch (IOException e) {
      throw mayPass(
          "no answer from %s (%s: %s)"
              .formatted(request.url(), e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  JsonObject tree(Reply reply) {
    try {
      JsonElement tree = JsonParser.parseString(reply.body());
      if (tree.isJsonObject()) {
        return tree.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      // It would quote the answer.
    }
    throw unreadable();
  }

  /** The member of this name, an object too. */
  JsonObject object(JsonObject parent, String name) {
    if (parent.get(name) instanceof JsonObject child) {
      return child;
    }
    throw unreadable();
  }

  /** The text of this name, empty where there is none. */
  static String text(JsonObject parent, String name) {
    JsonElement member = parent.get(name);
    return member != null && member.isJsonPrimitive() ? member.getAsString().strip() : "";
  }

  /**
   * The credentials in an answer.
   *
   * @param ended the tree with {@code ExpiredTime}, in seconds since 1970
   */
  Temporary temporary(JsonObject credentials, JsonObject ended) {
    String id = text(credentials, "TmpSecretId");
    String key = text(credentials, "TmpSecretKey");
    String token = text(credentials, "Token");
    for (String part : new String[] {id, key, token}) {
      if (part.isEmpty() || !Credentials.isPresentable(part)) {
        throw unreadable();
      }
    }
    try {
      Instant end = Instant.ofEpochSecond(Long.parseLong(text(ended, "ExpiredTime")));
      return new Temporary(new Credentials(id, key, token), end);
    } catch (NumberFormatException | DateTimeException e) {
      throw unreadable();
    }
  }

  CloudException unreadable() {
    return mayPass("the answer cannot be understood");
  }

  CloudException mayPass(String detail) {
    return new CloudException(Kind.TRANSIENT, step, null, detail, null, null);
  }

  CloudException none(String detail) {
    return new CloudException(Kind.DENIED, step, null, detail, null, null);
  }
}
