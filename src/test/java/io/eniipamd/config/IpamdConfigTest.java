package io.eniipamd.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IpamdConfigTest {

  private static final Map<String, String> REQUIRED =
      Map.of(
          "eni-ipamd.cluster-id", "cls-1",
          "eni-ipamd.vpc-id", "vpc-1",
          "eni-ipamd.eni-subnets", "subnet-1,subnet-2",
          "eni-ipamd.cloud-region", "ap-guangzhou");

  @Test
  void shouldHaveTheKeysAndDefaultsOfTheListThatAreNotLiveWhenReadByTheProgram() {
    var read =
        Arrays.stream(IpamdConfig.class.getDeclaredMethods())
            .collect(Collectors.toMap(method -> kebabCase(method.getName()), this::defaultOf));

    var listed =
        Arrays.stream(ConfigKey.values())
            .filter(key -> !key.live())
            .collect(Collectors.toMap(ConfigKey::key, ConfigKey::defaultValue));
    assertThat(read).isEqualTo(listed);
  }

  @Test
  void shouldReadTheDefaultsWhenOnlyWhatIsRequiredIsSet() {
    var config = config(Map.of());

    assertThat(config.eniSubnets()).containsExactly("subnet-1", "subnet-2");
    assertThat(config.quarantine()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.cloudCredentials()).isEqualTo(CloudCredentials.ENV);
    assertThat(config.cloudEndpoint()).isEmpty();
    assertThat(config.leaderElection()).isTrue();
  }

  @Test
  void shouldReadEveryTypeWhenAllIsSet() {
    var config =
        config(
            Map.of(
                "eni-ipamd.quarantine", "1h30m",
                "eni-ipamd.cloud-endpoint", "http://127.0.0.1:8080",
                "eni-ipamd.cloud-credentials", "file",
                "eni-ipamd.cloud-credentials-file", "/keys"));

    assertThat(config.quarantine()).isEqualTo(Duration.ofMinutes(90));
    assertThat(config.cloudEndpoint()).contains(URI.create("http://127.0.0.1:8080"));
    assertThat(config.cloudCredentials()).isEqualTo(CloudCredentials.FILE);
    assertThat(config.cloudCredentialsFile()).isPresent();
  }

  @Test
  void shouldReadRoleAndProxyWhenTheyAreSet() {
    var config =
        config(
            Map.of(
                "eni-ipamd.cloud-credentials", "cvm-role",
                "eni-ipamd.cloud-role", "eni-ipamd",
                "eni-ipamd.cloud-proxy", "http://10.0.0.9:3128"));

    assertThat(config.cloudCredentials()).isEqualTo(CloudCredentials.CVM_ROLE);
    assertThat(config.cloudRole()).contains("eni-ipamd");
    assertThat(config.cloudProxy()).contains(URI.create("http://10.0.0.9:3128"));
    assertThat(config.cloudMetadataEndpoint())
        .isEqualTo(URI.create("http://metadata.tencentyun.com"));
    assertThat(config.cloudStsEndpoint()).isEqualTo(URI.create("https://sts.tencentcloudapi.com"));
    assertThat(config(Map.of("eni-ipamd.cloud-credentials", "oidc")).cloudCredentials())
        .isEqualTo(CloudCredentials.OIDC);
  }

  private static IpamdConfig config(Map<String, String> more) {
    var properties = new HashMap<>(REQUIRED);
    properties.putAll(more);
    return new SmallRyeConfigBuilder()
        .withMapping(IpamdConfig.class)
        .withSources(new PropertiesConfigSource(properties, "test", 900))
        .build()
        .getConfigMapping(IpamdConfig.class);
  }

  private Optional<String> defaultOf(Method method) {
    return Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value);
  }

  private static String kebabCase(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
  }
}
