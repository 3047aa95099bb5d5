package io.eniipamd.kube.reclaim;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Set;

/**
 * A kind of workload, whatever its version.
 *
 * @param group of the API, like {@code apps}
 * @param kind like {@code StatefulSet}
 */
public record WorkloadKind(String group, String kind) {

  static final WorkloadKind STATEFUL_SET = new WorkloadKind("apps", "StatefulSet");
  static final WorkloadKind REPLICA_SET = new WorkloadKind("apps", "ReplicaSet");
  static final WorkloadKind DAEMON_SET = new WorkloadKind("apps", "DaemonSet");
  static final WorkloadKind JOB = new WorkloadKind("batch", "Job");

  /** Those at which a climb may end, beside the configured ones. */
  static final Set<WorkloadKind> BUILT_IN =
      Set.of(STATEFUL_SET, new WorkloadKind("apps", "Deployment"), DAEMON_SET, JOB);

  /** Those whose Pods never come back under their names. */
  static final Set<WorkloadKind> NAMES_DO_NOT_RETURN = Set.of(REPLICA_SET, DAEMON_SET, JOB);

  /**
   * Reads {@code group/version/Kind}, as the setting {@code owner-kinds} has it; it was checked at
   * the start.
   */
  public static WorkloadKind parse(String text) {
    var parts = text.split("/", -1);
    return new WorkloadKind(parts[0], parts[2]);
  }

  static WorkloadKind of(OwnerReference reference) {
    return of(reference.getApiVersion(), reference.getKind());
  }

  static WorkloadKind of(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return new WorkloadKind(slash < 0 ? "" : apiVersion.substring(0, slash), kind);
  }
}
