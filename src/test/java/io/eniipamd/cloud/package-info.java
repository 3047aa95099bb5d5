/** The port's stand-in for tests that need no server, kept as carefully as production code. */
package io.eniipamd.cloud;
