package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimAddress;
import io.eniipamd.domain.claim.ClaimDecision;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.property.memory.Bench;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One Pod {@code shop/web-0}, its claim, and the performers of the claim's steps before an API
 * server in memory.
 */
final class Scene {
  static final String NAMESPACE = "shop";
  static final String NAME = "web-0";
  static final String NODE = "node-a";
  static final String ENI = "eni-1";
  static final int SLOTS = 4;

  /** The ENI of the node, with room. */
  static final EniView ENI_VIEW = eni(ENI);

  static final NodeView NODE_VIEW =
      new NodeView(NODE, "zone-1", List.of(ENI_VIEW), Optional.empty(), false);

  final Bench bench = new Bench();

  static EniView eni(String id) {
    return new EniView(
        id,
        "20:90:6f:00:00:01",
        Bench.SUBNET,
        Cidr.parse("10.0.0.0/28"),
        Ip.parse("10.0.0.1"),
        SLOTS,
        0,
        false,
        false);
  }

  /** A Pod of the claim's name that runs on the node and asks for a fixed IP. */
  SlimPod pod() {
    return pod("Never");
  }

  SlimPod pod(String deletePolicy) {
    return bench.create(
        SlimPod.class,
        """
        {"metadata": {"namespace": "%s", "name": "%s", "annotations": {
           "tke.cloud.tencent.com/networks": "tke-route-eni",
           "tke.cloud.tencent.com/vpc-ip-claim-delete-policy": "%s"}},
         "spec": {"nodeName": "%s", "containers": [{"name": "c", "resources": {
           "limits": {"tke.cloud.tencent.com/eni-ip": "1"}}}]},
         "status": {"phase": "Running"}}"""
            .formatted(NAMESPACE, NAME, deletePolicy, NODE));
  }

  /** A claim that the operator made, whose status is these fields of JSON. */
  VpcIPClaim claim(String status) {
    return claim(NAME, status);
  }

  VpcIPClaim claim(String name, String status) {
    return bench.create(
        VpcIPClaim.class,
        """
        {"metadata": {"namespace": "%s", "name": "%s", "finalizers": ["%s"],
           "labels": {"%s": "%s"}},
         "spec": {"deletePolicy": "Never"},
         "status": {%s}}"""
            .formatted(
                NAMESPACE, name, Names.CLAIM_FINALIZER, Names.MANAGED_BY, Names.OPERATOR, status));
  }

  /** A claim that waits for its first address. */
  VpcIPClaim pending() {
    return claim("\"phase\": \"Pending\"");
  }

  /** A claim that is bound to this Pod with this address on the ENI. */
  VpcIPClaim bound(SlimPod pod, Ip ip) {
    return claim(
        """
        "phase": "Bound", "address": "%s", "subnetId": "%s", "eniId": "%s", "nodeName": "%s",
        "podUID": "%s", "deletePolicy": "Never"\
        """
            .formatted(ip, Bench.SUBNET, ENI, NODE, pod.getMetadata().getUid()));
  }

  /** A claim that keeps this address since the bench's clock began. */
  VpcIPClaim retained(String name, Ip ip, String since) {
    return claim(
        name,
        """
        "phase": "Retained", "address": "%s", "subnetId": "%s", "eniId": "%s", "nodeName": "%s",
        "podUID": "uid-of-a-pod-that-ended", "deletePolicy": "Never", "retainedSince": "%s"\
        """
            .formatted(ip, Bench.SUBNET, ENI, NODE, since));
  }

  /** The record of an address that is kept ready on the ENI. */
  VpcIP warm(Ip ip) {
    return bench.create(
        VpcIP.class,
        """
        {"metadata": {"name": "%s", "finalizers": ["%s"]},
         "spec": {"type": "Pod", "subnetId": "%s", "eniId": "%s", "nodeName": "%s", "warm": true},
         "status": {"phase": "Available", "eniId": "%s"}}"""
            .formatted(ip, Names.IP_FINALIZER, Bench.SUBNET, ENI, NODE, ENI));
  }

  /** The record of an address that this claim holds on the ENI. */
  VpcIP record(VpcIPClaim claim, Ip ip) {
    return record(claim, ip, "Assigned");
  }

  VpcIP record(VpcIPClaim claim, Ip ip, String phase) {
    var meta = claim.getMetadata();
    return bench.create(
        VpcIP.class,
        """
        {"metadata": {"name": "%s", "finalizers": ["%s"], "labels": {"%s": "%s"}},
         "spec": {"type": "Pod", "subnetId": "%s", "eniId": "%s", "nodeName": "%s",
           "claimRef": {"namespace": "%s", "name": "%s", "uid": "%s"}},
         "status": {"phase": "%s", "eniId": "%s"}}"""
            .formatted(
                ip,
                Names.IP_FINALIZER,
                Names.CLAIM_UID,
                meta.getUid(),
                Bench.SUBNET,
                ENI,
                NODE,
                meta.getNamespace(),
                meta.getName(),
                meta.getUid(),
                phase,
                ENI));
  }

  /** The address as the decisions see it, settled on the ENI. */
  static ClaimAddress held(Ip ip) {
    return new ClaimAddress(
        ip,
        Bench.SUBNET,
        Optional.of("zone-1"),
        ClaimAddress.Phase.ASSIGNED,
        Optional.of(ENI),
        Optional.of(ENI),
        Optional.empty(),
        true,
        false,
        false);
  }

  /** Performs one step on a claim as it was read. */
  UpdateControl<VpcIPClaim> perform(VpcIPClaim claim, ClaimDecision step) {
    return bench.operator().claimSteps().perform(claim, step, bench.context(claim));
  }

  /** The pause after which the claim is looked at again; empty where an event has to come. */
  static Optional<Duration> pause(UpdateControl<VpcIPClaim> control) {
    return control.getScheduleDelay().map(Duration::ofMillis);
  }

  /** The claim as the API server has it. */
  VpcIPClaim claim() {
    return bench.find(VpcIPClaim.class, NAMESPACE, NAME).orElseThrow();
  }

  /** The record of an address as the API server has it. */
  Optional<VpcIP> record(Ip ip) {
    return bench.find(VpcIP.class, null, ip.toString());
  }

  /** The reason of a condition of the claim that the API server has. */
  String reason(ClaimConditions type) {
    return Conditions.find(claim().statusOrEmpty().conditions(), type)
        .map(Condition::reason)
        .orElse("");
  }

  /** The writes on claims and records, as {@code METHOD path}. */
  List<String> writes() {
    return bench.requests().stream()
        .filter(r -> !r.startsWith("GET"))
        .filter(r -> r.contains("/vpcip"))
        .toList();
  }
}
