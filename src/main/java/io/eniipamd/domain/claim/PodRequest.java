package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a Pod wants of an IP, read from what its author wrote. */
public sealed interface PodRequest {

  /** The Pod does not use VPC-CNI; the validation error says so. */
  record NotOurs(Optional<ValidationError> error) implements PodRequest {}

  /**
   * The Pod uses VPC-CNI.
   *
   * @param direct an ENI for the Pod alone, instead of an address on a shared one
   * @param fixed whether the address outlives the Pod
   * @param nominatedIp this address and no other
   * @param nominatedSubnets only from these, empty for any
   * @param expiry how long after the Pod's end a fixed IP is released, before the cluster's own
   *     value, as it was written
   * @param errors what is wrong with the other values
   */
  record Requested(
      boolean direct,
      boolean fixed,
      Optional<Ip> nominatedIp,
      List<String> nominatedSubnets,
      Optional<String> expiry,
      List<ValidationError> errors)
      implements PodRequest {

    public Requested {
      nominatedSubnets = List.copyOf(nominatedSubnets);
      errors = List.copyOf(errors);
    }

    /** The first error that keeps the Pod from being served. */
    public Optional<ValidationError> fatal() {
      return errors.stream().filter(ValidationError::fatal).findFirst();
    }
  }

  /** What the Pod asks for; empty where it does not use VPC-CNI. */
  default Optional<Requested> requested() {
    return switch (this) {
      case Requested requested -> Optional.of(requested);
      case NotOurs _ -> Optional.empty();
    };
  }

  String SHARED = "tke-route-eni";
  String DIRECT = "tke-direct-eni";
  String ENI_IP = "tke.cloud.tencent.com/eni-ip";
  String DIRECT_ENI = "tke.cloud.tencent.com/direct-eni";

  /** The address is released when the Pod has ended. */
  String IMMEDIATE = "Immediate";

  /** The address outlives the Pod. */
  String NEVER = "Never";

  /** As the schema of a claim has it. */
  Pattern SUBNET_ID = Pattern.compile("subnet-[0-9a-z]{1,56}");

  /** Reads a Pod's request. Nothing that is wrong in it is lost: it becomes a validation error. */
  static PodRequest read(PodFacts facts) {
    boolean asksByResource =
        facts.resources().contains(ENI_IP) || facts.resources().contains(DIRECT_ENI);
    var named = named(facts.networks().orElse(""));
    if (named.isEmpty() && !asksByResource) {
      return new NotOurs(Optional.empty());
    }
    if (facts.hostNetwork()) {
      return new NotOurs(Optional.of(ValidationProblems.hostNetwork()));
    }
    var errors = new ArrayList<ValidationError>();
    boolean direct = isDirect(named, facts.resources(), errors);
    boolean fixed = fixed(facts, errors);
    var ip = nominatedIp(facts, errors);
    var subnets = nominatedSubnets(facts, errors);
    if (facts.expiry().isPresent()
        && ExpiryDuration.parse(facts.expiry().get()) instanceof ExpiryDuration.Malformed bad) {
      errors.add(ValidationProblems.malformedDuration(bad));
    }
    return new Requested(direct, fixed, ip, subnets, facts.expiry(), errors);
  }

  /**
   * The operator's networks that the annotation names. It is a list that may contain other networks
   * too, each with the name of an interface after it: {@code tke-route-eni,tke-rdma@eth1}.
   */
  private static Set<String> named(String networks) {
    return Arrays.stream(networks.split(","))
        .map(entry -> entry.replaceFirst("@.*", "").strip())
        .filter(Set.of(SHARED, DIRECT)::contains)
        .collect(Collectors.toSet());
  }

  private static boolean isDirect(
      Set<String> named, Set<String> resources, List<ValidationError> errors) {
    boolean wantsDirect = resources.contains(DIRECT_ENI);
    boolean wantsShared = resources.contains(ENI_IP);
    if (named.size() > 1) {
      errors.add(ValidationProblems.namesBothNetworks());
    } else if (wantsDirect && wantsShared) {
      errors.add(ValidationProblems.requestsBothNetworks());
    } else if ((named.contains(SHARED) && wantsDirect) || (named.contains(DIRECT) && wantsShared)) {
      errors.add(ValidationProblems.namesOneAndRequestsTheOther(wantsDirect));
    }
    return named.contains(DIRECT) || (named.isEmpty() && wantsDirect);
  }

  private static boolean fixed(PodFacts facts, List<ValidationError> errors) {
    var policy = facts.deletePolicy().orElse(IMMEDIATE);
    if (!policy.equals(IMMEDIATE) && !policy.equals(NEVER)) {
      errors.add(ValidationProblems.unknownDeletePolicy(policy));
    }
    return policy.equals(NEVER);
  }

  private static Optional<Ip> nominatedIp(PodFacts facts, List<ValidationError> errors) {
    if (facts.nominatedIp().isEmpty()) {
      return Optional.empty();
    }
    var text = facts.nominatedIp().get().strip();
    try {
      return Optional.of(Ip.parse(text));
    } catch (IllegalArgumentException e) {
      errors.add(
          text.indexOf(':') >= 0
              ? ValidationProblems.ipv6NotSupported(text)
              : ValidationProblems.nominatedIpMalformed(e.getMessage()));
      return Optional.empty();
    }
  }

  private static List<String> nominatedSubnets(PodFacts facts, List<ValidationError> errors) {
    if (facts.nominatedSubnets().isEmpty()) {
      return List.of();
    }
    var ids =
        Arrays.stream(facts.nominatedSubnets().get().split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .distinct()
            .toList();
    var good = ids.stream().filter(id -> SUBNET_ID.matcher(id).matches()).toList();
    if (good.size() < ids.size() || ids.isEmpty()) {
      errors.add(ValidationProblems.nominatedSubnetsMalformed(facts.nominatedSubnets().get()));
    }
    return good;
  }
}
