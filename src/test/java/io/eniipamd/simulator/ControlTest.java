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
