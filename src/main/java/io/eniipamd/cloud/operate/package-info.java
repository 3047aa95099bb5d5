/**
 * How ENIs and addresses are worked on: {@link io.eniipamd.cloud.EniOperations} and {@link
 * io.eniipamd.cloud.AddressReservations}, which batch, serialise per ENI, try again, and end when a
 * look shows the new state. {@link io.eniipamd.cloud.operate.CloudStack} puts all of it together,
 * with what stands before a call. No SDK, no Kubernetes.
 */
package io.eniipamd.cloud.operate;
