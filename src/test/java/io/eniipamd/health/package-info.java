/** What the probes answer in each state of the operator. */
package io.eniipamd.health;
