package io.eniipamd.kube.webhook;

import io.eniipamd.domain.address.Ip;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.ExtendedKeyUsageExtension;
import org.wildfly.security.x500.cert.KeyUsage;
import org.wildfly.security.x500.cert.KeyUsageExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;

/**
 * A key and a certificate of it that vouches for itself, for the server of the webhook alone.
 *
 * @param certificate in PEM
 * @param key in PEM, PKCS#8; secret
 */
record NewCertificate(String certificate, String key) {
  /** How long it is valid. */
  static final Duration VALIDITY = Duration.ofDays(90);

  /** A clock that is a little behind must not take a new certificate for one of the future. */
  private static final Duration BEFORE_NOW = Duration.ofHours(1);

  private static final X500Principal SUBJECT = new X500Principal("CN=tke-eni-ipamd-webhook");

  /** The extended key usage of servers; see RFC 5280. */
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";

  private static final int SERIAL_BITS = 127;

  /**
   * Makes one.
   *
   * @param names host names and addresses that clients call the server by; not empty
   * @param now the beginning of its validity
   */
  static NewCertificate create(Set<String> names, Instant now) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      return new NewCertificate(
          pem("CERTIFICATE", sign(pair, names, now).getEncoded()),
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate for %s".formatted(names), e);
    }
  }

  private static X509Certificate sign(KeyPair pair, Set<String> names, Instant now)
      throws GeneralSecurityException {
    return new X509CertificateBuilder()
        .setSubjectDn(SUBJECT)
        .setIssuerDn(SUBJECT)
        .setSerialNumber(new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE))
        .setNotValidBefore(utc(now.minus(BEFORE_NOW)))
        .setNotValidAfter(utc(now.plus(VALIDITY)))
        .setPublicKey(pair.getPublic())
        .setSigningKey(pair.getPrivate())
        .setSignatureAlgorithmName("SHA256withECDSA")
        // No authority: with its key nothing else can be vouched for.
        .addExtension(new BasicConstraintsExtension(true, false, -1))
        .addExtension(new KeyUsageExtension(true, KeyUsage.digitalSignature))
        .addExtension(new ExtendedKeyUsageExtension(false, List.of(SERVER)))
        .addExtension(
            new SubjectAlternativeNamesExtension(
                false, names.stream().sorted().map(NewCertificate::name).toList()))
        .build();
  }

  private static GeneralName name(String name) {
    return isAddress(name) ? new GeneralName.IPAddress(name) : new GeneralName.DNSName(name);
  }

  private static boolean isAddress(String name) {
    try {
      return Ip.parse(name) != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static ZonedDateTime utc(Instant moment) {
    return moment.atZone(ZoneOffset.UTC);
  }

  private static String pem(String type, byte[] der) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "NewCertificate";
  }
}
