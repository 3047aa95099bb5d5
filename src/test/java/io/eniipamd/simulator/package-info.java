/**
 * The simulated VPC: a server of its own that speaks the Tencent Cloud API 3.0 on loopback, for
 * tests, demo and benchmarks. It knows nothing of the operator: no class of the main tree may
 * enter.
 */
package io.eniipamd.simulator;
