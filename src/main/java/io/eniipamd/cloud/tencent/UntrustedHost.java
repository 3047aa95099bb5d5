package io.eniipamd.cloud.tencent;

import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;

/**
 * The certificate that a host shows is not trusted: its issuer is not, its time is over, or it is
 * for another name. Nothing was sent to that host.
 */
final class UntrustedHost extends SSLException {
  private static final long serialVersionUID = 1L;

  private UntrustedHost(String message, SSLException cause) {
    super(message, cause);
  }

  /** The failure itself, or where it is about the certificate, one that says what to do. */
  static SSLException asFound(HttpUrl url, SSLException failure) {
    String host = url.host() + ":" + url.port();
    if (failure instanceof SSLPeerUnverifiedException) {
      return new UntrustedHost(
          "the certificate of %s is for another name; use the host name that is in the certificate"
              .formatted(host),
          failure);
    }
    return Stream.iterate((Throwable) failure, e -> e != null, Throwable::getCause)
        .filter(CertificateException.class::isInstance)
        .findFirst()
        .<SSLException>map(
            refused ->
                new UntrustedHost(
                    ("the certificate of %s is not trusted (%s); if the host is right, give the operator a"
                            + " trust store with its issuer: -Djavax.net.ssl.trustStore=FILE in JAVA_TOOL_OPTIONS"
                            + " (docs/cloud.md)")
                        .formatted(host, refused.getMessage()),
                    failure))
        .orElse(failure);
  }
}
