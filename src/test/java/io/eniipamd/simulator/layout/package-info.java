/** What a simulated VPC consists of when it starts: plain values that a file can hold. */
package io.eniipamd.simulator.layout;
