/**
 * When fixed IPs may be released, and how many at once: the settings of users, and the rule that
 * stops an avalanche. This package reads no claims; that is the task of {@code domain.claim}.
 */
package io.eniipamd.domain.release;
