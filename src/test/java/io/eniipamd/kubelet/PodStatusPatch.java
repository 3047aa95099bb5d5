package io.eniipamd.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;

/**
 * The patches of a Pod's status that a kubelet sends, as strategic merges. Each carries the Pod's
 * UID, so that the API server refuses it for another Pod of the same name.
 */
final class PodStatusPatch {

  private PodStatusPatch() {}

  /** All containers run and are ready. */
  static String running(Pod pod, String podIp, String hostIp, Instant now) {
    String time = time(now);
    ContainerState state =
        new ContainerStateBuilder().withNewRunning().withStartedAt(time).endRunning().build();
    return Serialization.asJson(
        identity(pod)
            .withNewStatus()
            .withPhase("Running")
            .withStartTime(time)
            .withHostIP(hostIp)
            .withPodIP(podIp)
            .withPodIPs(new PodIP(podIp))
            .withConditions(
                List.of(
                    condition("PodReadyToStartContainers", "True", "", time),
                    condition("Initialized", "True", "", time),
                    condition("ContainersReady", "True", "", time),
                    condition("Ready", "True", "", time)))
            .withContainerStatuses(statuses(pod, true, container -> state))
            .endStatus()
            .build());
  }

  /** All containers have ended. */
  static String ended(Pod pod, PodOutcome outcome, Instant now) {
    String time = time(now);
    String reason = outcome == PodOutcome.SUCCEEDED ? "PodCompleted" : "PodFailed";
    ContainerState state =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(outcome.exitCode())
            .withReason(outcome.reason())
            .withFinishedAt(time)
            .endTerminated()
            .build();
    return Serialization.asJson(
        identity(pod)
            .withNewStatus()
            .withPhase(outcome.phase())
            .withConditions(
                List.of(
                    condition("ContainersReady", "False", reason, time),
                    condition("Ready", "False", reason, time)))
            .withContainerStatuses(statuses(pod, false, container -> state))
            .endStatus()
            .build());
  }

  private static PodBuilder identity(Pod pod) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid())
        .endMetadata();
  }

  private static List<ContainerStatus> statuses(
      Pod pod, boolean ready, Function<Container, ContainerState> state) {
    return pod.getSpec().getContainers().stream()
        .map(
            container ->
                new ContainerStatusBuilder()
                    .withName(container.getName())
                    .withImage(container.getImage())
                    .withImageID("stand-in")
                    .withContainerID("stand-in://" + pod.getMetadata().getUid())
                    .withReady(ready)
                    .withStarted(ready)
                    .withRestartCount(0)
                    .withState(state.apply(container))
                    .build())
        .toList();
  }

  private static PodCondition condition(String type, String status, String reason, String time) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason.isEmpty() ? null : reason)
        .withLastTransitionTime(time)
        .build();
  }

  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
