package io.eniipamd.cloud.tencent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** How requests leave the process: time-outs, connections that are used again, the proxy. */
final class HttpClients {

  /** As many workers as talk at the same time under the default cap of requests. */
  private static final int IDLE_CONNECTIONS = 20;

  /** The cloud closes idle connections after a minute or more. */
  private static final Duration IDLE_TIME = Duration.ofSeconds(50);

  /** Credentials are needed by a request that waits, and come from nearby. */
  private static final Duration CREDENTIALS_CONNECT = Duration.ofSeconds(2);

  private static final Duration CREDENTIALS_READ = Duration.ofSeconds(3);

  /** The longest that asking for credentials takes, connecting included. */
  static final Duration CREDENTIALS_CALL = CREDENTIALS_CONNECT.plus(CREDENTIALS_READ);

  private HttpClients() {}

  /** For the calls of the API. */
  static OkHttpClient forApi(TencentSettings settings, Dns dns) {
    var builder =
        new OkHttpClient.Builder()
            .dns(dns)
            .connectionPool(
                new ConnectionPool(IDLE_CONNECTIONS, IDLE_TIME.toSeconds(), TimeUnit.SECONDS))
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.readTimeout())
            .writeTimeout(settings.readTimeout())
            .callTimeout(settings.callTimeout())
            // Another address of the host is tried where nothing was sent. A request that was sent
            // and not answered may have had its effect: the caller reads the state before it sends
            // again, and a body that can be sent only once keeps the client from doing so.
            .retryOnConnectionFailure(true)
            .addInterceptor(chain -> chain.proceed(sentOnce(chain.request())))
            .followRedirects(false)
            .addInterceptor(chain -> closed(chain.proceed(chain.request())))
            .addInterceptor(HttpClients::trusting);
    settings.proxy().ifPresent(uri -> builder.proxy(httpProxy(uri)));
    return builder.build();
  }

  /** For credentials from the internet, through the proxy where there is one. */
  static OkHttpClient forCredentials(Optional<URI> proxy) {
    OkHttpClient.Builder builder = quick();
    proxy.ifPresent(uri -> builder.proxy(httpProxy(uri)));
    return builder.build();
  }

  /** For credentials from the machine itself, which no proxy knows. */
  static OkHttpClient forMetadata() {
    return quick().proxy(Proxy.NO_PROXY).build();
  }

  private static OkHttpClient.Builder quick() {
    return new OkHttpClient.Builder()
        .connectTimeout(CREDENTIALS_CONNECT)
        .readTimeout(CREDENTIALS_READ)
        .writeTimeout(CREDENTIALS_READ)
        .callTimeout(CREDENTIALS_CALL)
        .followRedirects(false)
        .addInterceptor(HttpClients::trusting);
  }

  private static Proxy httpProxy(URI uri) {
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  private static Request sentOnce(Request request) {
    RequestBody body = request.body();
    return body == null
        ? request
        : request.newBuilder().method(request.method(), new OneShot(body)).build();
  }

  /** What Java says of a certificate names neither the host nor what can be done. */
  private static Response trusting(Interceptor.Chain chain) throws IOException {
    try {
      return chain.proceed(chain.request());
    } catch (SSLException e) {
      throw UntrustedHost.asFound(chain.request().url(), e);
    }
  }

  /** The SDK does not read the body of an HTTP error, and its connection would never be free. */
  private static Response closed(Response response) {
    if (response.code() == 200) {
      return response;
    }
    response.close();
    return response.newBuilder().body(ResponseBody.create(new byte[0], null)).build();
  }
}
