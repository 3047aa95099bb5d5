package io.eniipamd.kube.node;

import java.time.Duration;

/**
 * What is set for the ENIs of all nodes.
 *
 * @param clusterId which cluster the ENIs are of, a tag on each
 * @param leaveDelay how long after its Node object is gone a node's ENIs are given back
 * @param shrinkDelay how long an ENI that a node can do without stays empty before it is given back
 */
public record NodeSettings(String clusterId, Duration leaveDelay, Duration shrinkDelay) {}
