package io.eniipamd.cloud.tencent;

import com.google.gson.JsonParseException;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.profile.Language;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.vpc.v20170312.VpcClient;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.Refusal;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/**
 * The SDK's clients, all on one pool of connections, created again when the credentials change: the
 * SDK reads id, key and token one by one, and a request must not mix two versions of them.
 */
final class SdkClients {

  /**
   * A changing call goes out right after the fence has let it through: where the credentials took
   * longer than this to come by, another may lead by now.
   */
  private static final Duration FENCE_SLACK = Duration.ofSeconds(1);

  private final TencentSettings settings;
  private final CredentialSource credentials;
  private final OkHttpClient http;
  private volatile Pair clients;

  private record Pair(Credentials credentials, VpcClient vpc, CvmClient cvm) {}

  /** One request on the VPC's client. */
  @FunctionalInterface
  interface VpcRequest<T> {
    T send(VpcClient client) throws TencentCloudSDKException;
  }

  /** One request on the client for virtual machines. */
  @FunctionalInterface
  interface CvmRequest<T> {
    T send(CvmClient client) throws TencentCloudSDKException;
  }

  @FunctionalInterface
  private interface Request<T> {
    T send(Pair clients) throws TencentCloudSDKException;
  }

  SdkClients(TencentSettings settings, CredentialSource credentials, Dns dns) {
    this.settings = settings;
    this.credentials = credentials;
    this.http = HttpClients.forApi(settings, dns);
  }

  <T> T vpc(CloudAction action, String step, VpcRequest<T> request) {
    return send(action, step, clients -> request.send(clients.vpc()));
  }

  <T> T cvm(CloudAction action, String step, CvmRequest<T> request) {
    return send(action, step, clients -> request.send(clients.cvm()));
  }

  private <T> T send(CloudAction action, String step, Request<T> request) {
    long start = System.nanoTime();
    Credentials current = credentials.current();
    if (action.changing() && System.nanoTime() - start > FENCE_SLACK.toNanos()) {
      throw CloudException.notSent(Kind.TRANSIENT, step, null, "the credentials came too late");
    }
    Pair pair = clients(current);
    try {
      T answer = request.send(pair);
      if (answer == null) {
        throw unreadable(action, step);
      }
      return answer;
    } catch (TencentCloudSDKException e) {
      CloudException translated = translated(action, step, e, current);
      if (translated.code().filter(CloudErrors::isOfTheKey).isPresent()) {
        credentials.refused(current);
      }
      throw translated;
    } catch (NullPointerException e) {
      // An answer without "Response" in it.
      throw unreadable(action, step);
    } catch (JsonParseException e) {
      String detail = current.redact(notUnderstood(action) + ": " + e.getMessage());
      throw new CloudException(Kind.TRANSIENT, step, null, detail, null, null);
    } catch (RuntimeException e) {
      // The SDK and what is below it quote what they stumble over: a header, an answer.
      throw stumbled(step, e, current);
    }
  }

  private static CloudException unreadable(CloudAction action, String step) {
    return new CloudException(Kind.TRANSIENT, step, null, notUnderstood(action), null, null);
  }

  private static String notUnderstood(CloudAction action) {
    return "the answer to " + action.apiName() + " cannot be understood";
  }

  private static CloudException stumbled(String step, RuntimeException e, Credentials secrets) {
    String detail =
        "cannot make the request or read its answer (%s: %s)"
            .formatted(e.getClass().getSimpleName(), e.getMessage());
    return new CloudException(Kind.TRANSIENT, step, null, secrets.redact(detail), null, null);
  }

  private static CloudException translated(
      CloudAction action, String step, TencentCloudSDKException e, Credentials secrets) {
    String code = emptyToNull(e.getErrorCode());
    String requestId = emptyToNull(e.getRequestId());
    Kind kind = CloudErrors.kind(action, code);
    if (code == null && e.getCause() instanceof IOException io) {
      String detail = "no answer (" + io.getClass().getSimpleName() + ": " + io.getMessage() + ")";
      return new CloudException(kind, step, null, secrets.redact(detail), null, null);
    }
    if (code == null) {
      return new CloudException(kind, step, null, notUnderstood(action), requestId, null);
    }
    // The SDK's exception stays out of the chain: it would print the text that is redacted here.
    String detail = e.getMessage() == null ? "" : secrets.redact(e.getMessage());
    if (kind == Kind.DENIED) {
      detail += "; " + Refusal.of(Optional.of(code)).advice();
    }
    return new CloudException(kind, step, code, detail, requestId, null);
  }

  private Pair clients(Credentials current) {
    Pair known = clients;
    if (known != null && known.credentials().equals(current)) {
      return known;
    }
    Pair made =
        new Pair(
            current,
            new VpcClient(credential(current), settings.region(), profile(settings.endpoint())),
            new CvmClient(
                credential(current),
                settings.region(),
                profile(settings.endpoint().map(SdkClients::forInstances))));
    made.vpc().gson = RowByRow.of(made.vpc().gson);
    made.cvm().gson = RowByRow.of(made.cvm().gson);
    clients = made;
    return made;
  }

  private static Credential credential(Credentials c) {
    return new Credential(c.secretId(), c.secretKey(), c.token());
  }

  private ClientProfile profile(Optional<URI> endpoint) {
    var profile = new HttpProfile();
    profile.setHttpClient(http);
    endpoint.ifPresent(
        uri -> {
          profile.setProtocol(uri.getScheme() + "://");
          profile.setEndpoint(
              uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        });
    var client = new ClientProfile(ClientProfile.SIGN_TC3_256, profile);
    client.setLanguage(Language.EN_US);
    return client;
  }

  private static URI forInstances(URI endpoint) {
    String host = endpoint.getHost();
    if (!host.startsWith("vpc.")) {
      return endpoint;
    }
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return URI.create(endpoint.getScheme() + "://cvm." + host.substring("vpc.".length()) + port);
  }

  private static String emptyToNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
