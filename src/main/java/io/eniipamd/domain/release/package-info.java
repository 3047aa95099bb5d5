/**
 * When fixed IPs may be given back, and how many at once: what people set, and the rule that stops
 * an avalanche. No claim is looked at here; that is the room {@code domain.claim}.
 */
package io.eniipamd.domain.release;
