/**
 * Wiring: the main class and the producers that put the packages together. It may use every
 * package, and contains neither decisions nor work.
 */
package io.eniipamd.app;
