package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.property.memory.ApiServer.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The room of nodes as far as it keeps addresses ready for Pods that come: it records them, and
 * releases those that no claim has taken. Who has an address is the API server's to say.
 */
final class WarmAddresses {
  /** More than this would leave too few addresses for the Pods. */
  private static final int MOST = 2;

  private final ApiServer server;
  private final Time time;
  private final Cidr range;
  private final String subnet;

  WarmAddresses(ApiServer server, Time time, Cidr range, String subnet) {
    this.server = server;
    this.time = time;
    this.range = range;
    this.subnet = subnet;
  }

  /** Records one on an ENI, if there are not many already and the ENI has a slot. */
  void keep(String node, String eni, int slots) {
    if (all().size() >= MOST || recordsOn(eni) >= slots) {
      return;
    }
    IntStream.range(4, (int) range.usableSize() + 2)
        .mapToObj(range::at)
        .filter(this::isFree)
        .findFirst()
        .ifPresent(
            ip ->
                server.create(
                    Kind.VPC_IP,
                    ApiServer.parse(
                        """
                        {"metadata":{"name":"%s","finalizers":["tke.cloud.tencent.com/vpc-ip"]},\
                        "spec":{"type":"Pod","subnetId":"%s","eniId":"%s","nodeName":"%s",\
                        "warm":true}}"""
                            .formatted(ip, subnet, eni, node))));
  }

  private boolean isFree(Ip ip) {
    return range.usable(ip)
        && server.find(Kind.VPC_IP, null, ip.toString()).isEmpty()
        && server.all(Kind.CLAIM).stream()
            .noneMatch(c -> c.path("status").path("address").asText().equals(ip.toString()));
  }

  private long recordsOn(String eni) {
    return server.all(Kind.VPC_IP).stream()
        .filter(vip -> vip.path("spec").path("type").asText().equals("Pod"))
        .filter(vip -> vip.path("spec").path("eniId").asText().equals(eni))
        .count();
  }

  /** Releases the last one. */
  void release() {
    all().stream().max(Comparator.comparing(ApiServer::name)).ifPresent(this::release);
  }

  /** Releases those of a machine that is no more. */
  void releaseOn(String eni) {
    all().stream()
        .filter(vip -> vip.path("spec").path("eniId").asText().equals(eni))
        .forEach(this::release);
  }

  private void release(ObjectNode warm) {
    server.edit(
        Kind.VPC_IP,
        null,
        ApiServer.name(warm),
        vip ->
            vip.withObject("/status")
                .put("phase", "Releasing")
                .put("since", time.server().toString())
                .put("releaseReason", "Surplus"));
  }

  private List<ObjectNode> all() {
    return server.all(Kind.VPC_IP).stream()
        .filter(WarmAddresses::isWarm)
        .filter(vip -> !ApiServer.isDeleting(vip))
        .filter(
            vip ->
                List.of("", "Attaching", "Available")
                    .contains(vip.path("status").path("phase").asText()))
        .toList();
  }

  /** Whether no claim has taken it. */
  static boolean isWarm(ObjectNode vip) {
    return vip.path("spec").path("warm").asBoolean()
        && vip.path("spec").path("claimRef").isMissingNode();
  }
}
