/**
 * The operator as a whole, from its packaged jar, against a real control plane and a simulated VPC.
 * Tests of one room's classes belong to that room.
 */
package io.eniipamd.kube;
