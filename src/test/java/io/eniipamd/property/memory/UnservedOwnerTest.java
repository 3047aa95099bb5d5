package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.release.GroupKind;
import io.eniipamd.kube.release.OwnerResolver;
import io.eniipamd.kube.release.Releases;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Owners of a kind that the API server does not serve any more, or not now. */
class UnservedOwnerTest {
  private static final OwnerReference OWNER =
      new OwnerReferenceBuilder()
          .withApiVersion("apps.example.com/v1")
          .withKind("GameSet")
          .withName("game")
          .withUid("u-1")
          .withBlockOwnerDeletion(false)
          .build();

  @ParameterizedTest
  @ValueSource(ints = {404, 503})
  void shouldTellAReasonWhenTheOwnersKindIsNotServed(int code) {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("ns")
            .withName("game-0")
            .withUid("c-1")
            .withOwnerReferences(OWNER)
            .build());

    try (var client = InProcessHttp.client(r -> refusal(code))) {
      var releases = new Releases(client, owners(client), Clock.systemUTC());

      assertThat(releases.reason(claim)).isEqualTo(ReleaseReason.MANUAL);
    }
  }

  @Test
  void shouldFindNoWorkloadWhenTheOwnersKindIsNotServed() {
    try (var client = InProcessHttp.client(r -> refusal(404))) {
      assertThat(owners(client).top("ns", OWNER)).isEmpty();
    }
  }

  private static OwnerResolver owners(KubernetesClient client) {
    return new OwnerResolver(client, Set.of(GroupKind.parse("apps.example.com/v1/GameSet")));
  }

  private static InProcessHttp.Reply refusal(int code) {
    return new InProcessHttp.Reply(
        code,
        "Sat, 31 Jan 2026 12:00:00 GMT",
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":%d}"
            .formatted(code));
  }
}
