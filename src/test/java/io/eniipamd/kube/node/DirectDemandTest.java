package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NetworkMode;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

/** The cloud is asked for limits that an earlier version did not record only when they matter. */
class DirectDemandTest {
  private final NodeENIConfig earlier = nec("node-a", null);
  private final NodeENIConfig known = nec("node-b", 8);
  private final SharedCache<NodeENIConfig> necs =
      ListedObjects.watched(NodeENIConfig.class, earlier, known);

  @Test
  void shouldAskNothingWhileAllPodsShareEnis() {
    var demand = afterSeeing(claim("web-0", null), claim("web-1", NetworkMode.SHARED_ENI));

    assertThat(demand.isToBeLearnt(earlier)).isFalse();
  }

  @Test
  void shouldAskForWhatIsNotRecordedWhenAPodWantsAnEniOfItsOwn() {
    var demand = afterSeeing(claim("web-0", null), claim("db-0", NetworkMode.DIRECT_ENI));

    assertThat(demand.isToBeLearnt(earlier)).isTrue();
    assertThat(demand.isToBeLearnt(known)).isFalse();
  }

  private DirectDemand afterSeeing(VpcIPClaim... seen) {
    var claims = ListedObjects.watched(VpcIPClaim.class, seen);
    var demand = new DirectDemand(claims, necs);
    for (var claim : seen) {
      claims.wrote(claim);
    }
    return demand;
  }

  private static VpcIPClaim claim(String name, NetworkMode mode) {
    var claim = new VpcIPClaim();
    claim.setMetadata(new ObjectMetaBuilder().withNamespace("ns").withName(name).build());
    claim.setSpec(VpcIPClaimSpecBuilder.builder().networkMode(mode).build());
    return claim;
  }

  private static NodeENIConfig nec(String name, Integer directEnis) {
    var nec = new NodeENIConfig();
    nec.setMetadata(new ObjectMetaBuilder().withName(name).withUid("uid-" + name).build());
    nec.setStatus(NodeENIConfigStatusBuilder.builder().maxDirectENI(directEnis).build());
    return nec;
  }
}
