package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static io.eniipamd.simulator.Sdk.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.simulator.layout.VpcLayout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another process can ask of a running simulation. */
class ControlTest {
  private final SimulatedVpc cloud = SimulatedVpc.start(VpcLayout.standard());
  private final Sdk sdk = new Sdk(cloud);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void shouldDisturbCallsWhenAFaultIsOrdered() throws Exception {
    // when
    control(
        "POST",
        "faults",
        "{\"action\":\"DescribeSubnets\",\"kind\":\"error\",\"code\":\"InternalError\",\"times\":1}");

    // then
    assertRefused("InternalError", () -> sdk.subnet(ZONE_3_SUBNET));
    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldForgetTheFaultsWhenTheyAreCleared() throws Exception {
    control("POST", "faults", "{\"kind\":\"cut\",\"probability\":1}");

    control("DELETE", "faults", "");

    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldTellStateAndCallsWhenAsked() throws Exception {
    // given
    sdk.createEni(ZONE_3_SUBNET, "10.0.0.77");

    // when, then
    assertThat(control("GET", "table", "")).contains(ZONE_3_SUBNET, "10.0.0.77");
    assertThat(control("GET", "state", "")).contains("\"10.0.0.77\"", "\"AVAILABLE\"");
    assertThat(control("GET", "calls", ""))
        .contains("CreateNetworkInterface")
        .doesNotContain(cloud.secretKey());
    assertThat(control("GET", "counts", "")).contains("\"CreateNetworkInterface\" : 1");
  }

  @Test
  void shouldChangeTheVpcWhenTold() throws Exception {
    control("POST", "strangers", "{\"ip\":\"10.0.0.50\",\"name\":\"lb\"}");
    control("POST", "settings", "{\"enisPerVpc\":7}");

    assertThat(cloud.holderOf("10.0.0.50")).isPresent();
    assertThat(cloud.settings().enisPerVpc()).isEqualTo(7);
    control("POST", "settings", "{\"missingSecurityGroups\":[\"sg-1\"]}");
    assertThat(cloud.settings().missingSecurityGroups()).containsExactly("sg-1");
    control("DELETE", "strangers", "{\"ip\":\"10.0.0.50\"}");
    assertThat(cloud.holderOf("10.0.0.50")).isEmpty();
  }

  @Test
  void shouldSayWhatWouldDoWhenAnOrderIsWrong() throws Exception {
    assertThat(control("POST", "faults", "{\"kind\":\"flood\"}")).contains("kind is one of");
    assertThat(control("POST", "settings", "{\"colour\":1}")).contains("no setting");
    assertThat(control("GET", "nothing", "")).contains("nothing is known");
    assertThat(control("POST", "strangers", "{\"ip\":\"10.0.0\"}")).contains("not an IPv4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | faults          | null          | wanted is an object",
        "POST   | faults          | nonsense      | Unrecognized token",
        "POST   | diff            | {}            | subnets",
        "POST   | diff            | {\"before\":{}} | subnets",
        "POST   | settings        | []            | wanted is an object",
        "POST   | strangers       | {}            | wanted is an ip",
        "POST   | instances       | {\"id\":\"x\"}  | type",
        "POST   | instances/state | {\"id\":\"x\"}  | wanted is a state",
        "POST   | subnets         | {\"id\":\"x\"}  | name",
        "DELETE | subnets         | {}            | wanted is an id",
        "POST   | keys            | {}            | wanted is a secretId",
        "POST   | keys/expire     | {}            | wanted is a secretId"
      })
  void shouldSayWhatIsWantedWhenAnOrderLacksIt(
      String method, String what, String body, String wanted) throws Exception {
    assertThat(control(method, what, body)).contains(wanted).doesNotContain("Exception");
  }

  @Test
  void shouldLetHangingTasksEndWhenTold() throws Exception {
    // given
    control("POST", "faults", "{\"action\":\"CreateNetworkInterface\",\"kind\":\"taskHangs\"}");
    String eni = pendingEni();
    assertThat(sdk.eni(eni).getState()).isEqualTo("PENDING");

    // when
    control("POST", "tasks/release", "");

    // then
    assertThat(sdk.eni(eni).getState()).isEqualTo("AVAILABLE");
  }

  @ParameterizedTest
  @CsvSource({
    "throttled, RequestLimitExceeded",
    "wrongRegion, UnsupportedRegion",
    "credentialsExpired, AuthFailure.TokenFailure",
    "signatureExpired, AuthFailure.SignatureExpire",
    "error, InternalError",
    "http, ServerSideError"
  })
  void shouldAnswerWithTheCodeWhenAFaultOfAKindIsOrdered(String kind, String code)
      throws Exception {
    control("POST", "faults", "{\"kind\":\"" + kind + "\"}");

    assertRefused(code, () -> sdk.subnet(ZONE_3_SUBNET));
    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldTellTheFaultsThatWaitWhenAsked() throws Exception {
    control("POST", "faults", "{\"kind\":\"latency\",\"millis\":1,\"times\":2}");
    control(
        "POST",
        "faults",
        "{\"action\":\"DescribeVpcs\",\"kind\":\"throttled\",\"probability\":0.5,\"times\":3}");
    control("POST", "faults", "{\"kind\":\"latency\",\"millis\":1,\"probability\":1}");
    control("POST", "faults", "{\"kind\":\"refuseAddress\",\"ip\":\"10.0.0.9\"}");

    sdk.eniIdsWhere("is-primary", "false");

    assertThat(control("GET", "faults", "").split("\n"))
        .anySatisfy(line -> assertThat(line).contains("Latency", "1 left"))
        .anySatisfy(line -> assertThat(line).contains("with probability 0.5, 3 left"))
        .anySatisfy(line -> assertThat(line).contains("Latency").doesNotContain("left"))
        .anySatisfy(line -> assertThat(line).contains("refuse 10.0.0.9"));
    assertThat(control("POST", "faults", "{\"kind\":\"cut\",\"probability\":2}"))
        .contains("from 0 to 1");
  }

  @Test
  void shouldMeetThatManyCallsAtMostWhenAShareAndACountAreGiven() throws Exception {
    // when
    control("POST", "faults", "{\"kind\":\"throttled\",\"probability\":1,\"times\":2}");

    // then
    assertRefused("RequestLimitExceeded", () -> sdk.subnet(ZONE_3_SUBNET));
    assertRefused("RequestLimitExceeded", () -> sdk.subnet(ZONE_3_SUBNET));
    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldLimitAnActionWhenItsRateIsSet() throws Exception {
    // when: none at all, so that the test does not depend on where a second ends
    control("POST", "settings", "{\"rateLimits\":{\"DescribeSubnets\":0}}");

    // then
    assertRefused("RequestLimitExceeded", () -> sdk.subnet(ZONE_3_SUBNET));
    assertThat(sdk.eniIdsWhere("is-primary", "false")).isEmpty();
    assertThat(control("GET", "settings", "")).contains("DescribeSubnets=0");
    control("POST", "settings", "{\"rateLimits\":false}");
    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldShowTheStateOfThenWhenReadsAreFrozen() throws Exception {
    // given
    control("POST", "settings", "{\"readsFrozenMillis\":3600000}");

    // when
    String eni = sdk.createEni(ZONE_3_SUBNET, null);

    // then
    assertThat(sdk.eniIdsWhere("is-primary", "false")).isEmpty();
    control("POST", "settings", "{\"readsFrozenMillis\":0}");
    assertThat(sdk.eniIdsWhere("is-primary", "false")).containsExactly(eni);
  }

  @Test
  void shouldTakeAndRefuseKeysWhenTold() throws Exception {
    // given
    String key = "{\"secretId\":\"AKIDother\",\"secretKey\":\"k\",\"token\":\"t\"}";
    control("POST", "keys", key);
    Sdk wrongToken = new Sdk(cloud, "AKIDother", "k", cloud.region());
    Sdk other = new Sdk(cloud, "AKIDother", "k", "t", cloud.region());
    assertRefused("AuthFailure.TokenFailure", () -> wrongToken.subnet(ZONE_3_SUBNET));
    assertThat(other.subnet(ZONE_3_SUBNET)).isNotNull();

    // when, then
    control("POST", "keys/expire", "{\"secretId\":\"AKIDother\"}");
    assertRefused("AuthFailure.TokenFailure", () -> other.subnet(ZONE_3_SUBNET));
    control("DELETE", "keys", "{\"secretId\":\"AKIDother\"}");
    assertRefused("AuthFailure.SecretIdNotFound", () -> other.subnet(ZONE_3_SUBNET));
  }

  @Test
  void shouldTellWhatIsDifferentWhenASavedStateComesBack() throws Exception {
    // given
    String saved = control("GET", "state", "");
    assertThat(control("POST", "diff", saved)).isEqualTo("nothing differs\n");

    // when
    String eni = sdk.createEni(ZONE_3_SUBNET, "10.0.0.77");

    // then
    assertThat(control("POST", "diff", saved).lines())
        .containsExactly(
            "leaked   the ENI " + eni + " (eni-of-a-test) on no machine, tags {}",
            "leaked   10.0.0.77, held by " + eni);
    String later = control("GET", "state", "");
    assertThat(
            control("POST", "diff", "{\"before\":" + later + ",\"after\":" + saved + "}").lines())
        .allMatch(line -> line.startsWith("lost"))
        .hasSize(2);
  }

  @Test
  void shouldTellTheTasksUnderWayWhenAsked() throws Exception {
    control("POST", "faults", "{\"action\":\"CreateNetworkInterface\",\"kind\":\"taskHangs\"}");
    String eni = pendingEni();

    assertThat(control("GET", "tasks", "")).contains(eni, "\"create\"", "HANGS");
    assertThat(control("GET", "table", "")).contains("create", "hangs");
  }

  @Test
  void shouldChangeMachinesAndSubnetsWhenTold() throws Exception {
    control(
        "POST",
        "subnets",
        "{\"id\":\"subnet-new\",\"name\":\"n\",\"cidr\":\"10.0.9.0/29\",\"zone\":\"ap-guangzhou-3\"}");
    control("POST", "instances/state", "{\"id\":\"ins-node0002\",\"state\":\"SHUTDOWN\"}");
    control("DELETE", "instances", "{\"id\":\"ins-node0001\"}");

    assertThat(sdk.subnet("subnet-new").getTotalIpAddressCount()).isEqualTo(5);
    assertThat(control("GET", "table", "")).contains("SHUTDOWN").doesNotContain("ins-node0001");
    assertThat(control("DELETE", "subnets", "{\"id\":\"subnet-new\"}")).isEqualTo("done\n");
    assertRefused("ResourceNotFound", () -> sdk.subnet("subnet-new"));
    assertThat(control("DELETE", "instances", "{\"id\":\"ins-none\"}")).contains("ins-none");
  }

  private String pendingEni() throws TencentCloudSDKException {
    return sdk.vpc.CreateNetworkInterface(sdk.eniRequest(ZONE_3_SUBNET, null))
        .getNetworkInterface()
        .getNetworkInterfaceId();
  }

  private String control(String method, String what, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/_sim/" + what))
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
