/**
 * The state of the simulated VPC and the effects on it, under one lock. No HTTP and no JSON may
 * enter; a request that cannot be met is a {@code Refusal} with the cloud's code.
 */
package io.eniipamd.simulator.model;
