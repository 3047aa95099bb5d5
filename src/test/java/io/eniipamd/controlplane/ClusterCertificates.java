package io.eniipamd.controlplane;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The keys of one control plane: its authority, the API server's certificate, the key of service
 * accounts, and certificates for its clients. Created at each start and valid for a day.
 */
final class ClusterCertificates {

  private static final Duration VALIDITY = Duration.ofDays(1);
  // A clock that is a little behind must not take a new certificate for one of the future.
  private static final Duration BEFORE_NOW = Duration.ofMinutes(5);
  // RSA, because clients exist that read no other key from a kubeconfig without being told.
  private static final int RSA_BITS = 2048;

  private final Path directory;
  private final Instant now;
  private final AtomicLong serial = new AtomicLong(1);
  private final X500Name authorityName = new X500Name("CN=eni-ipamd-control-plane");
  private final KeyPair authority;

  private ClusterCertificates(Path directory, Instant now, KeyPair authority) {
    this.directory = directory;
    this.now = now;
    this.authority = authority;
  }

  /**
   * Writes the authority, the serving certificate and the key of service accounts into a directory.
   */
  static ClusterCertificates create(Path directory, Instant now) throws IOException {
    Files.createDirectories(directory);
    var certificates = new ClusterCertificates(directory, now, keyPair());
    certificates.writeAuthority();
    certificates.writeServing();
    certificates.writeServiceAccountKey();
    return certificates;
  }

  Path authorityCertificate() {
    return directory.resolve("ca.crt");
  }

  Path servingCertificate() {
    return directory.resolve("apiserver.crt");
  }

  Path servingKey() {
    return directory.resolve("apiserver.key");
  }

  Path serviceAccountPublicKey() {
    return directory.resolve("service-account.pub");
  }

  Path serviceAccountKey() {
    return directory.resolve("service-account.key");
  }

  /**
   * A new certificate of a client.
   *
   * @param user the user's name in Kubernetes
   * @param group the user's group, or empty for none
   */
  ClientIdentity client(String user, String group) {
    KeyPair pair = keyPair();
    X500NameBuilder subject = new X500NameBuilder();
    if (!group.isEmpty()) {
      subject.addRDN(BCStyle.O, group);
    }
    subject.addRDN(BCStyle.CN, user);
    try {
      X509v3CertificateBuilder builder = builder(subject.build(), pair);
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      return new ClientIdentity(pem("CERTIFICATE", sign(builder)), privateKey(pair));
    } catch (IOException e) {
      throw new IllegalStateException("certificate of " + user, e);
    }
  }

  /** The authority's certificate in PEM. */
  String authorityPem() throws IOException {
    return Files.readString(authorityCertificate());
  }

  private void writeAuthority() throws IOException {
    X509v3CertificateBuilder builder = builder(authorityName, authority);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
    Files.writeString(authorityCertificate(), pem("CERTIFICATE", sign(builder)));
  }

  private void writeServing() throws IOException {
    KeyPair pair = keyPair();
    X509v3CertificateBuilder builder = builder(new X500Name("CN=kube-apiserver"), pair);
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.dNSName, "kubernetes.default.svc")
            }));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    Files.writeString(servingCertificate(), pem("CERTIFICATE", sign(builder)));
    writeSecret(servingKey(), privateKey(pair));
  }

  private void writeServiceAccountKey() throws IOException {
    KeyPair pair = keyPair();
    writeSecret(serviceAccountKey(), privateKey(pair));
    Files.writeString(serviceAccountPublicKey(), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
  }

  private X509v3CertificateBuilder builder(X500Name subject, KeyPair pair) {
    return new JcaX509v3CertificateBuilder(
        authorityName,
        BigInteger.valueOf(serial.getAndIncrement()),
        Date.from(now.minus(BEFORE_NOW)),
        Date.from(now.plus(VALIDITY)),
        subject,
        pair.getPublic());
  }

  private byte[] sign(X509v3CertificateBuilder builder) {
    try {
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withRSA").build(authority.getPrivate())));
      return certificate.getEncoded();
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("signing a certificate", e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }

  private static String privateKey(KeyPair pair) {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
  }

  /** Writes a file that only its owner may read. */
  static void writeSecret(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  /**
   * A client's certificate and key.
   *
   * @param certificate in PEM
   * @param key in PEM; secret
   */
  record ClientIdentity(String certificate, String key) {}
}
