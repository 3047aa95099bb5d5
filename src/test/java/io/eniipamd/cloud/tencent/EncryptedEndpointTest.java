package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.QuickOperations;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.wire.ServerCertificate;
import io.eniipamd.testing.trust.JvmTrust;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator's side of the cloud where the endpoint speaks HTTPS, as the real one does. */
class EncryptedEndpointTest {

  private static final String SUBNET = "subnet-gz3pods1";
  private static final Ip PRIMARY = Ip.parse("10.0.0.50");
  private static final Ip ADDRESS = Ip.parse("10.0.0.100");
  private final ServerCertificate certificate =
      ServerCertificate.create(Clock.systemUTC(), "127.0.0.1", "localhost");
  private final SimulatedVpc vpc = SimulatedVpc.startEncrypted(VpcLayout.standard(), certificate);
  private final Queue<Optional<Kind>> calls = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    vpc.close();
  }

  @Test
  void shouldCreateAssignAndUnassignWhenTheCertificateIsTrusted() throws Exception {
    try (JvmTrust _ = JvmTrust.in(certificate);
        var stack = stack()) {
      String eniId = end(stack.operations().create(spec(), false)).id();
      end(stack.operations().assign(eniId, ADDRESS, false));
      assertThat(vpc.holderOf(ADDRESS.toString()).orElseThrow().label()).isEqualTo(eniId);
      end(stack.operations().unassign(eniId, ADDRESS, () -> true));

      assertThat(vpc.holderOf(ADDRESS.toString())).isEmpty();
      assertThat(vpc.endpoint()).startsWith("https://");
    }
  }

  @Test
  void shouldTryAgainAndSayWhatToDoWhenTheCertificateIsNotTrusted() throws Exception {
    CloudException e;
    try (JvmTrust _ = JvmTrust.in(ServerCertificate.create(Clock.systemUTC(), "127.0.0.1"));
        var stack = stack()) {
      e = failure(stack.operations().create(spec(), false));
    }

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.code()).isEmpty();
    assertThat(e)
        .hasMessageContaining("the certificate of " + vpc.hostAndPort() + " is not trusted")
        .hasMessageContaining("-Djavax.net.ssl.trustStore=FILE");
    // The request, and the look whether it had its effect.
    assertThat(calls).hasSizeGreaterThan(1).containsOnly(Optional.of(Kind.TRANSIENT));
    assertThat(vpc.record().count()).isZero();
  }

  @Test
  void shouldSayThatTheNameIsAnotherOneWhenTheCertificateIsForAnotherHost() {
    try (JvmTrust _ = JvmTrust.in(certificate)) {
      var cloud = NamedCloud.of(settings(), this::keys, "127.0.0.1");

      CloudException e =
          catchThrowableOfType(CloudException.class, () -> cloud.subnets(List.of(SUBNET)));

      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e)
          .hasMessageContaining(
              "the certificate of %s:%d is for another name"
                  .formatted(NamedCloud.HOST, URI.create(vpc.endpoint()).getPort()));
    }
  }

  @Test
  void shouldSayWhatToDoWhenTheIssuerOfCredentialsIsNotTrusted() {
    try (JvmTrust _ = JvmTrust.in(ServerCertificate.create(Clock.systemUTC(), "127.0.0.1"))) {
      var issuer = new IssuerCalls(HttpClients.forCredentials(Optional.empty()), "getting keys");

      CloudException e =
          catchThrowableOfType(
              CloudException.class,
              () -> issuer.send(new Request.Builder().url(vpc.endpoint()).build()));

      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e)
          .hasMessageContaining("the certificate of " + vpc.hostAndPort() + " is not trusted");
    }
  }

  private CloudStack stack() {
    var observer =
        new CallObserver() {
          @Override
          public void called(CloudAction action, Optional<Kind> failure, Duration took) {
            calls.add(failure);
          }
        };
    return CloudStack.build(
        new TencentVpcCloud(settings(), this::keys),
        new CloudStack.Settings(1_000, QuickOperations.attempting(3)),
        Fence.OPEN,
        observer);
  }

  private TencentSettings settings() {
    return TencentSettings.of(Optional.of(URI.create(vpc.endpoint())), vpc.region(), vpc.vpcId());
  }

  private Credentials keys() {
    return Credentials.permanent(vpc.secretId(), vpc.secretKey());
  }

  private static EniSpec spec() {
    return new EniSpec(
        "eni-of-50", SUBNET, PRIMARY, List.of("sg-aaaaaaaa"), Map.of("record", "50"), "create-50");
  }

  private static <T> T end(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static CloudException failure(CompletionStage<?> stage) {
    return (CloudException)
        catchThrowableOfType(ExecutionException.class, () -> end(stage)).getCause();
  }
}
