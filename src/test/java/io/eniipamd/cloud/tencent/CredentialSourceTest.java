package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialSourceTest {

  @TempDir Path dir;

  @Test
  void shouldComeFromTheEnvironmentWhenBothHalvesAreSet() {
    var source =
        CredentialSource.environment(
            Map.of("TENCENTCLOUD_SECRET_ID", "id", "TENCENTCLOUD_SECRET_KEY", "key"));

    assertThat(source.current()).isEqualTo(Credentials.permanent("id", "key"));
  }

  @Test
  void shouldNameTheMissingHalfWhenTheEnvironmentLacksIt() {
    var source = CredentialSource.environment(Map.of("TENCENTCLOUD_SECRET_ID", "id"));

    assertThatThrownBy(source::current)
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
        .hasMessageContaining("TENCENTCLOUD_SECRET_KEY is not set in the environment");
  }

  @Test
  void shouldReadTheNewKeyWhenAMountedSecretIsSwapped() throws IOException {
    write(dir.resolve("v1"), "id-1", "key-1\n");
    write(dir.resolve("v2"), "id-2", "key-2\n");
    Path mount = Files.createDirectory(dir.resolve("mount"));
    Path link = Files.createSymbolicLink(mount.resolve("..data"), dir.resolve("v1"));
    var source = CredentialSource.file(mount);
    assertThat(source.current()).isEqualTo(Credentials.permanent("id-1", "key-1"));

    Files.delete(link);
    Files.createSymbolicLink(link, dir.resolve("v2"));

    assertThat(source.current()).isEqualTo(Credentials.permanent("id-2", "key-2"));
  }

  @Test
  void shouldReadTheNewKeyWhenAFileIsWrittenAnew() throws IOException {
    Path file = dir.resolve("credentials");
    Files.writeString(file, "TENCENTCLOUD_SECRET_ID=id\nTENCENTCLOUD_SECRET_KEY=old\n");
    var source = CredentialSource.file(file);
    assertThat(source.current().secretKey()).isEqualTo("old");

    Files.writeString(
        file, "TENCENTCLOUD_SECRET_ID=id\nTENCENTCLOUD_SECRET_KEY=new\nTENCENTCLOUD_TOKEN=t\n");

    assertThat(source.current()).isEqualTo(new Credentials("id", "new", "t"));
  }

  @Test
  void shouldNameTheFileAndNothingInItWhenItCannotBeRead() {
    var source = CredentialSource.file(dir.resolve("none"));

    assertThatThrownBy(source::current)
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
        .hasMessageContaining(dir.resolve("none").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"})
  void shouldNameThePlaceAndNothingInItWhenAHeaderCannotCarryIt(String name) throws IOException {
    for (String broken : List.of("sec\nret", "sec\u00e9ret", "sec ret", "sec\u0000ret")) {
      var all =
          new HashMap<>(Map.of("TENCENTCLOUD_SECRET_ID", "id", "TENCENTCLOUD_SECRET_KEY", "k"));
      all.put(name, broken);
      Path mount = Files.createTempDirectory(dir, "mount");
      for (var one : all.entrySet()) {
        Files.writeString(mount.resolve(one.getKey()), one.getValue());
      }

      for (var source : List.of(CredentialSource.environment(all), CredentialSource.file(mount))) {
        assertThatThrownBy(source::current)
            .isInstanceOfSatisfying(
                CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
            .hasMessageContaining(name)
            .message()
            .doesNotContain("sec\n", "sec ", broken);
      }
    }
  }

  @Test
  void shouldTellNoSecretWhenPrinted() {
    var credentials = new Credentials("the-id", "the-key", "the-token");

    assertThat(credentials.toString()).doesNotContain("the-id", "the-key", "the-token");
    assertThat(credentials.redact("a the-key b the-id c the-token")).isEqualTo("a *** b *** c ***");
  }

  private static void write(Path version, String id, String key) throws IOException {
    Files.createDirectory(version);
    Files.writeString(version.resolve("TENCENTCLOUD_SECRET_ID"), id);
    Files.writeString(version.resolve("TENCENTCLOUD_SECRET_KEY"), key);
  }
}
