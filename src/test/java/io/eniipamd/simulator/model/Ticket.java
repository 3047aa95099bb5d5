package io.eniipamd.simulator.model;

/**
 * Who asks for an effect.
 *
 * @param requestId the id of the request, which is the id of its task
 * @param fate how its task is to end
 */
public record Ticket(String requestId, TaskFate fate) {}
