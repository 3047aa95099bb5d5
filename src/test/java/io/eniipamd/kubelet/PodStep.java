package io.eniipamd.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a kubelet does next with a Pod that is bound to its node. */
sealed interface PodStep {

  /** Nothing, until the Pod or its claim changes. */
  record Idle() implements PodStep {}

  /** Start its containers with the address of its claim. */
  record StartWith(Claim claim) implements PodStep {}

  /** Start its containers with an address that is not VPC-CNI's. */
  record Start(PodNetwork network) implements PodStep {}

  /** Take note of containers that were started before this kubelet. */
  record Adopt(String address) implements PodStep {}

  /** Look again: its containers have time until then to end. */
  record WaitUntil(Instant end) implements PodStep {}

  /** End its containers and say so. */
  record Stop() implements PodStep {}

  /** Take the Pod out of the API server: none of its containers live. */
  record Remove() implements PodStep {}

  /** What the kubelet knows of a Pod's containers. */
  enum Containers {
    UNKNOWN,
    LIVING,
    ENDED
  }

  Set<String> ENDED_PHASES = Set.of("Succeeded", "Failed");

  /**
   * Decides.
   *
   * @param pod as the API server has it
   * @param claim the claim of its name, if there is one
   * @param containers what this kubelet has done with it, which it may know before its cache does
   * @param terminatingSince when its deletion was seen; absent for a Pod that is not being deleted
   * @param graceCap the longest time that containers take to end, whatever the Pod grants them
   * @param now the time
   */
  static PodStep decide(
      Pod pod,
      Optional<Claim> claim,
      Containers containers,
      Optional<Instant> terminatingSince,
      Duration graceCap,
      Instant now) {
    String phase = pod.getStatus() == null ? "Pending" : pod.getStatus().getPhase();
    boolean ended = containers == Containers.ENDED || ENDED_PHASES.contains(phase);
    boolean running = "Running".equals(phase);
    if (containers == Containers.UNKNOWN && running && !ended) {
      return new Adopt(pod.getStatus().getPodIP());
    }
    if (terminatingSince.isPresent()) {
      return end(pod, containers, ended, terminatingSince.get(), graceCap, now);
    }
    if (ended || containers == Containers.LIVING) {
      return new Idle();
    }
    PodNetwork network = PodNetwork.of(pod);
    if (network != PodNetwork.VPC_CNI) {
      return new Start(network);
    }
    return claim
        .filter(it -> it.isBoundTo(pod.getMetadata().getUid(), pod.getSpec().getNodeName()))
        .<PodStep>map(StartWith::new)
        .orElseGet(Idle::new);
  }

  private static PodStep end(
      Pod pod,
      Containers containers,
      boolean ended,
      Instant since,
      Duration graceCap,
      Instant now) {
    if (ended || containers == Containers.UNKNOWN) {
      return new Remove();
    }
    Long seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
    Duration grace = Duration.ofSeconds(seconds == null ? 0 : seconds);
    Instant end = since.plus(grace.compareTo(graceCap) < 0 ? grace : graceCap);
    return now.isBefore(end) ? new WaitUntil(end) : new Stop();
  }
}
