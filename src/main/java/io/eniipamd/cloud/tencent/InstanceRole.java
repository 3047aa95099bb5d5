package io.eniipamd.cloud.tencent;

import com.google.gson.JsonObject;
import io.eniipamd.cloud.tencent.RefreshedCredentials.Issuer;
import io.eniipamd.cloud.tencent.RefreshedCredentials.Temporary;
import java.net.URI;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** The CAM role of the instance that this process runs on, by the instance's metadata service. */
final class InstanceRole implements Issuer {

  private static final String PATH = "latest/meta-data/cam/security-credentials";

  private static final String REMEDY =
      "; bind a CAM role to the instance, or set another --cloud-credentials";

  private final HttpUrl list;
  private final Optional<String> role;
  private final IssuerCalls calls;

  /**
   * @param endpoint of the metadata service
   * @param role its name; empty for the one that the service names
   */
  InstanceRole(URI endpoint, Optional<String> role, OkHttpClient http) {
    this.list = HttpUrl.get(endpoint.toString()).newBuilder().addPathSegments(PATH + "/").build();
    this.role = role;
    this.calls = new IssuerCalls(http, "getting the credentials of the instance's CAM role");
  }

  @Override
  public Temporary issue() {
    String name = role.orElseGet(this::boundRole);
    HttpUrl url = list.newBuilder().setPathSegment(list.pathSize() - 1, name).build();
    var reply = calls.send(new Request.Builder().url(url).build());
    if (reply.status() == 404) {
      throw calls.none("%s says that there is no role \"%s\"".formatted(list, name) + REMEDY);
    }
    JsonObject answer = calls.tree(okay(reply));
    String code = IssuerCalls.text(answer, "Code");
    if (code.isEmpty()) {
      throw calls.unreadable();
    }
    if (!code.equals("Success")) {
      throw calls.none(
          "%s says %s of the role \"%s\"; check that it exists and that CVM may assume it"
              .formatted(list, code, name));
    }
    return calls.temporary(answer, answer);
  }

  private String boundRole() {
    var reply = calls.send(new Request.Builder().url(list).build());
    String name =
        reply.status() == 404
            ? ""
            : okay(reply).body().lines().map(String::strip).findFirst().orElse("");
    if (name.isEmpty()) {
      throw calls.none("%s says that the instance has no role".formatted(list) + REMEDY);
    }
    if (!name.matches("[\\w+=,.@-]{1,128}")) {
      throw calls.unreadable();
    }
    return name;
  }

  private IssuerCalls.Reply okay(IssuerCalls.Reply reply) {
    if (reply.status() != 200) {
      throw calls.mayPass("%s answers with status %d".formatted(list, reply.status()));
    }
    return reply;
  }
}
