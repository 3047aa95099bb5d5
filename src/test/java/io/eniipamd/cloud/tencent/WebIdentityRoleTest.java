package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.testing.time.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebIdentityRoleTest {

  private static final String TOKEN = "the-token-of-the-service-account";

  @TempDir Path dir;

  private final SteppedClock clock = SteppedClock.at(Instant.parse("2026-01-02T03:04:05Z"));
  private final Map<String, String> variables = new HashMap<>();
  private final LocalService sts;

  WebIdentityRoleTest() throws IOException {
    sts = new LocalService();
  }

  @BeforeEach
  void start() throws IOException {
    Path file = Files.writeString(dir.resolve("token"), TOKEN + "\n");
    variables.put("TKE_REGION", "ap-guangzhou");
    variables.put("TKE_PROVIDER_ID", "cls-1");
    variables.put("TKE_WEB_IDENTITY_TOKEN_FILE", file.toString());
    variables.put("TKE_ROLE_ARN", "qcs::cam::uin/1:roleName/eni-ipamd");
    sts.says("/", 200, answer("1"));
  }

  @AfterEach
  void stop() {
    sts.close();
  }

  @Test
  void shouldGiveTheTokenForCredentialsWhenTheServiceAccountHasARole() {
    assertThat(source().current()).isEqualTo(new Credentials("id-1", "key-1", "token-1"));

    LocalService.Call call = sts.calls().getFirst();
    assertThat(call.header("X-tc-action")).isEqualTo("AssumeRoleWithWebIdentity");
    assertThat(call.header("X-tc-version")).isEqualTo("2018-08-13");
    assertThat(call.header("X-tc-region")).isEqualTo("ap-guangzhou");
    assertThat(call.header("X-tc-timestamp"))
        .isEqualTo(Long.toString(clock.instant().getEpochSecond()));
    assertThat(call.header("Authorization")).isEqualTo("SKIP");
    JsonObject body = JsonParser.parseString(call.body()).getAsJsonObject();
    assertThat(body.get("WebIdentityToken").getAsString()).isEqualTo(TOKEN);
    assertThat(body.get("ProviderId").getAsString()).isEqualTo("cls-1");
    assertThat(body.get("RoleArn").getAsString()).isEqualTo("qcs::cam::uin/1:roleName/eni-ipamd");
    assertThat(body.get("RoleSessionName").getAsString()).isEqualTo("eni-ipamd");
    assertThat(body.get("DurationSeconds").getAsLong()).isEqualTo(7_200);
  }

  @Test
  void shouldReadTheTokenAnewWhenTheEndIsNear() throws IOException {
    var source = source();
    source.current();
    Files.writeString(dir.resolve("token"), "rotated");
    sts.says("/", 200, answer("2"));

    clock.advance(Duration.ofMinutes(116));

    assertThat(source.current().secretId()).isEqualTo("id-2");
    assertThat(sts.calls().getLast().body()).contains("rotated").doesNotContain(TOKEN);
  }

  @Test
  void shouldGoThroughTheProxyWhenThereIsOne() throws IOException {
    try (var proxy = new LocalService()) {
      proxy.says("/", 200, answer("9"));
      var source =
          CredentialSource.webIdentityRole(
              variables, sts.endpoint(), Optional.of(proxy.endpoint()), clock);

      assertThat(source.current().secretId()).isEqualTo("id-9");
      assertThat(sts.calls()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN"})
  void shouldNameTheVariableWhenItIsNotSet(String missing) {
    variables.remove(missing);

    CloudException e = failure();

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e)
        .hasMessageContaining(missing + " is not set in the environment; give the ServiceAccount");
  }

  @Test
  void shouldNameTheFileWhenThereIsNoToken() throws IOException {
    Files.writeString(dir.resolve("token"), " \n");
    assertThat(failure()).hasMessageEndingWith(dir.resolve("token") + " is empty");

    Files.delete(dir.resolve("token"));
    CloudException e = failure();
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining(dir.resolve("token") + " cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "InternalError.GetRoleError, TRANSIENT",
    "InternalError.SystemError, TRANSIENT",
    "InternalError.UnknownError, TRANSIENT",
    "InvalidParameter.OverLimit, DENIED",
    "InvalidParameter.ParamError, DENIED",
    "InvalidParameter.WebIdentityTokenError, DENIED",
    "RequestLimitExceeded, THROTTLED",
    "UnauthorizedOperation, DENIED",
    "AuthFailure.UnauthorizedOperation, DENIED",
    "ResourceNotFound.RoleNotFound, DENIED"
  })
  void shouldHaveAKindAndNoTokenWhenStsRefuses(String code, Kind kind) {
    sts.says(
        "/",
        200,
        """
        {"Response": {"Error": {"Code": "%s", "Message": "the token %s is bad"},
         "RequestId": "r-1"}}
        """
            .formatted(code, TOKEN));

    CloudException e = failure();

    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.code()).contains(code);
    assertThat(e.requestId()).contains("r-1");
    assertThat(e)
        .hasMessageContaining("qcs::cam::uin/1:roleName/eni-ipamd")
        .hasMessageContaining("the token *** is bad");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "{}",
        "{\"Response\": {}}",
        "{\"Response\": {\"Credentials\": {\"TmpSecretKey\": \"the-key\"}, \"ExpiredTime\": 1}}"
      })
  void shouldRepeatNothingOfTheAnswerWhenItCannotBeRead(String garbage) {
    sts.says("/", 200, garbage);

    CloudException e = failure();

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageEndingWith("the answer cannot be understood").hasNoCause();
  }

  @Test
  void shouldFailAsTransientWhenStsBreaksOrIsSilent() {
    sts.says("/", 502, "bad gateway");
    assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);

    sts.isSilent("/");
    long start = System.nanoTime();
    assertThat(failure()).hasMessageContaining("no answer from " + sts.endpoint());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
  }

  private CredentialSource source() {
    return CredentialSource.webIdentityRole(variables, sts.endpoint(), Optional.empty(), clock);
  }

  private CloudException failure() {
    CloudException e = catchThrowableOfType(CloudException.class, source()::current);
    assertThat(e).isNotNull();
    assertThat(e.toString()).doesNotContain(TOKEN, "the-key");
    return e;
  }

  private String answer(String number) {
    long end = clock.instant().plus(Duration.ofHours(2)).getEpochSecond();
    return """
        {"Response": {"Credentials": {"TmpSecretId": "id-%1$s", "TmpSecretKey": "key-%1$s",
         "Token": "token-%1$s"}, "ExpiredTime": %2$d, "Expiration": "2026-01-02T05:04:05Z",
         "RequestId": "r-0"}}
        """
        .formatted(number, end);
  }
}
