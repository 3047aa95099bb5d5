/**
 * The operations on ENIs and addresses: {@link io.eniipamd.cloud.EniOperations} and {@link
 * io.eniipamd.cloud.AddressReservations}, which batch, serialise per ENI, retry, and end when a
 * read shows the new state. {@link io.eniipamd.cloud.operate.CloudStack} puts all of it together,
 * with the decorators. No SDK, no Kubernetes.
 */
package io.eniipamd.cloud.operate;
