package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static io.eniipamd.simulator.Sdk.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.vpc.v20170312.models.DescribeSecurityGroupsRequest;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signature, envelope, disturbances and record. */
class WireTest {
  private final SimulatedVpc cloud = SimulatedVpc.start(VpcLayout.standard());
  private final Sdk sdk = new Sdk(cloud);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void shouldRefuseWhenTheKeyIsNotKnown() {
    Sdk other = new Sdk(cloud, "AKIDnobody", cloud.secretKey(), cloud.region());

    assertRefused("AuthFailure.SecretIdNotFound", () -> other.subnet(ZONE_3_SUBNET));
  }

  @Test
  void shouldRefuseWhenTheSignatureIsWrong() {
    Sdk other = new Sdk(cloud, cloud.secretId(), "another key", cloud.region());

    assertRefused("AuthFailure.SignatureFailure", () -> other.subnet(ZONE_3_SUBNET));
  }

  @Test
  void shouldRefuseWhenTheSignatureIsOlderThanFiveMinutes() {
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6));
    try (SimulatedVpc later = SimulatedVpc.start(VpcLayout.standard(), 0, ahead, 1)) {
      assertRefused("AuthFailure.SignatureExpire", () -> new Sdk(later).subnet(ZONE_3_SUBNET));
    }
  }

  @Test
  void shouldRefuseWhenAnotherRegionIsAsked() {
    Sdk other = new Sdk(cloud, cloud.secretId(), cloud.secretKey(), "ap-nowhere");

    assertRefused("UnsupportedRegion", () -> other.subnet(ZONE_3_SUBNET));
  }

  @Test
  void shouldRefuseWhenTheActionDoesNotExist() {
    assertRefused(
        "InvalidAction", () -> sdk.vpc.DescribeSecurityGroups(new DescribeSecurityGroupsRequest()));
  }

  @Test
  void shouldRefuseWhenTheKeyHasBeenRevoked() throws TencentCloudSDKException {
    cloud.credentials().add("AKIDsecond", "second key");
    Sdk second = new Sdk(cloud, "AKIDsecond", "second key", cloud.region());
    second.subnet(ZONE_3_SUBNET);

    cloud.credentials().revoke("AKIDsecond");

    assertRefused("AuthFailure.SecretIdNotFound", () -> second.subnet(ZONE_3_SUBNET));
  }

  @Test
  void shouldAnswerInTheEnvelopeWhenARequestHasNoAuthorization()
      throws IOException, InterruptedException {
    // given
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/"))
            .header("X-TC-Action", "DescribeSubnets")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();

    // when
    HttpResponse<String> answer;
    try (HttpClient client = HttpClient.newHttpClient()) {
      answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.InvalidAuthorization\"")
        .contains("\"RequestId\":\"");
  }

  @Test
  void shouldRecordEveryCallWithoutAnySecretWhenCallsAreMade() throws TencentCloudSDKException {
    // when
    sdk.subnet(ZONE_3_SUBNET);
    sdk.createEni(ZONE_3_SUBNET, "10.0.0.9");
    assertRefused("ResourceInUse", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.0.9"));

    // then
    List<Call> calls = cloud.record().calls();
    assertThat(calls)
        .extracting(Call::action, Call::changing, Call::result, Call::effective)
        .containsExactly(
            tuple("DescribeSubnets", false, "OK", true),
            tuple("CreateNetworkInterface", true, "OK", true),
            tuple("CreateNetworkInterface", true, "ResourceInUse", false));
    assertThat(cloud.record().changingCalls()).hasSize(2);
    assertThat(cloud.record().effectiveChanges()).hasSize(1);
    assertThat(cloud.record().countsByAction())
        .containsEntry("CreateNetworkInterface", 2L)
        .containsEntry("DescribeSubnets", 1L);
    assertThat(calls.toString()).doesNotContain(cloud.secretKey()).contains("10.0.0.9");
    cloud.record().reset();
    assertThat(cloud.record().calls()).isEmpty();
  }

  @Test
  void shouldRefuseWithTheOrderedCodeWhenAFaultIsDue() throws TencentCloudSDKException {
    cloud.faults().times(2, "DescribeSubnets", Fault.throttled());

    assertRefused("RequestLimitExceeded", () -> sdk.subnet(ZONE_3_SUBNET));
    assertRefused("RequestLimitExceeded", () -> sdk.subnet(ZONE_3_SUBNET));
    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldHaveNoEffectWhenTheConnectionIsCutBefore() {
    cloud.faults().always("CreateNetworkInterface", Fault.cutBefore());

    assertThatThrownBy(() -> sdk.createEni(ZONE_3_SUBNET, null))
        .isInstanceOf(TencentCloudSDKException.class);
    assertThat(cloud.snapshot().secondaryEnis()).isEmpty();
  }

  @Test
  void shouldHaveTheEffectWhenTheConnectionIsCutAfter() {
    cloud.faults().always("CreateNetworkInterface", Fault.cutAfter());

    assertThatThrownBy(
            () -> sdk.vpc.CreateNetworkInterface(sdk.eniRequest(ZONE_3_SUBNET, "10.0.0.9")))
        .isInstanceOf(TencentCloudSDKException.class);
    assertThat(cloud.snapshot().secondaryEnis()).hasSize(1);
    assertThat(cloud.record().effectiveChanges().getFirst().result()).isEqualTo("CUT");
  }

  @Test
  void shouldAnswerWithoutJsonWhenAGatewayErrorIsOrdered() throws TencentCloudSDKException {
    cloud.faults().once("DescribeSubnets", Fault.http(502));

    assertThatThrownBy(() -> sdk.subnet(ZONE_3_SUBNET))
        .isInstanceOf(TencentCloudSDKException.class);
    assertThat(sdk.subnet(ZONE_3_SUBNET)).isNotNull();
  }

  @Test
  void shouldHaveTheEffectFirstWhenTheAnswerIsHeldBack() throws Exception {
    // given
    Duration late = Duration.ofMillis(300);
    cloud.faults().once("CreateNetworkInterface", Fault.lateAnswer(late));
    Instant start = Instant.now();

    // when
    sdk.vpc.CreateNetworkInterface(sdk.eniRequest(ZONE_3_SUBNET, null));

    // then
    assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(late);
    assertThat(cloud.record().effectiveChanges().getFirst().took()).isGreaterThanOrEqualTo(late);
    assertThat(cloud.snapshot().secondaryEnis()).hasSize(1);
  }

  @Test
  void shouldRefuseTheAddressWhenItIsOrderedSo() throws TencentCloudSDKException {
    cloud.faults().refuseAddress("10.0.0.9");

    assertRefused("ResourceInUse", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.0.9"));
    cloud.faults().clear();
    assertThat(sdk.createEni(ZONE_3_SUBNET, "10.0.0.9")).isNotNull();
  }

  @Test
  void shouldHaveNoAddressOfARangeWhenItIsOrderedSo() throws TencentCloudSDKException {
    cloud.faults().exhaust("10.0.0.0/24");

    assertRefused("ResourceInsufficient.Subnet", () -> sdk.createEni(ZONE_3_SUBNET, "10.0.0.9"));
    cloud.faults().clear();
    assertThat(sdk.createEni(ZONE_3_SUBNET, "10.0.0.9")).isNotNull();
  }

  @Test
  void shouldAskTheGateBeforeAndAfterWhenACallChangesSomething() {
    // given
    List<String> seen = new CopyOnWriteArrayList<>();
    cloud.setGate(
        new CallGate() {
          @Override
          public Decision before(String action, String request) {
            seen.add("before " + action + " " + cloud.snapshot().secondaryEnis().size());
            return Decision.PROCEED;
          }

          @Override
          public Decision after(String action, String request, String result) {
            seen.add("after " + result + " " + cloud.snapshot().secondaryEnis().size());
            return Decision.CUT;
          }
        });

    // when
    assertThatThrownBy(() -> sdk.createEni(ZONE_3_SUBNET, null))
        .isInstanceOf(TencentCloudSDKException.class);

    // then
    assertThat(seen).startsWith("before CreateNetworkInterface 0", "after OK 1");
  }

  @Test
  void shouldThrottleWhenTheLimitsAreSwitchedOn() throws TencentCloudSDKException {
    // given
    cloud.rateLimits().set("DescribeSubnets", 1);
    sdk.subnet(ZONE_3_SUBNET);
    sdk.subnet(ZONE_3_SUBNET);

    // when
    cloud.rateLimits().enable();

    // then: of three calls two at least are in one second
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 3; i++) {
                sdk.subnet(ZONE_3_SUBNET);
              }
            })
        .isInstanceOfSatisfying(
            TencentCloudSDKException.class,
            e -> assertThat(e.getErrorCode()).isEqualTo("RequestLimitExceeded"));
    cloud.rateLimits().disable();
    sdk.subnet(ZONE_3_SUBNET);
  }
}
