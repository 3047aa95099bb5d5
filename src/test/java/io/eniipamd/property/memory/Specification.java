package io.eniipamd.property.memory;

import static io.eniipamd.property.memory.ApiServer.isDeleting;
import static io.eniipamd.property.memory.ApiServer.name;
import static io.eniipamd.property.memory.ApiServer.uid;
import static io.eniipamd.property.memory.Cluster.NAMESPACE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.Names;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.property.memory.ApiServer.Change;
import io.eniipamd.property.memory.ApiServer.Kind;
import io.eniipamd.property.memory.ApiServer.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What has to hold at every moment, and a small model of the specification: which address each name
 * has to get, and when it may be released. It sees what the API server and the cloud see, each
 * change as it happens, and knows nothing of how the operator decides.
 */
final class Specification implements CloudModel.Witness {

  /** A Pod's end is observed by a header that tells whole seconds. */
  private static final Duration OBSERVED_TO = Duration.ofSeconds(1);

  private static final String EXPIRY = "tke.cloud.tencent.com/claim-expired-duration";

  /** What no agent on a node may see change while the Pod lives. */
  private static final List<String> CONTRACT =
      List.of("phase", "address", "podUID", "nodeName", "eniId", "eniMac", "subnetCIDR", "gateway");

  /** What stays even where the Pod's ENI is on no machine any more. */
  private static final List<String> BINDING_OF_A_POD = List.of("address", "podUID");

  private final Time time;
  private final Duration quarantine;
  private ApiServer server;
  private CloudModel cloud;

  /** The address that the next fixed Pod of a name has to get. */
  private final Map<String, String> kept = new TreeMap<>();

  /** What Pods said of the expiry, by the UID of the Pod; empty where one said nothing. */
  private final Map<String, String> said = new HashMap<>();

  private final Map<String, Instant> ends = new HashMap<>();
  private final Map<String, Long> created = new HashMap<>();

  /** The policies of all Pods of a name that there ever were. */
  private final Map<String, Set<String>> policies = new HashMap<>();

  private final Map<String, Duration> quarantined = new HashMap<>();
  private final Map<String, String> restingOf = new HashMap<>();
  private boolean fencesHold = true;
  private boolean overlapped;
  private final List<String> broken = new ArrayList<>();

  Specification(Time time, Duration quarantine) {
    this.time = time;
    this.quarantine = quarantine;
  }

  void of(ApiServer server, CloudModel cloud) {
    this.server = server;
    this.cloud = cloud;
  }

  List<String> broken() {
    return broken;
  }

  void breach(String sentence) {
    broken.add(sentence);
  }

  /**
   * Two operators lead and neither is fenced: what one takes from an ENI the other may still put
   * there, or bind. Where the address is in the cloud cannot be promised then; all else has to hold
   * nevertheless.
   */
  void leadersByMistake() {
    fencesHold = false;
  }

  /** Two operators work at the same time; one of them need not reach the cloud. */
  void leadersOverlap() {
    overlapped = true;
  }

  private void leak(String sentence) {
    if (fencesHold) {
      breach(sentence);
    }
  }

  /** The addresses that have to be kept, by name. */
  Map<String, String> kept() {
    return Map.copyOf(kept);
  }

  // ------------------------------------------------------------------------------------- the
  // server

  void changed(Change change) {
    switch (change.kind()) {
      case POD -> pod(change);
      case CLAIM -> claim(change);
      case VPC_IP -> address(change);
      case STATEFUL_SET, EVENT, NODE, NODE_CONFIG -> {}
    }
  }

  private void pod(Change change) {
    var pod = change.object();
    created.putIfAbsent(uid(pod), change.revision());
    said.put(uid(pod), annotation(pod, EXPIRY).orElse(""));
    policies
        .computeIfAbsent(name(pod), _ -> new HashSet<>())
        .add(annotation(pod, Names.DELETE_POLICY).orElse("Immediate"));
    if (Cluster.ended(pod) || change.verb() == Verb.DELETED) {
      ends.putIfAbsent(uid(pod), time.server());
      return;
    }
    boolean starts =
        annotation(pod, "tke.cloud.tencent.com/networks").isPresent()
            && Cluster.running(pod)
            && (change.before() == null || !Cluster.running(change.before()));
    if (starts) {
      var ip = pod.path("status").path("podIP").asText();
      for (var other : server.all(Kind.POD)) {
        if (!uid(other).equals(uid(pod)) && wears(other, ip)) {
          breach("%s and %s both run with %s".formatted(name(other), name(pod), ip));
        }
      }
      var on = cloud.eniOf(Ip.parse(ip));
      // The machine may have been replaced a moment ago, and the record of the node not yet.
      if (!cloud.wasTakenOff(Ip.parse(ip))
          && !isOnAGoneEni(ip)
          && on.filter(eni -> cloud.isOn(eni, Cluster.node(pod))).isEmpty()) {
        leak("%s runs with %s, which is on %s".formatted(name(pod), ip, on));
      }
    }
  }

