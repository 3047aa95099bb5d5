package io.eniipamd.kube.address;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;

/** What an ENI of a Pod's own is made like: with the security groups of its first node's ENIs. */
@Singleton
public final class DirectEniSpecs {
  private final OwnEnis own;
  private final SharedCache<NodeENIConfig> necs;
  private final Supplier<SecurityGroupSettings> groups;

  public DirectEniSpecs(
      OwnEnis own, SharedCache<NodeENIConfig> necs, Supplier<SecurityGroupSettings> groups) {
    this.own = own;
    this.necs = necs;
    this.groups = groups;
  }

  /**
   * The ENI of a record.
   *
   * @param clientToken what makes two requests for it one
   * @return empty while its node has no record, which may name security groups, or the node is gone
   */
  Optional<EniSpec> of(VpcIP vip, String clientToken) {
    return Optional.ofNullable(vip.getSpec().nodeName())
        .flatMap(necs::get)
        .map(
            nec ->
                new EniSpec(
                    "pod-" + vip.getMetadata().getName(),
                    vip.getSpec().subnetId(),
                    vip.ip(),
                    groups.get().groupsFor(nec.getSpec().securityGroups()),
                    own.tagsOfDirect(vip.getMetadata().getUid()),
                    clientToken));
  }
}
