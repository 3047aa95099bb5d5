package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Refusal;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.Problem;

/** What failures of the cloud mean for a node. */
final class CloudFailures {
  private CloudFailures() {}

  /** Why the cloud has not told, or not done, what was asked of it. */
  static Problem untold(CloudException cause) {
    return cause.kind() == CloudException.Kind.DENIED
        ? NodeProblems.denied(cause.getMessage())
        : NodeProblems.cloudFailed(cause.getMessage());
  }

  /** Why the limits of a node's instance are not known. */
  static Problem unlimited(NodeENIConfig nec, CloudException cause) {
    var instance = nec.getSpec().instanceId();
    return switch (cause.kind()) {
      case NOT_FOUND ->
          NodeProblems.instanceNotFound(nec.getMetadata().getName(), instance, cause.getMessage());
      case DENIED ->
          Refusal.of(cause.code()) == Refusal.CALL
              ? NodeProblems.limitsUnknown(instance, cause.getMessage())
              : NodeProblems.denied(cause.getMessage());
      case INVALID -> NodeProblems.limitsUnknown(instance, cause.getMessage());
      case QUOTA, SUBNET_FULL, ADDRESS_TAKEN, THROTTLED, TRANSIENT ->
          NodeProblems.cloudFailed(cause.getMessage());
    };
  }

  /**
   * What the failure of a binding means.
   *
   * @param made whether the ENI is there, and was to be attached
   */
  static PendingEni.Refusal refusal(CloudException cause, boolean made) {
    return switch (cause.kind()) {
      case QUOTA -> made ? PendingEni.Refusal.INSTANCE_FULL : PendingEni.Refusal.QUOTA;
      case SUBNET_FULL -> PendingEni.Refusal.SUBNET_FULL;
      case ADDRESS_TAKEN -> PendingEni.Refusal.ADDRESS_TAKEN;
      case DENIED -> PendingEni.Refusal.DENIED;
      case NOT_FOUND, THROTTLED, TRANSIENT, INVALID -> PendingEni.Refusal.OTHER;
    };
  }
}