  private void claim(Change change) {
    var claim = change.object();
    var before = change.before();
    var status = claim.path("status");
    var address = status.path("address").asText("");
    if (change.verb() == Verb.DELETED) {
      kept.remove(name(claim));
      server.all(Kind.VPC_IP).stream()
          .filter(v -> v.path("spec").path("claimRef").path("uid").asText().equals(uid(claim)))
          .filter(v -> !v.path("status").path("phase").asText().equals("Quarantined"))
          // Its finalizer was gone when a newer version wrote to it.
          .filter(v -> !NewerWords.in(v))
          // One that another leader recorded meanwhile goes its way by itself, as of no claim.
          .filter(v -> !overlapped)
          .forEach(v -> breach("claim %s went and held %s".formatted(name(claim), name(v))));
    } else if (isDeleting(claim) && !isDeleting(before == null ? claim : before)) {
      // Deleted by any user: from here on no Pod comes back to its address.
      kept.remove(name(claim));
    }
    if (before != null) {
      boundStays(change);
    }
    if (change.verb() == Verb.DELETED) {
      return;
    }
    if (!address.isEmpty()) {
      for (var other : server.all(Kind.CLAIM)) {
        if (!uid(other).equals(uid(claim))
            && other.path("status").path("address").asText().equals(address)) {
          breach("%s is of %s and of %s".formatted(address, name(other), name(claim)));
        }
      }
    }
    if (before == null) {
      return;
    }
    var was = before.path("status");
    boolean newPod =
        status.path("phase").asText().equals("Bound")
            && !Objects.equals(status.path("podUID"), was.path("podUID"));
    if (newPod) {
      if (isDeleting(before)) {
        breach("%s was bound while it is being deleted".formatted(name(claim)));
      }
      var had = kept.get(name(claim));
      if (had != null && !had.equals(address)) {
        breach("%s had %s and came back with %s".formatted(name(claim), had, address));
      }
    }
    boolean fixed = status.path("deletePolicy").asText().equals("Never");
    if (!address.isEmpty() && !isDeleting(claim)) {
      if (fixed) {
        kept.put(name(claim), address);
      } else {
        kept.remove(name(claim));
      }
    }
    boolean stillRetained =
        status.path("phase").asText().equals("Retained")
            && was.path("phase").asText().equals("Retained");
    if (stillRetained && !status.path("retainedSince").equals(was.path("retainedSince"))) {
      breach("%s was retained since another time before".formatted(name(claim)));
    }
  }

  private void boundStays(Change change) {
    var was = change.before().path("status");
    var podUid = was.path("podUID").asText();
    if (!was.path("phase").asText().equals("Bound")
        || NewerWords.in(change.object())
        || !alive(podUid)) {
      return;
    }
    var name = name(change.object());
    if (change.verb() == Verb.DELETED) {
      breach("claim %s went while its Pod %s lives".formatted(name, podUid));
      return;
    }
    // The machine that the binding was for is another one now, and has not the ENI.
    var fields = cloud.isAttached(was.path("eniId").asText()) ? CONTRACT : BINDING_OF_A_POD;
    for (var field : fields) {
      if (!was.path(field).equals(change.object().path("status").path(field))) {
        breach("claim %s: %s changed while its Pod lives".formatted(name, field));
      }
    }
  }

