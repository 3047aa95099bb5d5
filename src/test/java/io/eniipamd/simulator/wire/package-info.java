/**
 * HTTP, the signature, the envelope of answers, and the order in which a call is checked, disturbed
 * and recorded. No knowledge of a single action may enter.
 */
package io.eniipamd.simulator.wire;
