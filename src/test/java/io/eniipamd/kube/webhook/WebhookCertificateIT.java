package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.NewPods;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.ServedWebhook;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSchedulingGate;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The certificate of the webhook before an API server that calls it all the time: made and renewed
 * by the operator, and mounted.
 */
class WebhookCertificateIT {
  private static final String SECRETS = "secrets";
  private static final String CONFIGURATIONS = "mutatingwebhookconfigurations";
  private static final Set<String> ADDRESS = Set.of("127.0.0.1");

  @TempDir private Path directory;

  private Stage stage;
  private Scene scene;

  @BeforeEach
  void open() {
    stage = Stage.set("webhook-certificate", VpcLayout.standard());
    scene = Scene.open(stage, "certificates");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void shouldRefuseNoCallWhileItRenewsItsCertificate() throws Exception {
    var webhook = ServedWebhook.install(stage);
    // Ten days are left of ninety.
    var old = NewCertificate.create(ADDRESS, Instant.now().minus(Duration.ofDays(80)));
    secret(Map.of("tls.crt", old.certificate(), "tls.key", old.key()));
    webhook.trust(stage, old.certificate());
    var mark = stage.plane().audit().mark();
    var operator = stage.startOperator(webhook.flags(StandingStage.QUICK));
    awaitInForce();

    var calls = 0;
    var after = 0;
    while (after < 20) {
      assertThat(gates(dryRun())).as("call %d", calls).containsExactly(Names.ZONE_GATE);
      var answer =
          ServedWebhook.ask(webhook.port(), webhook.trusted(stage), NewPods.fixedPod(p -> p));
      assertThat(answer.statusCode())
          .as("call %d on a connection of its own", calls)
          .isEqualTo(200);
      calls++;
      after += data().get("tls.crt").equals(old.certificate()) ? 0 : 1;
    }

    scene.until(
        "the next one is served",
        () -> webhook.served().equals(ServingPair.certificate(bytes(data().get("tls.crt")))));
    assertThat(calls).as("calls while it waited").isGreaterThan(50);
    assertThat(data().keySet()).containsExactlyInAnyOrder("tls.crt", "tls.key", "previous.crt");
    assertThat(webhook.trusted(stage))
        .isEqualTo(data().get("tls.crt") + data().get("previous.crt"));
    assertThat(Files.readString(operator.log()))
        .doesNotContain("PRIVATE KEY", old.key().lines().skip(1).findFirst().orElseThrow())
        .doesNotContain(data().get("tls.key").lines().skip(1).findFirst().orElseThrow());
    assertUsesItsRightsAndNoOthers(mark);
  }

  @Test
  void shouldHaveAnotherCertificateWithinSecondsWhenAUserTakesTheOneThatIsThereAway()
      throws Exception {
    var webhook = ServedWebhook.install(stage);
    var operator = stage.startOperator(webhook.flags(StandingStage.QUICK));
    awaitInForce();
    var before = data().get("tls.crt");

    stage
        .plane()
        .runKubectl(
            "patch",
            "secret",
            OwnCertificate.SECRET,
            "-n",
            Stage.NAMESPACE,
            "-p",
            "{\"data\": null}");
    scene.until(
        "another one is there",
        () -> data().containsKey("tls.crt") && !data().get("tls.crt").equals(before));
    awaitInForce();

    assertThat(webhook.trusted(stage)).as("nothing of the one before").doesNotContain(before);
    assertThat(operator.isAlive()).isTrue();
  }

  @Test
  void shouldServeAMountedCertificateAndTheOneThatReplacesItAndWriteNothing() throws Exception {
    var webhook = ServedWebhook.installWithoutCertificate(stage);
    var first = NewCertificate.create(ADDRESS, Instant.now());
    var second = NewCertificate.create(ADDRESS, Instant.now());
    webhook.trust(stage, first.certificate() + second.certificate());
    mount("tls.crt", first.certificate());
    mount("tls.key", first.key());
    var mark = stage.plane().audit().mark();
    var operator =
        stage.startOperator(
            webhook.flags(
                Stream.concat(
                        Stream.of(StandingStage.QUICK),
                        Stream.of("--webhook-certificate-directory=" + directory))
                    .toArray(String[]::new)));
    awaitInForce();
    assertThat(webhook.served()).isEqualTo(read(first));

    mount("tls.crt", second.certificate());
    scene.until(
        "it says that they do not fit",
        () -> Files.readString(operator.log()).contains("the key is not that of the certificate"));
    assertThat(webhook.served()).isEqualTo(read(first));
    scene.until(
        "an event says so on the ConfigMap",
        () ->
            stage.client().v1().events().inNamespace(Stage.NAMESPACE).list().getItems().stream()
                .filter(e -> e.getReason().equals("WebhookNotServed"))
                .filter(e -> e.getInvolvedObject().getKind().equals("ConfigMap"))
                .anyMatch(e -> e.getMessage().contains("the key is not that of the certificate")));
    mount("tls.key", second.key());
    scene.until("the second one is served", () -> webhook.served().equals(read(second)));

    assertThat(gates(dryRun())).containsExactly(Names.ZONE_GATE);
    assertThat(requests(mark)).isEmpty();
    assertThat(Files.readString(operator.log())).doesNotContain("PRIVATE KEY");
  }

  /** With the manifest's rights alone; each names its one object. */
  private void assertUsesItsRightsAndNoOthers(AuditLog.Mark mark) throws IOException {
    var used =
        requests(mark).stream()
            .map(event -> event.verb() + " " + event.resource())
            .collect(Collectors.toSet());
    var granted =
        rules().stream()
            .flatMap(
                rule ->
                    rule.getVerbs().stream()
                        .map(verb -> verb + " " + rule.getResources().getFirst()))
            .collect(Collectors.toSet());

    assertThat(used).isEqualTo(granted);
    assertThat(requests(mark)).allMatch(AuditEvent::succeeded);
    assertThat(rules()).allMatch(rule -> rule.getResourceNames().size() == 1);
  }

  private List<AuditEvent> requests(AuditLog.Mark mark) {
    return stage.plane().audit().since(mark).stream()
        .filter(event -> event.user().endsWith(":" + Stage.ACCOUNT))
        .filter(event -> Set.of(SECRETS, CONFIGURATIONS).contains(event.resource()))
        .toList();
  }

  private List<PolicyRule> rules() throws IOException {
    try (var manifest = Files.newInputStream(ServedWebhook.OWN_CERTIFICATE)) {
      var items = stage.client().load(manifest).items();
      return Stream.concat(
              items.stream()
                  .filter(Role.class::isInstance)
                  .flatMap(role -> ((Role) role).getRules().stream()),
              items.stream()
                  .filter(ClusterRole.class::isInstance)
                  .flatMap(role -> ((ClusterRole) role).getRules().stream()))
          .toList();
    }
  }

  private void awaitInForce() {
    scene.until("the webhook is in force", () -> !gates(dryRun()).isEmpty());
  }

  private Pod dryRun() {
    var pod = NewPods.fixedPod(p -> p);
    return stage
        .client()
        .pods()
        .inNamespace(scene.namespace())
        .resource(
            new PodBuilder(pod)
                .editMetadata()
                .withNamespace(scene.namespace())
                .endMetadata()
                .build())
        .dryRun(true)
        .create();
  }

  private static List<String> gates(Pod pod) {
    return pod.getSpec().getSchedulingGates().stream().map(PodSchedulingGate::getName).toList();
  }

  private void secret(Map<String, String> data) {
    stage
        .client()
        .secrets()
        .inNamespace(Stage.NAMESPACE)
        .withName(OwnCertificate.SECRET)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            stage.client().getKubernetesSerialization().asJson(Map.of("stringData", data)));
  }

  private Map<String, String> data() {
    var data =
        stage
            .client()
            .secrets()
            .inNamespace(Stage.NAMESPACE)
            .withName(OwnCertificate.SECRET)
            .get()
            .getData();
    return data == null
        ? Map.of()
        : data.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e ->
                        new String(
                            Base64.getDecoder().decode(e.getValue()), StandardCharsets.US_ASCII)));
  }

  private void mount(String name, String text) throws IOException {
    var beside = Files.writeString(directory.resolve(name + ".new"), text);
    Files.move(beside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static X509Certificate read(NewCertificate made) throws UnusablePairException {
    return ServingPair.certificate(bytes(made.certificate()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