  private void address(Change change) {
    var vip = change.object();
    var ip = name(vip);
    if (!vip.path("spec").path("type").asText().equals("Pod")) {
      return;
    }
    var phase = vip.path("status").path("phase").asText();
    var phaseBefore =
        change.before() == null ? "" : change.before().path("status").path("phase").asText();
    if (change.verb() == Verb.DELETED) {
      if (phase.equals("Quarantined")
          && quarantined.containsKey(ip)
          && time.passed().minus(quarantined.get(ip)).compareTo(quarantine) < 0) {
        breach(
            "%s was in quarantine for %s only"
                .formatted(ip, time.passed().minus(quarantined.get(ip))));
      }
      if (cloud.eniOf(Ip.parse(ip)).filter(eni -> !cloud.isOthers(eni)).isPresent()) {
        leak("the record of %s went while it is on an ENI".formatted(ip));
      }
      return;
    }
    if (phase.equals("Releasing") && !phaseBefore.equals("Releasing")) {
      user(ip).ifPresent(u -> leak("%s is released while %s uses it".formatted(ip, u)));
    }
    if (phase.equals("Quarantined") && phaseBefore.equals("Releasing")) {
      quarantined.put(ip, time.passed());
      restingOf.put(ip, vip.path("spec").path("claimRef").path("name").asText());
    }
    if (change.verb() == Verb.ADDED && quarantined.containsKey(ip)) {
      var lasted = time.passed().minus(quarantined.get(ip));
      boolean ofOther =
          !restingOf.get(ip).equals(vip.path("spec").path("claimRef").path("name").asText());
      if (ofOther && lasted.compareTo(quarantine) < 0) {
        breach("%s was in quarantine for %s only".formatted(ip, lasted));
      }
    }
  }

  // -------------------------------------------------------------------------------------- the
  // cloud

  @Override
  public void touching(String eniId, String what) {
    if (cloud.isOthers(eniId)) {
      breach(what + ": that ENI is another cluster's");
    }
  }

  @Override
  public void assigning(String eniId, Ip ip) {
    if (server.find(Kind.VPC_IP, null, ip.toString()).isEmpty()) {
      leak("%s is put on %s without a record".formatted(ip, eniId));
    }
  }

  @Override
  public void unassigning(String eniId, Ip ip) {
    user(ip.toString())
        .ifPresent(u -> breach("%s is taken from %s while %s uses it".formatted(ip, eniId, u)));
    var record = server.find(Kind.VPC_IP, null, ip.toString());
    // Between the last look and the effect another leader may have taken it back, unused.
    if (!overlapped && record.filter(r -> isReleased(r) || makesRoom(r)).isEmpty()) {
      breach("%s is taken from %s and not being released".formatted(ip, eniId));
    }
  }

  private static boolean isReleased(JsonNode record) {
    return record.path("status").path("phase").asText().equals("Releasing");
  }

  private boolean isOnAGoneEni(String ip) {
    return server
        .find(Kind.VPC_IP, null, ip)
        .map(r -> r.path("spec").path("eniId").asText(""))
        .filter(eni -> !eni.isEmpty() && !cloud.exists(eni))
        .isPresent();
  }

  private boolean isRetained(JsonNode record) {
    var ref = record.path("spec").path("claimRef");
    return server
        .find(Kind.CLAIM, ref.path("namespace").asText(), ref.path("name").asText())
        .filter(c -> c.path("status").path("phase").asText().equals("Retained"))
        .isPresent();
  }

  /** A kept address leaves its ENI: its record wants none, and its claim is bound to no place. */
  private boolean makesRoom(JsonNode record) {
    var ref = record.path("spec").path("claimRef");
    return record.path("spec").path("eniId").asText("").isEmpty()
        && server
            .find(Kind.CLAIM, ref.path("namespace").asText(), ref.path("name").asText())
            .filter(c -> uid(c).equals(ref.path("uid").asText()))
            .map(c -> c.path("status"))
            .filter(st -> st.path("phase").asText().equals("Retained"))
            .filter(st -> st.path("eniId").asText("").isEmpty())
            .isPresent();
  }

  @Override
  public void migrating(String fromEniId, String toEniId, Ip ip) {
    user(ip.toString())
        .filter(u -> cloud.isAttached(fromEniId))
        .ifPresent(u -> leak("%s is moved to %s while %s uses it".formatted(ip, toEniId, u)));
    if (server.find(Kind.VPC_IP, null, ip.toString()).isEmpty()) {
      breach("%s is moved to %s without a record".formatted(ip, toEniId));
    }
  }

  // --------------------------------------------------------------------------- the operator's
  // deletes

