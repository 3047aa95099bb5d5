/**
 * Wiring: the main class and the producers that put the rooms together. Decisions belong in the
 * domain, work in the rooms; everything may be known here, nothing is done here.
 */
package io.eniipamd.app;
