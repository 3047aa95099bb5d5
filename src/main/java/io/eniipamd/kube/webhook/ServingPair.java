package io.eniipamd.kube.webhook;

import io.eniipamd.domain.certificate.CertificateFacts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/** A certificate and its key, which fit. */
final class ServingPair {
  private static final byte[] SAMPLE = {1, 2, 3};

  /** The types of a subject's alternative names that servers have; see RFC 5280. */
  private static final Set<Integer> SERVERS = Set.of(2, 7);

  private final X509Certificate leaf;
  private final X509KeyManager keys;

  private ServingPair(X509Certificate leaf, X509KeyManager keys) {
    this.leaf = leaf;
    this.keys = keys;
  }

  /**
   * Reads a pair.
   *
   * @param certificate the server's certificate and perhaps those of its authorities, in PEM
   * @param key the private key in PEM, as PKCS#8, PKCS#1 or SEC 1
   * @throws UnusablePairException where one of them cannot be read, or they do not fit
   */
  static ServingPair read(Vertx vertx, byte[] certificate, byte[] key)
      throws UnusablePairException {
    var leaf = certificate(certificate);
    try {
      var managers =
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(certificate))
              .addKeyValue(Buffer.buffer(key))
              .getKeyManagerFactory(vertx)
              .getKeyManagers();
      var keys =
          Arrays.stream(managers)
              .filter(X509KeyManager.class::isInstance)
              .map(X509KeyManager.class::cast)
              .findFirst()
              .orElseThrow();
      if (privateKey(keys, leaf).filter(k -> fits(k, leaf)).isPresent()) {
        return new ServingPair(leaf, keys);
      }
    } catch (Exception _) {
      // What the library says may hold a part of the key.
      throw new UnusablePairException("the key cannot be read; it must be an unencrypted PEM key");
    }
    throw new UnusablePairException("the key is not that of the certificate");
  }

  /** The first certificate of a text in PEM. */
  static X509Certificate certificate(byte[] pem) throws UnusablePairException {
    try {
      var read =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem));
      if (read instanceof X509Certificate certificate) {
        return certificate;
      }
    } catch (CertificateException _) {
      // Below.
    }
    throw new UnusablePairException("the certificate cannot be read; it must be X.509 in PEM");
  }

  private static Optional<PrivateKey> privateKey(X509KeyManager keys, X509Certificate leaf) {
    var aliases = keys.getServerAliases(leaf.getPublicKey().getAlgorithm(), null);
    return Stream.ofNullable(aliases).flatMap(Arrays::stream).map(keys::getPrivateKey).findFirst();
  }

  private static boolean fits(PrivateKey key, X509Certificate leaf) {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    try {
      var signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(SAMPLE);
      var signature = signer.sign();
      signer.initVerify(leaf.getPublicKey());
      signer.update(SAMPLE);
      return signer.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** What a server shows it with. */
  X509KeyManager keys() {
    return keys;
  }

  /** What the certificate says. */
  CertificateFacts facts() {
    return facts(leaf);
  }

  /** What a certificate says. */
  static CertificateFacts facts(X509Certificate certificate) {
    return new CertificateFacts(
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        names(certificate));
  }

  private static Set<String> names(X509Certificate certificate) {
    try {
      return Stream.ofNullable(certificate.getSubjectAlternativeNames())
          .flatMap(Collection::stream)
          .filter(name -> SERVERS.contains(name.getFirst()))
          .map(name -> String.valueOf(name.getLast()))
          .collect(Collectors.toSet());
    } catch (CertificateException _) {
      return Set.of();
    }
  }
}
