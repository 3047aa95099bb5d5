package io.eniipamd.config;

import static io.eniipamd.config.ConfigKey.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.ConfiguredValue.Origin;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigCheckTest {

  private static final Path MOUNTED = Path.of("/etc/eni-ipamd/keys");
  private static final Set<String> KEYS =
      Set.of("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY");

  private final Map<ConfigKey, ConfiguredValue> given = new EnumMap<>(ConfigKey.class);
  private Set<String> variables = KEYS;

  ConfigCheckTest() {
    set(CLUSTER_ID, "cls-1a2b3c4d");
    set(VPC_ID, "vpc-1a2b3c4d");
    set(ENI_SUBNETS, "subnet-a1, subnet-b2");
    set(CLOUD_REGION, "ap-guangzhou");
  }

  @Test
  void shouldFindNothingWhenOnlyWhatIsRequiredIsSet() {
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ConfigKey.class,
      names = {"CLUSTER_ID", "VPC_ID", "ENI_SUBNETS", "CLOUD_REGION"})
  void shouldNameTheFlagAndItsVariableWhenARequiredOneIsMissing(ConfigKey key) {
    given.remove(key);

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith(key.flag() + " is missing: it must be ")
        .endsWith("(or set " + key.environmentVariable() + ")");
  }

  @ParameterizedTest
  @EnumSource(ConfigKey.class)
  void shouldAcceptTheDefaultWhenThereIsOne(ConfigKey key) {
    assertThat(key.defaultValue().stream()).allMatch(key::accepts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLAIM_EXPIRED_DURATION | 1h | 90m | 0",
        "ENI_SUBNETS | subnet-a1 | subnet-a1,subnet-b2 | subnet-a1 , subnet-b2",
        "CLOUD_ENDPOINT | https://vpc.tencentcloudapi.com | http://127.0.0.1:8080 | http://[::1]:80/",
        "CLOUD_CREDENTIALS | env | file | oidc",
        "CLOUD_ROLE | eni-ipamd | TKE_QCSRole | a@b",
        "CLOUD_METADATA_ENDPOINT | http://metadata.tencentyun.com | http://10.0.0.1:80/ | https://h",
        "CLOUD_PROXY | http://10.0.0.9:3128 | http://proxy.example:80 | http://[::1]:8080/",
        "QUARANTINE | 0 | 30s | 24h",
        "ENABLE_OWNERREF | true | false | TRUE",
        "CLOUD_REQUESTS_PER_SECOND | 1 | 50 | 1000",
        "LEADER_ELECTION_LEASE_NAME | tke-eni-ipamd | a | a.b"
      })
  void shouldAcceptAValueWhenItIsWithinTheBound(
      ConfigKey key, String one, String two, String three) {
    assertThat(new String[] {one, two, three}).allMatch(key::accepts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLAIM_EXPIRED_DURATION | 1m | 60 | -1h | never",
        "VPC_ID | subnet-a1 | vpc- | vpc-a/b | a",
        "ENI_SUBNETS | subnet-a1,,subnet-b2 | vpc-a1 | subnet-a1,subnet-a1 | ,",
        "CLOUD_ENDPOINT | http://vpc.tencentcloudapi.com | ftp://127.0.0.1 | https://u:p@h | https://h/path",
        "CLOUD_REGION | guangzhou | Ap-Guangzhou | ap_guangzhou | ap-",
        "CLOUD_CREDENTIALS | cvm | CVM_ROLE | ENV | key",
        "CLOUD_ROLE | a/b | a b | ä | \"a\"",
        "CLOUD_METADATA_ENDPOINT | metadata.tencentyun.com | ftp://h | http://h/path | http://u@h",
        "CLOUD_STS_ENDPOINT | http://sts.tencentcloudapi.com | sts | https://h?q | https://u@h",
        "CLOUD_PROXY | http://proxy | https://proxy:3128 | http://u:p@proxy:3128 | socks5://p:1",
        "ENABLE_OWNERREF | yes | 1 | on | tru",
        "IP_MIN_WARM_TARGET | -1 | 1001 | 1.5 | many",
        "REPLICAS | 0 | 11 | one | 1e1",
        "QUARANTINE | 25h | 500ms | soon | -1s",
        "LEADER_ELECTION_NAMESPACE | Kube | a_b | -a | a."
      })
  void shouldRefuseAValueWhenItIsOutsideTheBound(
      ConfigKey key, String one, String two, String three, String four) {
    assertThat(new String[] {one, two, three, four}).noneMatch(key::accepts);
  }

  @Test
  void shouldNameFlagValueAndWhatWouldDoWhenAnArgumentIsBad() {
    set(CLAIM_EXPIRED_DURATION, "1m");

    assertThat(problems())
        .containsExactly(
            "--claim-expired-duration=1m: must be a duration of at least 5m, such as 1h, 90m or"
                + " 1h30m, or 0 for never");
  }

  @Test
  void shouldNameTheVariableWhenTheEnvironmentIsBad() {
    given.put(REPLICAS, new ConfiguredValue("many", Origin.ENVIRONMENT));

    assertThat(problems())
        .containsExactly(
            "--replicas=many (set by ENI_IPAMD_REPLICAS): must be a whole number from 1 to 10");
  }

  @Test
  void shouldNameThePropertyWhenTheFileIsBad() {
    given.put(REPLICAS, new ConfiguredValue("many", Origin.FILE));

    assertThat(problems())
        .containsExactly(
            "--replicas=many (set by eni-ipamd.replicas): must be a whole number from 1 to 10");
  }

  @Test
  void shouldTellAllAtOnceWhenSeveralAreBad() {
    set(REPLICAS, "0");
    set(VPC_ID, "net-1");

    assertThat(problems()).hasSize(2);
  }

  @Test
  void shouldRefuseABlankValueWhenThereIsADefaultToFallBackTo() {
    set(QUARANTINE, " ");
    set(SECURITY_GROUPS, "");

    assertThat(problems()).singleElement().asString().startsWith("--quarantine= ");
  }

  @Test
  void shouldNeedNothingElseWhenTheInstanceHasARole() {
    variables = Set.of();
    set(CLOUD_CREDENTIALS, "cvm-role");
    set(CLOUD_ROLE, "eni-ipamd");
    set(CLOUD_METADATA_ENDPOINT, "http://127.0.0.1:1");

    assertThat(problems()).isEmpty();
  }

  @Test
  void shouldNameTheVariablesWhenTheServiceAccountHasNoRole() {
    set(CLOUD_CREDENTIALS, "oidc");
    assertThat(problems())
        .containsExactly(
            "--cloud-credentials=oidc: needs the environment variables TKE_REGION,"
                + " TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE and TKE_ROLE_ARN, for example by"
                + " giving the ServiceAccount a CAM role; or take"
                + " --cloud-credentials=env|file|cvm-role");

    variables = Set.copyOf(ConfigCheck.WEB_IDENTITY_VARIABLES);
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CLOUD_ROLE, eni-ipamd, cvm-role",
    "CLOUD_METADATA_ENDPOINT, http://127.0.0.1:1, cvm-role",
    "CLOUD_STS_ENDPOINT, https://sts.example, oidc"
  })
  void shouldRefuseWhatIsNotReadWhenTheCredentialsComeFromElsewhere(
      ConfigKey key, String value, String credentials) {
    set(key, value);

    assertThat(problems())
        .containsExactly(
            "%s=%s: is not read with --cloud-credentials=env (the default); add"
                    .formatted(key.flag(), value)
                + " --cloud-credentials=%s, or leave it out".formatted(credentials));
  }

  @Test
  void shouldNotRepeatWhatMayBeASecretWhenItStandsInTheWrongFlag() {
    set(CLOUD_CREDENTIALS, "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE");
    set(CLOUD_CREDENTIALS_FILE, "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
    set(CLOUD_ENDPOINT, "https://id:Gu5t9xGARNpq86cd98joQYCN3EXAMPLE@host");
    set(CLOUD_PROXY, "http://user:Gu5t9xGARNpq86cd98joQYCN3EXAMPLE@proxy:3128");
    set(CLOUD_STS_ENDPOINT, "https://id:Gu5t9xGARNpq86cd98joQYCN3EXAMPLE@host");

    assertThat(problems()).hasSize(5).noneMatch(problem -> problem.contains("EXAMPLE"));
  }

  @ParameterizedTest
  @CsvSource({"LEADER_ELECTION, FALSE, true"})
  void shouldRefuseWhatDoesNothingYetWhenItIsAskedFor(ConfigKey key, String text, String nothing) {
    set(key, text);
    assertThat(problems())
        .containsExactly(
            "%s=%s: not supported yet; leave it out, or set it to %s"
                .formatted(key.flag(), text, nothing));

    set(key, nothing);
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ConfigKey.class,
      names = {"CLOUD_CREDENTIALS_FILE", "CLOUD_PROXY", "REPLICAS", "SECURITY_GROUPS"})
  void shouldSayThatAVariableIsNotSetWhenAValueNamesOne(ConfigKey key) {
    set(key, "/${NOWHERE}");

    assertThat(problems())
        .containsExactly(
            "%s=/${NOWHERE}: names a variable in ${} that is not set; set it, or write the value itself"
                .formatted(key.flag()));
  }

  @Test
  void shouldNameTheWordsWhenOneOfThemIsExpected() {
    set(WHEN_SCALED, "Keep");

    assertThat(problems()).containsExactly("--when-scaled=Keep: must be Retain or Delete");
  }

  @Test
  void shouldNameTheQuotaThatIsNoneAndWhatIsAccepted() {
    set(SUBNET_QUOTAS, "subnet-a=200,subnet-b=half");

    assertThat(problems())
        .containsExactly(
            "--subnet-quotas=subnet-a=200,subnet-b=half: must be ids that begin with subnet-, each"
                + " once and with a whole number or a share from 0% to 100%, joined by commas, such"
                + " as subnet-0a1b2c3d=200,subnet-4e5f6a7b=50%");
  }

  @Test
  void shouldRefuseSecurityGroupsWhenTheyAreNotEnabled() {
    set(SECURITY_GROUPS, "sg-1,sg-2");
    assertThat(problems()).singleElement().asString().contains("add --enable-security-groups");

    set(ENABLE_SECURITY_GROUPS, "true");
    assertThat(problems()).isEmpty();
  }

  @Test
  void shouldRefuseWarmTargetsThatAreNoPair() {
    set(IP_MIN_WARM_TARGET, "5");
    assertThat(problems())
        .containsExactly(
            "--ip-min-warm-target=5: works only together with --ip-max-warm-target; set both, or"
                + " none");

    set(IP_MAX_WARM_TARGET, "3");
    assertThat(problems())
        .containsExactly("--ip-min-warm-target=5: must be at most --ip-max-warm-target=3");

    set(IP_MAX_WARM_TARGET, "5");
    assertThat(problems()).isEmpty();
  }

  @Test
  void shouldNameBothVariablesWhenTheKeysAreNotInTheEnvironment() {
    variables = Set.of("TENCENTCLOUD_SECRET_ID");

    assertThat(problems())
        .singleElement()
        .asString()
        .contains("TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY");
  }

  @Test
  void shouldAskForAReadableFileWhenTheKeysAreInAFile() {
    variables = Set.of();
    set(CLOUD_CREDENTIALS, "file");
    assertThat(problems())
        .containsExactly("--cloud-credentials=file: needs --cloud-credentials-file=<path>");

    set(CLOUD_CREDENTIALS_FILE, "/absent");
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("/absent: must be a file or directory");

    set(CLOUD_CREDENTIALS_FILE, MOUNTED.toString());
    assertThat(problems()).isEmpty();
  }

  @Test
  void shouldRefuseAFileThatIsNotReadWhenTheKeysAreInTheEnvironment() {
    set(CLOUD_CREDENTIALS_FILE, MOUNTED.toString());

    assertThat(problems()).singleElement().asString().contains("is not read with");
  }

  @Test
  void shouldRefuseThePortOfAWebhookThatIsNotServed() {
    set(WEBHOOK_LISTEN, "9444");

    assertThat(problems())
        .containsExactly(
            "--webhook-listen=9444: does nothing by itself; add --webhook, or leave it out");
  }

  @Test
  void shouldAskForBothFilesWhenTheCertificateOfTheWebhookIsMounted() {
    set(WEBHOOK, "true");
    set(WEBHOOK_CERTIFICATE_DIRECTORY, MOUNTED.resolveSibling("webhook").toString());

    assertThat(problems())
        .hasSize(2)
        .allMatch(p -> p.startsWith("--webhook-certificate-directory=/etc/eni-ipamd/webhook"))
        .anyMatch(p -> p.contains("must have a file tls.crt that this process can read"))
        .anyMatch(p -> p.contains("must have a file tls.key that this process can read"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, ''",
    "0, 2, --quarantine=0: works with --replicas=1 only",
    "25s, 1, ''",
    "24s, 1, '--quarantine=24s: must be at least 25s, which is"
        + " --leader-election-lease-duration=15s (the default) and --cloud-call-timeout=10s (the"
        + " default) together, or 0 with one replica'"
  })
  void shouldCompareTheQuarantineWithTheLeaseWhenItIsSet(
      String quarantine, String replicas, String expected) {
    set(QUARANTINE, quarantine);
    set(REPLICAS, replicas);

    assertThat(String.join("; ", problems())).isEqualTo(expected);
  }

  @Test
  void shouldRefuseTheTimesOfTheLeaseWhenTheyDoNotFitTogether() {
    set(LEADER_ELECTION_RENEW_DEADLINE, "15s");
    assertThat(problems()).singleElement().asString().contains("must be below");

    set(LEADER_ELECTION_RENEW_DEADLINE, "1s");
    assertThat(problems()).singleElement().asString().startsWith("--leader-election-retry-period");

    set(LEADER_ELECTION_RENEW_DEADLINE, "9s");
    set(LEADER_ELECTION_LEASE_DURATION, "10s");
    assertThat(problems()).singleElement().asString().contains("must be at least 11s");
  }

  private void set(ConfigKey key, String text) {
    given.put(key, new ConfiguredValue(text, Origin.ARGUMENT));
  }

  private List<String> problems() {
    return ConfigCheck.problems(
        given,
        new Environment() {
          @Override
          public boolean hasVariable(String name) {
            return variables.contains(name);
          }

          @Override
          public boolean canRead(Path file) {
            return file.equals(MOUNTED);
          }
        });
  }
}
