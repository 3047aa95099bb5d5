package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.Workloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The guard, installed as users install it: what it refuses to a user who may do everything, whom
 * it lets through, and that all else goes on under it.
 */
class GuardIT {
  private static final Path GUARD = Path.of("src/main/kubernetes/guard/guard.yml");
  private static final String POLICY = "tke-eni-ipamd-guard";
  private static final String OPERATOR =
      "system:serviceaccount:" + Stage.NAMESPACE + ":" + Stage.ACCOUNT;
  private static final String PERSON = "alice";
  private static final String ZONE = "ap-guangzhou-3";
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3");
  private static final String KINDS = "/apis/" + Names.GROUP + "/" + Names.VERSION;

  private static final String OF_A_RECORD =
      "VpcIP %s is the record of an address, which only the operator writes: to release the"
          + " address delete its claim (vipc), which kubectl get vip names";
  private static final String OF_A_STATUS = "only the operator writes the status of %s";
  private static final String OF_A_FINALIZER =
      "only the operator removes the finalizer %s of %s: it waits for the Pods that use the addresses";
  private static final String OF_OWNERS =
      "only the operator and the garbage collector write the owners of claim %s";
  private static final String SETTINGS = "tke-eni-ipamd";
  private static final String RECORD = "tke-eni-ipamd-releases";
  private static final String OF_A_CONFIG_MAP =
      "ConfigMap kube-system/%1$s %2$s, and while it is missing a restart pauses all releases of fixed"
          + " IPs; to delete it anyway: kubectl annotate cm %1$s -n kube-system "
          + Names.FORCE_DELETE
          + "=<why>, and delete again; to uninstall the operator delete the guard first";
  private static final String OF_A_PAUSE =
      "ConfigMap kube-system/tke-eni-ipamd pauses releases of fixed IPs, and without its key the"
          + " pause would end: to end it set pause-releases to \"false\", or pause-releases-namespaces"
          + " to \"\", first";
  private static final String OF_THE_RECORD =
      "ConfigMap kube-system/tke-eni-ipamd-releases is the record of automatic pauses of releases,"
          + " which only the operator writes: to resume releases set resume-releases to the present"
          + " time in ConfigMap tke-eni-ipamd";

  private static Stage stage;
  private static Scene scene;

  /** May do everything, by the group. */
  private static Path person;

