package io.eniipamd.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.kubelet.PodStep.Containers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodStepTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration CAP = Duration.ofSeconds(5);
  private static final Claim BOUND =
      new Claim("Bound", "uid-1", "node-1", "10.0.0.5", "10.0.0.0/24", "10.0.0.1", "eni-1", "mac");

  static Stream<Arguments> steps() {
    return Stream.of(
        row("an ordinary Pod starts", pod("Pending"), null, Containers.UNKNOWN, null)
            .then(new PodStep.Start(PodNetwork.OTHER)),
        row("a Pod of the host's network starts", host(), null, Containers.UNKNOWN, null)
            .then(new PodStep.Start(PodNetwork.HOST)),
        row("without a claim it waits", vpcCni("Pending"), null, Containers.UNKNOWN, null)
            .then(new PodStep.Idle()),
        row("with its bound claim it starts", vpcCni("Pending"), BOUND, Containers.UNKNOWN, null)
            .then(new PodStep.StartWith(BOUND)),
        row("for another UID it waits", vpcCni("Pending"), of("uid-2"), Containers.UNKNOWN, null)
            .then(new PodStep.Idle()),
        row("on another node it waits", vpcCni("Pending"), on("node-2"), Containers.UNKNOWN, null)
            .then(new PodStep.Idle()),
        row("retained it waits", vpcCni("Pending"), phase("Retained"), Containers.UNKNOWN, null)
            .then(new PodStep.Idle()),
        row("started already, not yet seen", vpcCni("Pending"), BOUND, Containers.LIVING, null)
            .then(new PodStep.Idle()),
        row("ran before this kubelet", vpcCni("Running"), BOUND, Containers.UNKNOWN, null)
            .then(new PodStep.Adopt("10.0.0.5")),
        row("has ended", vpcCni("Succeeded"), BOUND, Containers.UNKNOWN, null)
            .then(new PodStep.Idle()),
        row("deleted before it ran", vpcCni("Pending"), null, Containers.UNKNOWN, NOW)
            .then(new PodStep.Remove()),
        row("deleted after its end", vpcCni("Failed"), null, Containers.UNKNOWN, NOW)
            .then(new PodStep.Remove()),
        row("ended just now, not yet seen", vpcCni("Running"), BOUND, Containers.ENDED, NOW)
            .then(new PodStep.Remove()),
        row("in its grace period", granted(3), BOUND, Containers.LIVING, NOW.minusSeconds(2))
            .then(new PodStep.WaitUntil(NOW.plusSeconds(1))),
        row("granted more than it takes", granted(30), BOUND, Containers.LIVING, NOW)
            .then(new PodStep.WaitUntil(NOW.plus(CAP))),
        row("at the end of it", granted(3), BOUND, Containers.LIVING, NOW.minusSeconds(3))
            .then(new PodStep.Stop()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void shouldDecideByThePodItsClaimAndItsContainers(
      String name,
      Pod pod,
      Claim claim,
      Containers containers,
      Instant terminatingSince,
      PodStep expected) {
    PodStep step =
        PodStep.decide(
            pod,
            Optional.ofNullable(claim),
            containers,
            Optional.ofNullable(terminatingSince),
            CAP,
            NOW);

    assertThat(step).isEqualTo(expected);
  }

  private record Row(
      String name, Pod pod, Claim claim, Containers containers, Instant terminatingSince) {
    Arguments then(PodStep expected) {
      return Arguments.of(name, pod, claim, containers, terminatingSince, expected);
    }
  }

  private static Row row(
      String name, Pod pod, Claim claim, Containers containers, Instant terminatingSince) {
    return new Row(name, pod, claim, containers, terminatingSince);
  }

  private static Claim of(String uid) {
    return new Claim("Bound", uid, "node-1", "10.0.0.5", "", "", "", "");
  }

  private static Claim on(String node) {
    return new Claim("Bound", "uid-1", node, "10.0.0.5", "", "", "", "");
  }

  private static Claim phase(String phase) {
    return new Claim(phase, "uid-1", "node-1", "10.0.0.5", "", "", "", "");
  }

  private static Pod pod(String phase) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("web-0")
        .withUid("uid-1")
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .withPodIP(phase.equals("Running") ? "10.0.0.5" : null)
        .endStatus()
        .build();
  }

  private static Pod vpcCni(String phase) {
    return new PodBuilder(pod(phase))
        .editMetadata()
        .addToAnnotations("tke.cloud.tencent.com/networks", "tke-route-eni")
        .endMetadata()
        .build();
  }

  private static Pod host() {
    return new PodBuilder(vpcCni("Pending")).editSpec().withHostNetwork().endSpec().build();
  }

  private static Pod granted(long seconds) {
    return new PodBuilder(vpcCni("Running"))
        .editMetadata()
        .withDeletionGracePeriodSeconds(seconds)
        .endMetadata()
        .build();
  }
}
