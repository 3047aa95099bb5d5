/** What goes wrong on demand, and when. Nothing here changes the model. */
package io.eniipamd.simulator.fault;