  @BeforeAll
  static void open() {
    stage = Stage.set("guard", VpcLayout.standard());
    person = stage.plane().kubeconfigForUser(PERSON, "system:masters");
    install();
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--enable-ownerref");
    stage.startOperator(flags.toArray(String[]::new));
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "guard");
  }

  @AfterAll
  static void soundAtTheEnd() {
    if (stage == null) {
      return;
    }
    try {
      Scene.awaitSound(stage);
      assertThat(stage.kubelets().violations()).isEmpty();
      assertThat(stage.plane().audit().events())
          .as("refused to the operator and to the controllers")
          .filteredOn(event -> event.user().startsWith("system:"))
          .filteredOn(event -> event.apiGroup().equals(Names.GROUP))
          .noneMatch(event -> event.code() == 403);
    } finally {
      stage.close();
    }
  }

  @Test
  void shouldRefuseToDeleteAClaimWhenItsPodLives() {
    var apart = Scene.open(stage, "guard-deletes");
    var refusal = refusalOf(apart, "lives", run(apart, "lives", "node-1"));
    // The log writes the other characters as escapes.
    var beforeThePlaceholder = refusal.substring(0, refusal.indexOf('<'));
    var claim = List.of("vipc", "lives", "-n", apart.namespace());
    var before = stage.plane().audit().mark();

    assertRefused(refusal, with("delete", claim));
    assertRefused(refusal, with("delete", claim, "--dry-run=server"));
    assertRefused(refusal, with("delete", claim, "--cascade=foreground"));
    assertRefused(refusal, "delete", "vipc", "--all", "-n", apart.namespace());
    assertRefused(
        refusal, "delete", "--raw", KINDS + "/namespaces/" + apart.namespace() + "/vpcipclaims");

    assertThat(apart.claim("lives").orElseThrow().isMarkedForDeletion()).isFalse();
    assertThat(stage.plane().audit().writesSince(before, PERSON))
        .hasSize(5)
        .allSatisfy(
            event ->
                assertThat(event.annotations())
                    .as("a refusal is on record")
                    .hasEntrySatisfying(
                        "validation.policy.admission.k8s.io/validation_failure",
                        failure -> assertThat(failure).contains(beforeThePlaceholder)));
    apart.retire("lives");
    asPerson(with("delete", claim, "--wait=false"));
    apart.awaitNoClaim("lives");
  }

  @Test
  void shouldWaitForThePodWhenADeleteIsForced() {
    var refusal = refusalOf(scene, "forced", run(scene, "forced", "node-1"));
    var claim = List.of("vipc", "forced", "-n", scene.namespace());
    var address = scene.address("forced").orElseThrow();
    asPerson(with("annotate", claim, Names.FORCE_DELETE + "= "));
    assertRefused(refusal, with("delete", claim));
    var before = stage.plane().audit().mark();

    asPerson(
        with("annotate", claim, "--overwrite", Names.FORCE_DELETE + "=ticket 42, host is lost"));
    asPerson(with("delete", claim, "--wait=false"));

    assertForcedDeleteOnRecord(
        before, refusal.substring(0, refusal.indexOf(", as far as")) + ": ticket 42, host is lost");
    scene.awaitCondition("forced", "ReleaseBlocked", "PodRunning");
    assertThat(scene.claim("forced").orElseThrow().getStatus().phase()).isEqualTo(ClaimPhase.BOUND);
    assertThat(stage.vpc().snapshot().eniOf(address)).isPresent();
    assertThat(stage.kubelets().addressesInUse())
        .containsEntry(scene.namespace() + "/forced", address);

    // Nothing changes by a second one, so it need not be refused.
    asPerson(with("annotate", claim, Names.FORCE_DELETE + "-"));
    asPerson(with("delete", claim, "--wait=false"));
    scene.end("forced");

    scene.awaitNoClaim("forced");
    scene.awaitFree(address);
  }

  @Test
  void shouldRefuseToWriteARecordWhenItIsNotTheOperator() throws IOException {
    var address = run(scene, "recorded", "node-1");
    var refusal = OF_A_RECORD.formatted(address);

    assertRefused(refusal, "delete", "vip", address);
    assertRefused(refusal, "annotate", "vip", address, "note=mine");
    assertRefused(refusal, "label", "vip", address, Names.CLAIM_UID + "-");
    assertRefused(refusal, "patch", "vip", address, "--type=merge", "-p", finalizers(""));
    assertRefused(
        refusal,
        "patch",
        "vip",
        address,
        "--type=merge",
        "-p",
        "{\"spec\": {\"nodeName\": \"node-5\"}}");
    assertRefused(
        OF_A_RECORD.formatted("10.0.1.99"), "create", "-f", file("vip.yaml", record("10.0.1.99")));

    assertThat(scene.vip(address).orElseThrow().isMarkedForDeletion()).isFalse();
    retireAndRelease("recorded");
  }

  @Test
  void shouldRefuseToWriteAStatusWhenItIsNotTheOperator() {
    var address = run(scene, "stated", "node-1");
    var claim = scene.namespace() + "/stated";
    var change = "{\"status\": {\"phase\": \"Releasing\"}}";

    assertRefused(
        OF_A_STATUS.formatted("VpcIP " + address),
        with(
            "patch",
            List.of("vip", address, "--subresource=status"),
            "--type=merge",
            "-p",
            change));
    assertRefused(
        OF_A_STATUS.formatted("NodeENIConfig node-1"),
        with(
            "patch",
            List.of("nec", "node-1", "--subresource=status"),
            "--type=merge",
            "-p",
            "{\"status\": {\"eniInfos\": []}}"));
    for (var user : List.of(PERSON, "system:kube-controller-manager")) {
      assertRefused(
          OF_A_STATUS.formatted("VpcIPClaim " + claim),
          with(
              "patch",
              List.of("vipc", "stated", "-n", scene.namespace(), "--subresource=status"),
              "--type=merge",
              "-p",
              change,
              "--as=" + user,
              "--as-group=system:masters"));
    }
    retireAndRelease("stated");
  }

  @Test
  void shouldRefuseToTakeOurFinalizersAwayWhenItIsNotTheOperator() {
    run(scene, "held", "node-1");
    var claim = List.of("vipc", "held", "-n", scene.namespace(), "--type=merge", "-p");
    var ofTheClaim =
        OF_A_FINALIZER.formatted(
            Names.CLAIM_FINALIZER, "VpcIPClaim " + scene.namespace() + "/held");

    assertRefused(ofTheClaim, with("patch", claim, finalizers("")));
    assertRefused(ofTheClaim, with("patch", claim, finalizers("\"example.org/mine\"")));
    assertRefused(
        OF_A_FINALIZER.formatted(Names.NODE_FINALIZER, "NodeENIConfig node-1"),
        with("patch", List.of("nec", "node-1", "--type=merge", "-p"), finalizers("")));

    retireAndRelease("held");
  }

  @Test
  void shouldRefuseToSetTheOwnersOfAClaimWhenTheCollectorWouldDeleteItForThem() {
    run(scene, "owned", "node-1");

    assertRefused(
        OF_OWNERS.formatted(scene.namespace() + "/owned"),
        "patch",
        "vipc",
        "owned",
        "-n",
        scene.namespace(),
        "--type=merge",
        "-p",
        """
        {"metadata": {"ownerReferences": [
          {"apiVersion": "v1", "kind": "ConfigMap", "name": "nowhere", "uid": "none"}]}}""");

    retireAndRelease("owned");
  }

  @Test
  void shouldRefuseToDeleteWhatPausesReleasesUntilItIsForced() {
    var settings =
        OF_A_CONFIG_MAP.formatted(SETTINGS, "has the live settings, pauses of releases included");
    var record = OF_A_CONFIG_MAP.formatted(RECORD, "is the record of automatic pauses of releases");

    assertRefused(settings, with("delete", configMap(SETTINGS)));
    assertRefused(record, with("delete", configMap(RECORD)));
    assertRefused(record, with("delete", configMap(RECORD), "--dry-run=server"));
    assertThatThrownBy(
            () ->
                asPerson(
                    "delete",
                    "--raw",
                    "/api/v1/namespaces/kube-system/configmaps?fieldSelector=metadata.name="
                        + RECORD))
        .hasMessageContaining(record.substring(0, record.indexOf('<')));

    var before = stage.plane().audit().mark();
    asPerson(with("annotate", configMap(RECORD), Names.FORCE_DELETE + "=ticket 42, create again"));
    asPerson(with("delete", configMap(RECORD)));
    asPerson("create", "configmap", RECORD, "-n", Stage.NAMESPACE);
    assertForcedDeleteOnRecord(
        before, "ConfigMap kube-system/" + RECORD + ": ticket 42, create again");
  }

  @Test
  void shouldRefuseToTakeAPauseAwayThatNobodyHasLifted() throws IOException {
    var empty =
        file(
            "settings.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\n  namespace: %s\n"
                .formatted(SETTINGS, Stage.NAMESPACE));
    var patch = configMap(SETTINGS, "--type=merge", "-p");
    for (var pause :
        List.of(
            List.of("pause-releases", "true", "false"),
            List.of("pause-releases-namespaces", "guard-paused", ""))) {
      asPerson(with("patch", patch, data(pause.getFirst(), '"' + pause.get(1) + '"')));

      assertRefused(OF_A_PAUSE, with("patch", patch, data(pause.getFirst(), "null")));
      assertRefused(OF_A_PAUSE, "replace", "-f", empty);

      asPerson(with("patch", patch, data("claim-expired-duration", "\"2h\"")));
      asPerson(with("patch", patch, data("claim-expired-duration", "null")));
      asPerson(with("patch", patch, data(pause.getFirst(), '"' + pause.get(2) + '"')));
      asPerson(with("patch", patch, data(pause.getFirst(), "null")));
    }
  }

  @Test
  void shouldRefuseToWriteTheRecordOfPausesWhenItIsNotTheOperator() {
    var patch = configMap(RECORD, "--type=merge", "-p");

    assertRefused(
        OF_THE_RECORD, with("patch", patch, data("paused-since", "\"2026-01-31T12:00:00Z\"")));
    assertRefused(OF_THE_RECORD, with("patch", patch, "{\"immutable\": true}"));

    asPerson(with("annotate", configMap(RECORD), "example.org/note=mine"));
    asPerson(with("annotate", configMap(RECORD), "example.org/note-"));
    asPerson(
        with(
            "patch",
            patch,
            data("paused-since", "\"2026-01-31T12:00:00Z\""),
            "--dry-run=server",
            "--as=" + OPERATOR,
            "--as-group=system:masters"));
  }

  @Test
  void shouldPassWhenSomebodyElsesConfigMapIsChangedOrDeleted() {
    var other = List.of("cm", "another", "-n", scene.namespace());
    asPerson("create", "configmap", "another", "-n", scene.namespace(), "--from-literal=a=b");

    asPerson(with("patch", other, "--type=merge", "-p", data("a", "null")));
    asPerson(with("delete", other));

    asPerson("create", "configmap", "another", "-n", scene.namespace());
    asPerson(
        "delete",
        "--raw",
        "/api/v1/namespaces/"
            + scene.namespace()
            + "/configmaps?fieldSelector=metadata.name=another");
  }

  @Test
  void shouldPassWhenPeopleWriteWhatIsTheirs() throws IOException {
    var address = run(scene, "theirs", "node-1");
    var claim = List.of("vipc", "theirs", "-n", scene.namespace());
    var ours = "\"" + Names.CLAIM_FINALIZER + "\"";

    asPerson(with("annotate", claim, "example.org/note=mine"));
    asPerson(with("label", claim, "example.org/note=mine"));
    asPerson(with("annotate", claim, Names.CLAIM_EXPIRED_DURATION + "=2h"));
    asPerson(
        with("patch", claim, "--type=merge", "-p", finalizers(ours + ", \"example.org/mine\"")));
    asPerson(with("patch", claim, "--type=merge", "-p", finalizers(ours)));
    asPerson(
        with(
            "patch",
            claim,
            "--type=merge",
            "-p",
            "{\"spec\": {\"claimExpiredDuration\": \"3h\"}}"));
    asPerson("annotate", "nec", "node-1", "example.org/note=mine");
    asPerson(
        "patch", "nec", "node-1", "--type=merge", "-p", "{\"spec\": {\"securityGroups\": []}}");
    // As the migration of stored versions does it: nothing changes.
    asPerson("replace", "-f", file("same.json", asPerson("get", "vip", address, "-o", "json")));

    assertThat(scene.claim("theirs").orElseThrow().getSpec().claimExpiredDuration())
        .isEqualTo("3h");
    retireAndRelease("theirs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system:serviceaccount:kube-system:generic-garbage-collector",
        "system:serviceaccount:kube-system:namespace-controller",
        // Of a controller manager that is started without --use-service-account-credentials.
        "system:kube-controller-manager",
      })
  void shouldLetTheCollectorsThroughWhateverTheirNameIs(String collector) {
    var pod = "collected-by-" + collector.substring(collector.lastIndexOf(':') + 1);
    var address = run(scene, pod, "node-1");
    var as = List.of("--as=" + collector, "--as-group=system:masters", "--dry-run=server");

    asPerson(with("delete", as, "vipc", pod, "-n", scene.namespace()));
    asPerson(with("delete", as, "vip", address));
    asPerson(
        with("patch", as, "vipc", pod, "-n", scene.namespace(), "--type=merge", "-p", orphaned()));

    retireAndRelease(pod);
  }

  @Test
  void shouldLetAPersonThroughUnderTheOperatorsNameAndPutBothOnRecord() {
    var address = run(scene, "emergency", "node-1");
    var before = stage.plane().audit().mark();

    asPerson("delete", "vip", address, "--dry-run=server", "--as=" + OPERATOR);

    assertThat(stage.plane().audit().writesSince(before, PERSON))
        .singleElement()
        .satisfies(event -> assertThat(event.impersonated()).isEqualTo(OPERATOR));
    retireAndRelease("emergency");
  }

  @Test
  void shouldCollectTheClaimsWithTheirWorkloadWhilePodsStillLive() {
    var pods = List.of("cascade-0", "cascade-1");
    stage.client().resource(Workloads.statefulSet("cascade", scene.namespace(), 2, ZONE)).create();
    pods.forEach(scene::awaitRunning);
    var addresses = pods.stream().map(p -> scene.address(p).orElseThrow()).toList();
    var before = stage.plane().audit().mark();
    // The nodes are slow, so that the claims are deleted well before the Pods have ended.
    NODES.forEach(n -> stage.kubelets().delay(n, Duration.ofSeconds(3)));

    try {
      asPerson("delete", "statefulset", "cascade", "-n", scene.namespace(), "--wait=false");
      pods.forEach(scene::awaitNoClaim);
      addresses.forEach(scene::awaitFree);
    } finally {
      NODES.forEach(n -> stage.kubelets().delay(n, Duration.ZERO));
    }

    assertThat(stage.plane().audit().writesSince(before, ":generic-garbage-collector"))
        .filteredOn(event -> event.target().equals("vpcipclaims"))
        .filteredOn(AuditEvent::succeeded)
        .extracting(AuditEvent::name)
        .containsAll(pods);
  }

  @Test
  void shouldKeepTheClaimsWhenTheirWorkloadIsOrphaned() {
    stage.client().resource(Workloads.statefulSet("orphan", scene.namespace(), 1, ZONE)).create();
    scene.awaitRunning("orphan-0");

    asPerson(
        "delete",
        "statefulset",
        "orphan",
        "--cascade=orphan",
        "-n",
        scene.namespace(),
        "--wait=false");

    scene.until(
        "the collector has taken the reference away",
        () -> scene.claim("orphan-0").orElseThrow().getMetadata().getOwnerReferences().isEmpty());
    retireAndRelease("orphan-0");
  }

  @Test
  void shouldFinishWhenANamespaceWithPodsThatLiveIsDeleted() {
    var doomed = Scene.open(stage, "doomed");
    var addresses = Stream.of("one", "two").map(pod -> run(doomed, pod, "node-2")).toList();

    asPerson("delete", "namespace", doomed.namespace(), "--wait=false");

    doomed.until(
        "the namespace is gone",
        () -> stage.client().namespaces().withName(doomed.namespace()).get() == null);
    addresses.forEach(doomed::awaitFree);
  }

  @Test
  void shouldNotHinderTheOperatorWhenPodsComeAndGoAndMove() {
    var address = run(scene, "moves", "node-1");
    scene.retire("moves");
    assertThat(run(scene, "moves", "node-1")).isEqualTo(address);
    scene.retire("moves");

    assertThat(run(scene, "moves", "node-2")).isEqualTo(address);

    scene.run(PodSketch.immediate("brief", "node-2"));
    scene.end("brief");
    scene.awaitNoClaim("brief");
    retireAndRelease("moves");
  }

  @Test
  void shouldBeTypeCheckedWithoutAWarningWhenTheKindsAreKnown() throws IOException {
    assertThat(warnings(POLICY)).isEmpty();
    // And so is the check worth something.
    // Without its binding, so that it is never in force: what was in force goes on refusing for a
    // while after it was deleted.
    var misspelt =
        Files.readString(GUARD)
            .split("\n---\n", 2)[0]
            .replace("name: " + POLICY, "name: misspelt")
            .replace(
                "oldObject.metadata.deletionTimestamp", "oldObject.metadata.deletionTimestump");
    var file = file("misspelt.yaml", misspelt);
    asPerson("apply", "-f", file);
    try {
      assertThat(warnings("misspelt")).contains("undefined field 'deletionTimestump'");
    } finally {
      asPerson("delete", "-f", file);
    }
  }

  @Test
  void shouldRefuseNothingWhenTheBindingIsTakenAway() {
    run(scene, "unguarded", "node-1");
    var claim = List.of("vipc", "unguarded", "-n", scene.namespace(), "--wait=false");
    assertThatThrownBy(() -> asPerson(with("delete", claim))).hasMessageContaining(POLICY);

    asPerson("delete", "validatingadmissionpolicybinding", POLICY);
    try {
      scene.until(
          "the guard is gone",
          () -> {
            asPerson(with("delete", claim));
            return true;
          });
      scene.awaitCondition("unguarded", "ReleaseBlocked", "PodRunning");
    } finally {
      install();
    }
    scene.end("unguarded");
    scene.awaitNoClaim("unguarded");
  }

  /** Installs the guard and waits until it is in force, which takes the API server a moment. */
  private static void install() {
    stage.plane().runKubectl("--warnings-as-errors", "apply", "-f", GUARD.toString());
    var probe = List.of("-f", file("probe.yaml", record("10.255.255.254")), "--dry-run=server");
    await("the guard is in force")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try {
                asPerson(with("create", probe));
                return false;
              } catch (IllegalStateException e) {
                return e.getMessage().contains(POLICY);
              }
            });
  }

  /** Runs a Pod with a fixed IP, and tells its address. */
  private static String run(Scene where, String pod, String node) {
    return where.run(PodSketch.fixed(pod, node)).getStatus().address();
  }

  private static void retireAndRelease(String pod) {
    scene.retire(pod);
    asPerson("delete", "vipc", pod, "-n", scene.namespace(), "--wait=false");
    scene.awaitNoClaim(pod);
  }

  private static String refusalOf(Scene where, String pod, String address) {
    return """
        Pod %1$s/%2$s (UID %3$s) uses %4$s on node node-1, as far as the operator knows: delete the Pod \
        first; or force it with kubectl annotate vipc %2$s -n %1$s %5$s=<why>, and delete again: the \
        operator releases the address when the Pod has ended, not before"""
        .formatted(
            where.namespace(),
            pod,
            where.pod(pod).orElseThrow().getMetadata().getUid(),
            address,
            Names.FORCE_DELETE);
  }

  private static void assertRefused(String message, String... command) {
    assertThatThrownBy(() -> asPerson(command))
        .hasMessageContaining("(Forbidden)")
        .hasMessageEndingWith(
            "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s"
                .formatted(POLICY, POLICY, message));
  }

  private static String asPerson(String... command) {
    return stage
        .plane()
        .runKubectl(
            Stream.concat(Stream.of("--kubeconfig=" + person), Stream.of(command))
                .toArray(String[]::new));
  }

  private static String[] with(String verb, List<String> first, String... more) {
    return Stream.of(Stream.of(verb), first.stream(), Stream.of(more))
        .flatMap(s -> s)
        .toArray(String[]::new);
  }

  private static List<String> configMap(String name, String... more) {
    return Stream.concat(Stream.of("cm", name, "-n", Stage.NAMESPACE), Stream.of(more)).toList();
  }

  private static String data(String key, String value) {
    return "{\"data\": {\"" + key + "\": " + value + "}}";
  }

  private static String finalizers(String list) {
    return "{\"metadata\": {\"finalizers\": [" + list + "]}}";
  }

  /** As the garbage collector orphans. */
  private static String orphaned() {
    return "{\"metadata\": {\"ownerReferences\": null}}";
  }

  private static String record(String address) {
    return """
        apiVersion: %s/%s
        kind: VpcIP
        metadata:
          name: %s
        spec:
          type: Pod
          subnetId: subnet-gz3pods1
        """
        .formatted(Names.GROUP, Names.VERSION, address);
  }

  private static String file(String name, String content) {
    try {
      return Files.writeString(stage.plane().workDir().resolve(name), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One delete since then was forced, and the audit log says what and why. */
  private static void assertForcedDeleteOnRecord(AuditLog.Mark since, String said) {
    assertThat(stage.plane().audit().writesSince(since, PERSON))
        .filteredOn(event -> event.verb().equals("delete"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.annotations()).containsEntry(POLICY + "/forced-delete", said));
  }

  /** What the type check of the API server's controller says of a policy once it has seen it. */
  private static String warnings(String policy) {
    var get = List.of("validatingadmissionpolicy", policy);
    scene.until(
        policy + " is checked",
        () ->
            !asPerson(with("get", get, "-o", "jsonpath={.status.observedGeneration}")).isBlank()
                && asPerson(with("get", get, "-o", "jsonpath={.status.observedGeneration}"))
                    .equals(asPerson(with("get", get, "-o", "jsonpath={.metadata.generation}"))));
    return asPerson(with("get", get, "-o", "jsonpath={.status.typeChecking.expressionWarnings}"));
  }
}
