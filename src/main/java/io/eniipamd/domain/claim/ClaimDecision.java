package io.eniipamd.domain.claim;

/**
 * What has to happen to a claim next: one step, after which the claim is looked at again. Each
 * family of steps has one performer in {@code kube.claim}.
 */
public sealed interface ClaimDecision
    permits ClaimDecision.Nothing,
        WaitStep,
        AllocationStep,
        PlacementStep,
        RetentionStep,
        ReleaseStep {

  /** All is as it should be, or something is under way that enqueues the claim when it ends. */
  record Nothing() implements ClaimDecision {}
}