  /**
   * The operator has deleted something.
   *
   * @param expiryOfCluster by the flags of the operator that did it
   * @param since the version of the world when it began to think about it
   */
  void operatorDeleted(
      Kind kind, ObjectNode object, JsonNode options, ExpiryDuration expiryOfCluster, long since) {
    var preconditions = options.path("preconditions");
    if (preconditions.path("uid").asText().isEmpty()
        || preconditions.path("resourceVersion").asText().isEmpty()) {
      breach("%s %s was deleted whatever it was".formatted(kind, name(object)));
    }
    if (kind == Kind.CLAIM) {
      claimDeleted(object, expiryOfCluster, since);
    }
  }

  private void claimDeleted(ObjectNode claim, ExpiryDuration expiryOfCluster, long since) {
    var status = claim.path("status");
    var podUid = status.path("podUID").asText("");
    if (!podUid.isEmpty() && alive(podUid)) {
      breach("claim %s was deleted by the operator while its Pod lives".formatted(name(claim)));
    }
    if (!policy(claim).equals("Never") || status.path("address").asText("").isEmpty()) {
      return;
    }
    var ended =
        Optional.ofNullable(ends.get(podUid))
            .orElseGet(() -> Instant.parse(status.path("retainedSince").asText()));
    switch (expiry(claim, expiryOfCluster)) {
      case ExpiryDuration.After(var after) -> {
        var due = ended.plus(after).minus(OBSERVED_TO);
        if (due.isAfter(time.server())) {
          breach("claim %s expired at %s, due at %s".formatted(name(claim), time.server(), due));
        }
      }
      case ExpiryDuration.Never never ->
          breach("claim %s expired and never should".formatted(name(claim)));
      case ExpiryDuration.Malformed malformed ->
          breach("claim %s expired by %s".formatted(name(claim), malformed.reason()));
    }
    server
        .find(Kind.POD, NAMESPACE, name(claim))
        .filter(p -> !Cluster.ended(p))
        .filter(p -> created.get(uid(p)) <= since)
        .ifPresent(
            p -> breach("claim %s expired while Pod %s is there".formatted(name(claim), uid(p))));
  }

  /**
   * The policy in force. Before the first binding it is that of a Pod which waited, or that of the
   * Pod for which the claim was made.
   */
  private String policy(ObjectNode claim) {
    var status = claim.path("status");
    var inForce = status.path("deletePolicy").asText("");
    boolean said =
        !status.path("podUID").asText("").isEmpty()
            || policies.getOrDefault(name(claim), Set.of()).contains(inForce);
    return said && !inForce.isEmpty() ? inForce : claim.path("spec").path("deletePolicy").asText();
  }

  /**
   * The expiry in force: the claim's annotation before what the Pod said that was bound last, or
   * that it was made for, before the cluster's. What cannot be read never expires.
   */
  private ExpiryDuration expiry(ObjectNode claim, ExpiryDuration cluster) {
    var podUid = claim.path("status").path("podUID").asText("");
    // Before the first binding it is what the operator has seen of the Pods that waited.
    var seen =
        claim.path("status").path("podClaimExpiredDuration").isTextual()
            ? claim.path("status").path("podClaimExpiredDuration")
            : claim.path("spec").path("claimExpiredDuration");
    var pods = said.getOrDefault(podUid, seen.asText(""));
    var text = annotation(claim, EXPIRY).orElse(pods);
    return text.isEmpty()
        ? cluster
        : switch (ExpiryDuration.parse(text)) {
          case ExpiryDuration.After after -> after;
          case ExpiryDuration.Never never -> never;
          case ExpiryDuration.Malformed malformed -> new ExpiryDuration.Never();
        };
  }

  private static Optional<String> annotation(JsonNode object, String key) {
    return Optional.ofNullable(object.path("metadata").path("annotations").path(key).textValue());
  }

  // ------------------------------------------------------------------------------------------
  // looking

  private boolean alive(String podUid) {
    return server.all(Kind.POD).stream().anyMatch(p -> uid(p).equals(podUid) && !Cluster.ended(p));
  }

  private static boolean wears(JsonNode pod, String ip) {
    return Cluster.running(pod) && pod.path("status").path("podIP").asText().equals(ip);
  }

  /** The Pod that uses an address: it runs with it, or its claim is bound to it and it lives. */
  private Optional<String> user(String ip) {
    var runs = server.all(Kind.POD).stream().filter(p -> wears(p, ip)).map(ApiServer::name);
    var bound =
        server.all(Kind.CLAIM).stream()
            .filter(c -> c.path("status").path("address").asText().equals(ip))
            .filter(c -> c.path("status").path("phase").asText().equals("Bound"))
            .filter(c -> alive(c.path("status").path("podUID").asText()))
            .map(ApiServer::name);
    return java.util.stream.Stream.concat(runs, bound).findFirst();
  }

