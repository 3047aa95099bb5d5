package io.eniipamd.api.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NetworkMode;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimSpec;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.controlplane.SharedControlPlane;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server makes of the schemas. */
class CrdIT {
  private static final String CRDS = "src/main/kubernetes/crds";
  private static final String ADDRESS = "198.51.100.7";
  private static final String NODE = "crd-it-node";
  private static final String NEVER = "1970-01-01T00:00:00Z";

  private static ControlPlane plane;

  private String namespace;

  @BeforeAll
  static void start() {
    plane = SharedControlPlane.get();
    // The discovery that turns short names into kinds is a little behind the kinds themselves.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                plane
                        .runKubectl("api-resources", "--api-group=networking.tke.cloud.tencent.com")
                        .lines()
                        .filter(line -> line.matches(".* (vipc|vip|nec) .*"))
                        .count()
                    == 3);
  }

  @BeforeEach
  void makeNamespace() {
    namespace = plane.createNamespace("crd");
  }

  @AfterEach
  void cleanUp() {
    plane.client().resources(VpcIP.class).withName(ADDRESS).delete();
    plane.client().resources(NodeENIConfig.class).withName(NODE).delete();
  }

  @Test
  void shouldInstallWithoutAWarningWhenApplied() {
    String output =
        plane.runKubectl(
            "--warnings-as-errors", "apply", "--server-side", "--force-conflicts", "-f", CRDS);

    assertThat(output.lines()).hasSize(3).allMatch(line -> line.endsWith("serverside-applied"));
    for (String name : List.of("vpcipclaims", "vpcips", "nodeeniconfigs")) {
      assertThat(
              plane
                  .client()
                  .apiextensions()
                  .v1()
                  .customResourceDefinitions()
                  .withName(name + ".networking.tke.cloud.tencent.com")
                  .get()
                  .getStatus()
                  .getConditions())
          .as("conditions of " + name)
          .allMatch(condition -> condition.getStatus().equals("True"))
          .noneMatch(condition -> condition.getType().equals("NonStructuralSchema"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vipc", "vip", "nec"})
  void shouldExplainEveryFieldWhenAsked(String shortName) {
    String explained = plane.runKubectl("explain", shortName, "--recursive=false");
    String spec = plane.runKubectl("explain", shortName + ".spec");
    String status = plane.runKubectl("explain", shortName + ".status");

    assertThat(explained + spec + status).doesNotContain("<no description>");
    assertThat(status).contains("conditions");
  }

  @Test
  void shouldShowPhaseAndConditionsWhenAClaimIsNew() {
    VpcIPClaim made = create(claim("first-sight", claimSpec().build()));

    VpcIPClaim read = plane.client().resource(made).get();
    assertThat(read.getSpec().deletePolicy()).isEqualTo(DeletePolicy.IMMEDIATE);
    assertThat(read.getStatus().phase()).isEqualTo(ClaimPhase.PENDING);
    assertThat(read.getStatus().conditions())
        .containsExactly(waiting("Ready"), waiting("Valid"), waiting("ReleaseBlocked"));
  }

  @Test
  void shouldShowPhaseAndConditionsWhenAnAddressIsNew() {
    VpcIP made = plane.client().resource(address(ADDRESS, UnaryOperator.identity())).create();

    VpcIP read = plane.client().resource(made).get();
    assertThat(read.getStatus().phase()).isEqualTo(VpcIPPhase.ATTACHING);
    assertThat(read.getStatus().conditions()).containsExactly(waiting("Attached"));
  }

  @Test
  void shouldMergeConditionsByTypeWhenAppliedServerSide() {
    VpcIPClaim made = create(claim("merged", claimSpec().build()));
    Condition ready =
        new Condition("Ready", "True", "Bound", "It has its address.", 1L, "2026-01-02T03:04:05Z");
    VpcIPClaim patch = claim("merged", made.getSpec());
    patch.setStatus(VpcIPClaimStatusBuilder.builder().conditions(List.of(ready)).build());

    VpcIPClaim patched =
        plane
            .client()
            .resource(patch)
            .subresource("status")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("crd-it")
                    .build());

    assertThat(patched.getStatus().conditions())
        .containsExactlyInAnyOrder(ready, waiting("Valid"), waiting("ReleaseBlocked"));
  }

  @ParameterizedTest
  @CsvSource({
    "fd00::1, must be an IPv4 address",
    "10.0.3.300, must be an IPv4 address",
    "10.0.03.7, must be an IPv4 address",
  })
  void shouldRefuseWhenTheNominatedAddressIsNoIPv4(String address, String message) {
    assertRefused(() -> create(claim("bad", claimSpec().nominatedIP(address).build())), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4m59s", "0s", "0d", "1.5h", "30m1h", "an hour", "-1h", "1h 30m", "1000000h"})
  void shouldRefuseWhenTheExpiryIsNoDurationOfFiveMinutes(String duration) {
    assertRefused(
        () -> create(claim("bad", claimSpec().claimExpiredDuration(duration).build())),
        "must be a duration of at least 5m made of d, h, m and s, such as 1h, 90m or 1h30m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5m", "1h", "1h30m", "300s", "999999h", "1d", "30d12h", "0"})
  void shouldAcceptWhenTheExpiryIsADurationOfFiveMinutes(String duration) {
    VpcIPClaim made =
        create(claim("expiry-" + duration, claimSpec().claimExpiredDuration(duration).build()));

    assertThat(made.getSpec().claimExpiredDuration()).isEqualTo(duration);
  }

  @Test
  void shouldRefuseANewRequestWhenTheClaimHasAnAddress() {
    VpcIPClaim made = create(claim("bound", claimSpec().build()));
    made.setStatus(VpcIPClaimStatusBuilder.builder().address(ADDRESS).build());
    VpcIPClaim bound = plane.client().resource(made).updateStatus();
    VpcIPClaimSpecBuilder.With request = VpcIPClaimSpecBuilder.from(bound.getSpec());

    assertRefused(() -> update(bound, request.withNominatedIP("10.0.0.9")), "spec.nominatedIP");
    assertRefused(
        () -> update(bound, request.withNetworkMode(NetworkMode.DIRECT_ENI)),
        "delete the claim, and the operator makes the next one from the annotations of the Pod");
    assertRefused(
        () -> update(bound, request.withNominatedSubnets(List.of("subnet-other"))),
        "spec.nominatedSubnets");
    assertThat(update(bound, request.withDeletePolicy(DeletePolicy.NEVER)).getSpec().deletePolicy())
        .isEqualTo(DeletePolicy.NEVER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web-0", "fd00--1", "10.0.3", "10.0.3.256"})
  void shouldRefuseWhenAnAddressIsNotNamedAfterItself(String name) {
    assertRefused(
        () -> plane.client().resource(address(name, UnaryOperator.identity())).create(),
        "metadata.name must be the address itself");
  }

  @Test
  void shouldRefuseWhenAnAddressChangesWhatItIs() {
    VpcIP made = plane.client().resource(address(ADDRESS, UnaryOperator.identity())).create();

    assertRefused(
        () -> update(made, spec -> spec.claimRef(null).type(VpcIPType.ENI)),
        "spec.type: Invalid value");
    assertRefused(
        () -> update(made, spec -> spec.subnetId("subnet-other")),
        "an address belongs to one subnet");
    assertRefused(
        () -> update(made, spec -> spec.claimRef(new ClaimRef("other", "claim", "uid"))),
        "does not pass from one claim to another");
  }

  @Test
  void shouldRefuseAClaimWhenTheAddressIsAnEnisOwn() {
    assertRefused(
        () -> plane.client().resource(address(ADDRESS, spec -> spec.type(VpcIPType.ENI))).create(),
        "an ENI's own address has no claim");
  }

  @Test
  void shouldRefuseWhenTheAddressOfAPodsOwnEniIsPutOnAnother() {
    assertRefusedDirect(spec -> spec.eniId("eni-00000001"));
    assertRefusedDirect(spec -> spec.claimRef(null).type(VpcIPType.ENI));
  }

  private static void assertRefusedDirect(UnaryOperator<VpcIPSpecBuilder> change) {
    assertRefused(
        () ->
            plane
                .client()
                .resource(address(ADDRESS, spec -> change.apply(spec.direct(true))))
                .create(),
        "leave eniId and warm out");
  }

  @Test
  void shouldRefuseAWarmAddressWhenItIsOfAPodsOwnEni() {
    assertRefused(
        () ->
            plane
                .client()
                .resource(
                    address(
                        ADDRESS,
                        spec -> spec.claimRef(null).eniId("eni-00000001").warm(true).direct(true)))
                .create(),
        "spec.direct: Invalid value");
  }

  @Test
  void shouldRefuseWhenAnAddressBecomesThatOfAPodsOwnEniOrCeasesToBe() {
    VpcIP made = plane.client().resource(address(ADDRESS, spec -> spec.direct(true))).create();

    assertRefused(
        () -> update(made, spec -> spec.direct(null)), "a primary address never leaves its ENI");
    assertRefused(
        () -> update(made, spec -> spec.direct(false)), "a primary address never leaves its ENI");
    VpcIP moved = update(made, spec -> spec.instanceId("ins-00000002").nodeName("node-2"));
    assertThat(moved.getSpec().instanceId()).isEqualTo("ins-00000002");
    assertThat(moved.getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void shouldRefuseWhenAnAddressOnASharedEniBecomesThatOfAPodsOwn() {
    VpcIP made = plane.client().resource(address(ADDRESS, UnaryOperator.identity())).create();

    assertRefused(
        () -> update(made, spec -> spec.direct(true)), "a primary address never leaves its ENI");
  }

  @ParameterizedTest
  @ValueSource(strings = {"VpcIPClaim", "VpcIP", "NodeENIConfig"})
  void shouldRefuseAWriteWhenItComesWithoutASpec(String kind) {
    String object =
        "{\"apiVersion\":\"networking.tke.cloud.tencent.com/v1\",\"kind\":\"%s\","
            + "\"metadata\":{\"name\":\"198.51.100.8\",\"namespace\":\"%s\"}}";

    assertRefused(
        () ->
            plane
                .client()
                .resource(object.formatted(kind, kind.equals("VpcIPClaim") ? namespace : ""))
                .create(),
        "spec: Required value");
  }

  @Test
  void shouldRefuseCapsWhenTheyAreBelowOneOrBelowWhatIsInUse() {
    NodeENIConfig node = new NodeENIConfig();
    node.setMetadata(new ObjectMetaBuilder().withName(NODE).build());
    node.setSpec(NodeENIConfigSpecBuilder.builder().instanceId("ins-node0001").build());
    NodeENIConfig made = plane.client().resource(node).create();
    made.setStatus(
        NodeENIConfigStatusBuilder.builder()
            .eniInfos(List.of(eni("eni-1", 3), eni("eni-2", 9)))
            .build());
    NodeENIConfig used = plane.client().resource(made).updateStatus();

    assertThat(used.getStatus().attached()).isEqualTo("2/2");
    assertRefused(() -> capped(used, 0, null), "should be greater than or equal to 1");
    assertRefused(() -> capped(used, 1, null), "below the number of ENIs in use");
    assertRefused(() -> capped(used, null, 8), "below the addresses in use on an ENI");
    assertThat(capped(used, 2, 9).getSpec().maxIPPerENI()).isEqualTo(9);
  }

  private static EniInfo eni(String id, int used) {
    return EniInfoBuilder.builder().eniId(id).used(used).phase(EniPhase.ATTACHED).build();
  }

  private static NodeENIConfig capped(NodeENIConfig node, Integer enis, Integer addresses) {
    NodeENIConfig changed = new NodeENIConfig();
    changed.setMetadata(node.getMetadata());
    changed.setSpec(
        NodeENIConfigSpecBuilder.builder(node.getSpec())
            .maxRouteENI(enis)
            .maxIPPerENI(addresses)
            .build());
    return plane.client().resource(changed).update();
  }

  private static Condition waiting(String type) {
    return new Condition(type, "Unknown", "Waiting", "Waiting for the operator.", null, NEVER);
  }

  private static VpcIPClaimSpecBuilder claimSpec() {
    return VpcIPClaimSpecBuilder.builder()
        .networkMode(NetworkMode.SHARED_ENI)
        .nominatedSubnets(List.of("subnet-one"));
  }

  private VpcIPClaim claim(String name, VpcIPClaimSpec spec) {
    VpcIPClaim claim = new VpcIPClaim();
    claim.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    claim.setSpec(spec);
    return claim;
  }

  private static VpcIPClaim create(VpcIPClaim claim) {
    return plane.client().resource(claim).create();
  }

  private static VpcIPClaim update(VpcIPClaim claim, VpcIPClaimSpec spec) {
    VpcIPClaim changed = new VpcIPClaim();
    changed.setMetadata(claim.getMetadata());
    changed.setSpec(spec);
    return plane.client().resource(changed).update();
  }

  private static VpcIP address(String name, UnaryOperator<VpcIPSpecBuilder> change) {
    VpcIP address = new VpcIP();
    address.setMetadata(new ObjectMetaBuilder().withName(name).build());
    address.setSpec(
        change
            .apply(
                VpcIPSpecBuilder.builder()
                    .type(VpcIPType.POD)
                    .subnetId("subnet-one")
                    .claimRef(new ClaimRef("ns", "claim", "uid")))
            .build());
    return address;
  }

  private static VpcIP update(VpcIP address, UnaryOperator<VpcIPSpecBuilder> change) {
    VpcIP changed = new VpcIP();
    changed.setMetadata(address.getMetadata());
    changed.setSpec(change.apply(VpcIPSpecBuilder.builder(address.getSpec())).build());
    return plane.client().resource(changed).update();
  }

  private static void assertRefused(ThrowingCallable write, String message) {
    assertThatThrownBy(write)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(message);
  }
}
