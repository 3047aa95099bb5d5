package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewCertificateTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Set<String> NAMES = Set.of("hook.kube-system.svc", "127.0.0.1");

  @AfterAll
  static void close() {
    VERTX.close();
  }

  @Test
  void shouldBeForItsNamesAndForItsTimeWhenItIsReadAgain() throws Exception {
    var made = NewCertificate.create(NAMES, NOW);

    var facts = read(made.certificate(), made.key()).facts();

    assertThat(facts.names()).isEqualTo(NAMES);
    assertThat(facts.notBefore()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(facts.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(90)));
  }

  @Test
  void shouldVouchForAServerAloneAndForNothingElse() throws Exception {
    var made = NewCertificate.create(NAMES, NOW);

    var certificate = ServingPair.certificate(bytes(made.certificate()));

    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void shouldNotFitTheKeyOfAnother() {
    var one = NewCertificate.create(NAMES, NOW);
    var other = NewCertificate.create(NAMES, NOW);

    assertThatThrownBy(() -> read(one.certificate(), other.key()))
        .isInstanceOf(UnusablePairException.class)
        .hasMessage("the key is not that of the certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no PEM", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n"})
  void shouldSayNothingOfAKeyThatCannotBeRead(String key) {
    var made = NewCertificate.create(NAMES, NOW);

    assertThatThrownBy(() -> read(made.certificate(), key))
        .isInstanceOf(UnusablePairException.class)
        .hasMessage("the key cannot be read; it must be an unencrypted PEM key")
        .hasNoCause();
  }

  @Test
  void shouldSayWhatACertificateMustBeWhenItCannotBeRead() {
    var made = NewCertificate.create(NAMES, NOW);

    assertThatThrownBy(() -> read("no certificate", made.key()))
        .hasMessage("the certificate cannot be read; it must be X.509 in PEM");
  }

  @Test
  void shouldHideTheKeyWhenItIsPrinted() {
    assertThat(NewCertificate.create(NAMES, NOW).toString()).isEqualTo("NewCertificate");
  }

  private static ServingPair read(String certificate, String key) throws UnusablePairException {
    return ServingPair.read(VERTX, bytes(certificate), bytes(key));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
