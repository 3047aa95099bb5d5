package io.eniipamd.domain.node;

import java.util.Optional;

/**
 * What is known of the instance that a node's record names.
 *
 * @param id what the record says
 * @param zone what the cloud says of the instance, else what the record says
 * @param recordedZone what the record says
 * @param asked whether the cloud was asked about the instance, by this process; if it did not name
 *     the zone, whether that was a moment ago
 * @param limits with the caps applied; empty where they are not known yet
 * @param looked whether the cloud was asked what is there already
 * @param learning why the limits or the look could not be had
 * @param strangers ENIs on the instance that are not this cluster's
 */
public record InstanceFacts(
    Optional<String> id,
    Optional<String> zone,
    Optional<String> recordedZone,
    boolean asked,
    Optional<RouteLimits> limits,
    boolean looked,
    Optional<Problem> learning,
    int strangers) {}
