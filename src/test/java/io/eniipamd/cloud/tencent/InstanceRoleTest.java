package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.testing.time.SteppedClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceRoleTest {

  private static final String LIST = "/latest/meta-data/cam/security-credentials/";

  private final SteppedClock clock = SteppedClock.at(Instant.parse("2026-01-02T03:04:05Z"));
  private final LocalService metadata;

  InstanceRoleTest() throws IOException {
    metadata = new LocalService();
  }

  @AfterEach
  void stop() {
    metadata.close();
  }

  @Test
  void shouldComeFromTheRoleThatTheInstanceHasWhenNoneIsNamed() {
    metadata.says(LIST, 200, "eni-ipamd-role\n");
    metadata.says(LIST + "eni-ipamd-role", 200, answer("1"));

    assertThat(source(Optional.empty()).current())
        .isEqualTo(new Credentials("id-1", "key-1", "token-1"));
  }

  @Test
  void shouldAskForTheNamedRoleOnlyWhenThereIsOne() {
    metadata.says(LIST + "mine", 200, answer("1"));

    assertThat(source(Optional.of("mine")).current().secretId()).isEqualTo("id-1");
    assertThat(metadata.calls()).extracting(LocalService.Call::path).containsExactly(LIST + "mine");
  }

  @Test
  void shouldTakeTheNewOnesWhenTheServiceRotatesThem() {
    metadata.says(LIST + "mine", 200, answer("1"));
    var source = source(Optional.of("mine"));
    assertThat(source.current().secretId()).isEqualTo("id-1");
    metadata.says(LIST + "mine", 200, answer("2"));

    clock.advance(Duration.ofMinutes(57));

    assertThat(source.current()).isEqualTo(new Credentials("id-2", "key-2", "token-2"));
  }

  @Test
  void shouldKeepTheOldOnesWhenTheServiceBreaks() {
    metadata.says(LIST + "mine", 200, answer("1"));
    var source = source(Optional.of("mine"));
    source.current();
    metadata.says(LIST + "mine", 500, "");

    clock.advance(Duration.ofMinutes(57));

    assertThat(source.current().secretId()).isEqualTo("id-1");
  }

  @Test
  void shouldSayWhatToDoWhenTheInstanceHasNoRole() {
    CloudException e = failure(source(Optional.empty()));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e)
        .hasMessage(
            "getting the credentials of the instance's CAM role: %s says that the instance has no"
                    .formatted(metadata.endpoint() + LIST)
                + " role; bind a CAM role to the instance, or set another --cloud-credentials");
  }

  @Test
  void shouldNameTheRoleWhenTheInstanceHasAnotherOne() {
    CloudException e = failure(source(Optional.of("mine")));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining("there is no role \"mine\"");
  }

  @Test
  void shouldSayDeniedWhenTheServiceGivesNoneForTheRole() {
    metadata.says(LIST + "mine", 200, "{\"Code\": \"AssumeRoleFailed\"}");

    CloudException e = failure(source(Optional.of("mine")));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining("AssumeRoleFailed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>Welcome</html>",
        "[]",
        "{\"Code\": \"Success\"}",
        "{\"Code\": \"Success\", \"TmpSecretId\": \"id-1\", \"TmpSecretKey\": \"the-key\"}",
        "{\"Code\": \"Success\", \"TmpSecretId\": \"id-1\", \"TmpSecretKey\": \"the-key\","
            + " \"Token\": \"the-token\", \"ExpiredTime\": \"soon\"}",
        "{\"Code\": \"Success\", \"TmpSecretKey\": \"the-key\" ",
        "{\"Code\": \"Success\", \"TmpSecretId\": \"id-1\", \"TmpSecretKey\": \"the-key\","
            + " \"Token\": \"the\\ntoken\", \"ExpiredTime\": 4102444800}",
      })
  void shouldRepeatNothingOfTheAnswerWhenItCannotBeRead(String garbage) {
    metadata.says(LIST + "mine", 200, garbage);

    CloudException e = failure(source(Optional.of("mine")));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageEndingWith("the answer cannot be understood").hasNoCause();
  }

  @Test
  void shouldGiveUpAfterSecondsWhenTheServiceIsSilent() {
    metadata.isSilent(LIST + "mine");
    long start = System.nanoTime();

    CloudException e = failure(source(Optional.of("mine")));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("no answer from " + metadata.endpoint());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void shouldSayWhereItLookedWhenThereIsNoService() {
    var source =
        CredentialSource.instanceRole(URI.create("http://127.0.0.1:1"), Optional.empty(), clock);

    assertThat(failure(source)).hasMessageContaining("no answer from http://127.0.0.1:1" + LIST);
  }

  private CredentialSource source(Optional<String> role) {
    return CredentialSource.instanceRole(metadata.endpoint(), role, clock);
  }

  private String answer(String number) {
    long end = clock.instant().plus(Duration.ofHours(1)).getEpochSecond();
    return """
        {"TmpSecretId": "id-%1$s", "TmpSecretKey": "key-%1$s", "Token": "token-%1$s",
         "ExpiredTime": %2$d, "Expiration": "2026-01-02T04:04:05Z", "Code": "Success"}
        """
        .formatted(number, end);
  }

  private static CloudException failure(CredentialSource source) {
    CloudException e = catchThrowableOfType(CloudException.class, source::current);
    assertThat(e).isNotNull();
    return e;
  }
}