  // --------------------------------------------------------------------------------------- at rest

  /** What does not fit together although everything has settled. */
  void atRest(ExpiryDuration expiryOfCluster) {
    var claims = server.all(Kind.CLAIM);
    for (var pod : server.all(Kind.POD)) {
      if (!Cluster.ended(pod) && !Cluster.running(pod)) {
        breach("%s never got to run: %s".formatted(name(pod), claimOf(name(pod))));
      }
    }
    for (var claim : claims) {
      claimAtRest(claim, expiryOfCluster);
    }
    for (var vip : server.all(Kind.VPC_IP)) {
      if (vip.path("spec").path("type").asText().equals("Pod")) {
        recordAtRest(vip);
      }
    }
    for (var ip : cloud.addresses()) {
      if (server.find(Kind.VPC_IP, null, ip.toString()).isEmpty()) {
        leak("%s is on %s and has no record".formatted(ip, cloud.eniOf(ip)));
      }
    }
    kept.forEach(
        (name, ip) -> {
          if (server
              .find(Kind.CLAIM, NAMESPACE, name)
              .filter(c -> c.path("status").path("address").asText().equals(ip))
              .isEmpty()) {
            breach("%s has lost %s".formatted(name, ip));
          }
        });
  }

  private String claimOf(String name) {
    return server.find(Kind.CLAIM, NAMESPACE, name).map(ObjectNode::toString).orElse("no claim");
  }

  private void claimAtRest(ObjectNode claim, ExpiryDuration expiryOfCluster) {
    var pod =
        server.find(Kind.POD, NAMESPACE, name(claim)).filter(p -> !Cluster.ended(p)).isPresent();
    var held =
        server.all(Kind.VPC_IP).stream()
            .filter(v -> v.path("spec").path("claimRef").path("uid").asText().equals(uid(claim)))
            .map(ApiServer::name)
            .toList();
    if (!held.equals(List.of(claim.path("status").path("address").asText()))) {
      breach("claim %s holds %s at rest: %s".formatted(name(claim), held, claim));
    }
    if (pod) {
      return;
    }
    if (isDeleting(claim)) {
      breach("claim %s does not go: %s".formatted(name(claim), claim));
    }
    if (!claim.path("status").path("phase").asText().equals("Retained")) {
      breach("claim %s has no Pod and is not retained: %s".formatted(name(claim), claim));
      return;
    }
    if (expiry(claim, expiryOfCluster) instanceof ExpiryDuration.After(var after)) {
      var since = Instant.parse(claim.path("status").path("retainedSince").asText());
      if (since.plus(after).plus(Duration.ofMinutes(2)).isBefore(time.server())) {
        breach("claim %s is past its time and stays: %s".formatted(name(claim), claim));
      }
    }
  }

  private void recordAtRest(ObjectNode vip) {
    var ip = name(vip);
    var phase = vip.path("status").path("phase").asText();
    var wanted = vip.path("spec").path("eniId").asText("");
    if (WarmAddresses.isWarm(vip)) {
      if (!phase.equals("Available") || !cloud.eniOf(Ip.parse(ip)).orElse("").equals(wanted)) {
        breach("%s is not ready at rest: %s".formatted(ip, vip));
      }
      return;
    }
    boolean nowhere = phase.equals("Attaching") && !cloud.exists(wanted) && isRetained(vip);
    if (!phase.equals("Assigned") && !nowhere) {
      breach("%s is %s at rest: %s".formatted(ip, phase, vip));
      return;
    }
    // On an ENI that is gone: it is put on another one when its next Pod comes.
    boolean waits = isOnAGoneEni(ip);
    if (!cloud.eniOf(Ip.parse(ip)).orElse("").equals(wanted) && !waits) {
      breach("%s is on %s and should be on %s".formatted(ip, cloud.eniOf(Ip.parse(ip)), vip));
    }
    boolean held =
        server.all(Kind.CLAIM).stream()
            .anyMatch(
                c ->
                    uid(c).equals(vip.path("spec").path("claimRef").path("uid").asText())
                        && c.path("status").path("address").asText().equals(ip));
    if (!held) {
      breach("%s is of no claim that names it: %s".formatted(ip, vip));
    }
  }
}
