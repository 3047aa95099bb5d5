package io.eniipamd.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.LeaseSettings;
import io.eniipamd.kube.support.WriteFence;
import io.eniipamd.property.memory.InProcessHttp;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandOverTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String DATE = "Mon, 30 Nov 2026 10:00:00 GMT";
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final String ME = "me_1";
  private static final HandOver.Held HELD = new HandOver.Held("kube-system", "ipamd", ME);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Leadership leadership =
      new Leadership(
          new LeaseSettings(Duration.ofMinutes(10), Duration.ofSeconds(10)), System::nanoTime);
  private final WriteFence fence =
      new WriteFence(
          new LeaseSettings(Duration.ofMinutes(10), Duration.ofSeconds(10)), System::nanoTime);
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final CountDownLatch silence = new CountDownLatch(1);
  private volatile Lease stored = leaseOf(ME);
  private volatile boolean silent;
  private volatile boolean takenMeanwhile;
  private volatile boolean configMapsHang;
  private final KubernetesClient client =
      InProcessHttp.client(this::answer, Map.of("write-fence", fence));

  @AfterEach
  void close() {
    silence.countDown();
    client.close();
  }

  @Test
  void shouldLeaveALeaseWithoutAHolderWhenNothingIsUnderWay() {
    lead();

    stop(LONG);

    assertThat(stored.getSpec().getHolderIdentity()).isEmpty();
    assertThat(stored.getSpec().getLeaseDurationSeconds()).isEqualTo(1);
    assertThat(stored.getSpec().getRenewTime().toInstant()).isEqualTo(NOW);
    assertThat(leadership.over()).isTrue();
    assertThatThrownBy(() -> leadership.check("assigning")).isInstanceOf(CloudException.class);
    assertThatThrownBy(this::writeAConfigMap).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void shouldAskForNothingWhenItWasNeverElected() {
    stored = leaseOf("another");

    stop(LONG);

    assertThat(sent).isEmpty();
    assertThat(leadership.over()).isTrue();
    assertThatThrownBy(this::writeAConfigMap).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void shouldLeaveTheLeaseOfAnotherHolderAlone() {
    lead();
    stored = leaseOf("another");

    stop(LONG);

    assertThat(sent).noneMatch(request -> request.startsWith("PUT"));
  }

  @Test
  void shouldLeaveTheLeaseToTheOneThatTookItBetweenReadAndWrite() {
    lead();
    takenMeanwhile = true;

    stop(LONG);

    assertThat(stored.getSpec().getHolderIdentity()).isEqualTo("another");
  }

  @Test
  void shouldGiveTheLeaseBackOnlyWhenTheCallToTheCloudHasItsAnswer() {
    lead();
    var answered = new CountDownLatch(1);
    var called = new CountDownLatch(1);
    var call =
        CompletableFuture.runAsync(
            () -> {
              leadership.check("assigning");
              called.countDown();
              join(answered);
              leadership.answered();
            },
            Thread::startVirtualThread);
    join(called);

    var stop = CompletableFuture.runAsync(() -> stop(LONG), Thread::startVirtualThread);

    await("it has begun").until(leadership::over);
    assertThat(sent).isEmpty();
    answered.countDown();
    call.join();
    stop.join();
    assertThat(stored.getSpec().getHolderIdentity()).isEmpty();
  }

  @Test
  void shouldGiveTheLeaseBackOnlyWhenTheChangeAtTheApiServerHasItsAnswer() {
    lead();
    configMapsHang = true;
    var write = CompletableFuture.runAsync(this::writeAConfigMap, Thread::startVirtualThread);
    await("it is sent").until(() -> sent.size() == 1);

    var stop = CompletableFuture.runAsync(() -> stop(LONG), Thread::startVirtualThread);

    await("it has begun").until(leadership::over);
    assertThat(sent).hasSize(1);
    silence.countDown();
    write.join();
    stop.join();
    assertThat(stored.getSpec().getHolderIdentity()).isEmpty();
    assertThat(sent.getLast()).startsWith("PUT").contains("/leases/");
  }

  @Test
  void shouldLetTheLeaseRunOutWhenACallToTheCloudHasNoAnswerInTime() {
    lead();
    leadership.check("assigning");

    stop(SHORT);

    assertThat(sent).isEmpty();
    assertThat(stored.getSpec().getHolderIdentity()).isEqualTo(ME);
  }

  @Test
  void shouldEndInTimeWhenTheApiServerIsSilent() {
    lead();
    silent = true;

    stop(SHORT);

    assertThat(stored.getSpec().getHolderIdentity()).isEqualTo(ME);
  }

  private void lead() {
    leadership.elected();
    leadership.started();
    leadership.renewed(Duration.ZERO);
  }

  private void stop(Duration patience) {
    new HandOver(
            client, leadership, fence, Clock.fixed(NOW, ZoneOffset.UTC), System::nanoTime, patience)
        .stop(HELD);
  }

  private void writeAConfigMap() {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("it")
                .endMetadata()
                .build())
        .create();
  }

  private InProcessHttp.Reply answer(StandardHttpRequest request) throws IOException {
    sent.add(request.method() + " " + request.uri().getPath());
    boolean ofLease = request.uri().getPath().endsWith(HELD.path());
    if (silent || (configMapsHang && !ofLease)) {
      join(silence);
    }
    if (!ofLease) {
      return reply(200, new ConfigMapBuilder().build());
    }
    if (request.method().equals("GET")) {
      var read = stored;
      if (takenMeanwhile) {
        stored = leaseOf("another").edit().editMetadata().withResourceVersion("2").and().build();
      }
      return reply(200, read);
    }
    var wanted = JSON.unmarshal(request.bodyString(), Lease.class);
    var version = stored.getMetadata().getResourceVersion();
    if (!version.equals(wanted.getMetadata().getResourceVersion())) {
      return reply(409, new StatusBuilder().withCode(409).withReason("Conflict").build());
    }
    stored = wanted;
    return reply(200, wanted);
  }

  private static InProcessHttp.Reply reply(int code, Object body) {
    return new InProcessHttp.Reply(code, DATE, JSON.asJson(body));
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Lease leaseOf(String holder) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(HELD.namespace())
        .withName(HELD.name())
        .withResourceVersion("1")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(15)
        .endSpec()
        .build();
  }
}
