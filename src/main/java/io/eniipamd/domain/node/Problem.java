package io.eniipamd.domain.node;

import io.eniipamd.domain.condition.Reason;

/**
 * Why a node cannot have what it should have.
 *
 * @param reason why, for conditions and events
 * @param message a sentence for users
 */
public record Problem(Reason reason, String message) {}
