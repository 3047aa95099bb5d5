package io.eniipamd.domain.claim;

/**
 * A Pod that is being created, before the API server has stored it.
 *
 * @param facts what it says of its network
 * @param request what it asks for, the word of its StatefulSet included
 * @param namespace where it will be
 * @param onNode whether it names its node, so that the scheduler never sees it
 * @param gated whether it has the operator's scheduling gate already
 */
public record NewPod(
    PodFacts facts, PodRequest request, String namespace, boolean onNode, boolean gated) {}
