package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.List;

/**
 * A task under way.
 *
 * @param requestId the id of the request that began it, by which its result is asked for
 * @param what like {@code attach}
 * @param eniIds the ENIs that it has to itself
 * @param due when it ends
 * @param fate how it ends; one that hangs is not due until it is released
 */
public record TaskView(
    String requestId, String what, List<String> eniIds, Instant due, TaskFate fate) {}
