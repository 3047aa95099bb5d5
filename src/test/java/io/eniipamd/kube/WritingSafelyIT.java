package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.CountingProxy.Change;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writes land on the object that they were decided for, and on no other. */
class WritingSafelyIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Stage stage;
  private static CountingProxy proxy;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    proxy = StandingStage.get().proxy();
    scene = Scene.open(stage, "writing");
  }

  @AfterEach
  void openTheGate() {
    proxy.setGate(CallGate.open());
  }

  @Test
  void shouldRefuseAStaleWriteWhenTheObjectWasCreatedAgain() {
    var held = hold("PUT vpcipclaims/namesake/status");
    scene.create(PodSketch.immediate("namesake", "node-1"));
    scene.until("the claim's status is about to be written", held::reached);
    var first = scene.claim("namesake").orElseThrow().getMetadata().getUid();

    scene.tearAway(claimNamed("namesake"));
    scene.until(
        "a new object of the same name is there",
        () -> !uid(scene.claim("namesake").orElseThrow()).equals(first));
    held.letThrough();

    scene.awaitRunning("namesake");
    assertThat(proxy.changes())
        .filteredOn(c -> c.action().equals("PUT vpcipclaims/namesake/status"))
        .filteredOn(c -> c.body().contains(first))
        .extracting(Change::status)
        .isNotEmpty()
        .allMatch(status -> status == 409);
  }

  @Test
  void shouldServeAnObjectThatWasCreatedAgainWhileItsPredecessorWasWorkedOn() {
    var held = hold("POST vpcips", "\"recreated\"");
    scene.create(PodSketch.immediate("recreated", "node-1"));
    scene.until("the claim's address is about to be recorded", held::reached);
    var first = uid(scene.claim("recreated").orElseThrow());

    scene.tearAway(claimNamed("recreated"));
    scene.until(
        "a new object of the same name is there",
        () -> !uid(scene.claim("recreated").orElseThrow()).equals(first));
    // The claims come by one watch, in their order: a client that sees this one has seen the new
    // object of the same name.
    scene.run(PodSketch.immediate("seen-later", "node-1"));
    held.letThrough();

    scene.awaitRunning("recreated");
    Scene.awaitSound(stage);
  }

  @Test
  void shouldNotMakeADeletedObjectAgain() {
    var held = hold("PUT vpcipclaims/deleted/status");
    scene.create(PodSketch.immediate("deleted", "node-1"));
    scene.until("the claim's status is about to be written", held::reached);

    stage.client().pods().inNamespace(scene.namespace()).withName("deleted").delete();
    scene.until("the Pod is gone", () -> scene.pod("deleted").isEmpty());
    scene.tearAway(claimNamed("deleted"));
    held.letThrough();

    scene.until(
        "the late write was answered",
        () ->
            proxy.changes().stream()
                .anyMatch(
                    c ->
                        c.action().equals("PUT vpcipclaims/deleted/status")
                            && (c.status() == 404 || c.status() == 409)));
    Scene.awaitSound(stage);
    assertThat(scene.claim("deleted")).isEmpty();
  }

  @Test
  void shouldKeepTheAddressWhenItsRecordIsDeletedByHand() {
    var address = scene.run(PodSketch.fixed("record-deleted", "node-1")).getStatus().address();

    vip(address).delete();

    scene.until(
        "users are told",
        () ->
            scene.events("VpcIP", address).stream()
                .anyMatch(e -> e.getReason().equals("DeletionBlocked")));
    assertThat(scene.vip(address).orElseThrow().statusOrEmpty().phase())
        .isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(stage.vpc().snapshot().eniOf(address)).isPresent();
    assertThat(scene.awaitRunning("record-deleted").getStatus().address()).isEqualTo(address);
  }

  @Test
  void shouldRecordTheAddressAgainWhenItsRecordIsTornAway() {
    var claim = scene.run(PodSketch.fixed("record-torn", "node-1"));
    var address = claim.getStatus().address();
    var before = scene.vip(address).orElseThrow();
    long calls = stage.vpc().record().count();

    scene.tearAway(vip(address));

    scene.until(
        "there is a record again",
        () ->
            scene
                .vip(address)
                .filter(v -> !uid(v).equals(uid(before)))
                .filter(v -> v.getSpec().claimRef().uid().equals(uid(claim)))
                .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.ASSIGNED)
                .isPresent());
    assertThat(scene.events("VpcIPClaim", "record-torn"))
        .extracting(Event::getReason)
        .contains("RecordRestored");
    assertThat(scene.awaitRunning("record-torn").getStatus().address()).isEqualTo(address);
    assertThat(removals(calls, address)).isEmpty();
    assertThat(scene.violations()).filteredOn(v -> v.pod().equals("record-torn")).isEmpty();
  }

  @Test
  void shouldRecordTheAddressAgainWhenTheRecordOfARetainedOneIsTornAway() {
    var address = scene.run(PodSketch.fixed("kept-torn", "node-1")).getStatus().address();
    var claim = scene.retire("kept-torn");
    var before = scene.vip(address).orElseThrow();

    scene.tearAway(vip(address));

    scene.until(
        "there is a record again",
        () ->
            scene
                .vip(address)
                .filter(v -> !uid(v).equals(uid(before)))
                .filter(v -> v.getSpec().claimRef().uid().equals(uid(claim)))
                .isPresent());
    assertThat(scene.run(PodSketch.fixed("kept-torn", "node-1")).getStatus().address())
        .isEqualTo(address);
  }

  @Test
  void shouldKeepThePodsAddressWhenItsClaimIsTornAway() {
    var claim = scene.run(PodSketch.fixed("claim-torn", "node-2"));
    var address = claim.getStatus().address();
    long calls = stage.vpc().record().count();

    scene.tearAway(claimNamed("claim-torn"));

    scene.until(
        "another claim holds the address",
        () ->
            scene
                .claim("claim-torn")
                .filter(c -> !uid(c).equals(uid(claim)))
                .filter(c -> c.statusOrEmpty().phase() == ClaimPhase.BOUND)
                .isPresent());
    var after = scene.claim("claim-torn").orElseThrow();
    assertThat(after.getStatus().address()).isEqualTo(address);
    assertThat(scene.vip(address).orElseThrow().getSpec().claimRef().uid()).isEqualTo(uid(after));
    assertThat(removals(calls, address)).isEmpty();
  }

  @Test
  void shouldCarryTheVersionInEveryChangeAndUidAndVersionInEveryDelete() throws IOException {
    var address = scene.run(PodSketch.immediate("whole-life", "node-1")).getStatus().address();
    scene.end("whole-life");
    scene.awaitNoClaim("whole-life");
    scene.awaitFree(address);

    var changes = proxy.changes();
    assertThat(changes).extracting(Change::method).contains("POST", "PUT", "DELETE");
    assertThat(changes).extracting(Change::method).containsOnly("POST", "PUT", "DELETE");
    for (var change : changes) {
      var body = JSON.readTree(change.body());
      switch (change.method()) {
        case "PUT" ->
            assertThat(text(body, "/metadata/resourceVersion")).as(change.action()).isNotEmpty();
        case "DELETE" -> {
          assertThat(text(body, "/preconditions/uid")).as(change.action()).isNotEmpty();
          assertThat(text(body, "/preconditions/resourceVersion")).as(change.action()).isNotEmpty();
        }
        default -> assertThat(text(body, "/metadata/resourceVersion")).isEmpty();
      }
    }
  }

  private static String text(JsonNode body, String path) {
    return body.at(path).asText();
  }

  /** What takes the address from its ENI. */
  private static List<Call> removals(long since, String address) {
    return stage.vpc().record().since(since).stream()
        .filter(c -> c.action().startsWith("Unassign") || c.action().startsWith("Migrate"))
        .filter(c -> c.request().contains("\"" + address + "\""))
        .toList();
  }

  private static Resource<VpcIP> vip(String address) {
    return stage.client().resources(VpcIP.class).withName(address);
  }

  private static Resource<VpcIPClaim> claimNamed(String name) {
    return stage.client().resources(VpcIPClaim.class).inNamespace(scene.namespace()).withName(name);
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }

  private static Held hold(String action) {
    return hold(action, "");
  }

  private static Held hold(String action, String about) {
    var held = new Held(action, about);
    proxy.setGate(held);
    return held;
  }

  /** Holds the calls of a kind whose request has some words, before their effect. */
  private static final class Held implements CallGate {
    private final String action;
    private final String about;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    private Held(String action, String about) {
      this.action = action;
      this.about = about;
    }

    private boolean reached() {
      return reached.getCount() == 0;
    }

    private void letThrough() {
      end.countDown();
    }

    @Override
    public Decision before(String asked, String request) {
      if (asked.equals(action) && request.contains(about)) {
        reached.countDown();
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return Decision.PROCEED;
    }
  }
}
