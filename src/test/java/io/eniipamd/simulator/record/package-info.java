/** The calls that the server has seen. Secrets and signatures may not enter. */
package io.eniipamd.simulator.record;
