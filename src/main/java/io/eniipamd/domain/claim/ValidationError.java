package io.eniipamd.domain.claim;

import io.eniipamd.domain.condition.Reason;

/**
 * Something wrong with what a user wrote.
 *
 * @param reason the reason of the event and of the condition
 * @param message names the field, the value and what is accepted
 * @param fatal whether the Pod cannot be served before it is mended
 */
public record ValidationError(Reason reason, String message, boolean fatal) {}
