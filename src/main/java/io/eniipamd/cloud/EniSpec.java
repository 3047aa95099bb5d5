package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Map;

/**
 * An ENI to be created.
 *
 * @param name at most 60 bytes
 * @param subnetId where its addresses come from
 * @param primaryIp its primary address, chosen by us so that its record exists before the ENI does
 * @param securityGroups the groups to bind, the first of which the cloud asks first; empty: the
 *     cloud decides
 * @param tags what identifies the ENIs of this cluster, and each of them
 * @param clientToken at most 64 ASCII characters; the same token creates no second ENI
 */
public record EniSpec(
    String name,
    String subnetId,
    Ip primaryIp,
    List<String> securityGroups,
    Map<String, String> tags,
    String clientToken) {
  public EniSpec {
    securityGroups = List.copyOf(securityGroups);
    tags = Map.copyOf(tags);
  }
}
