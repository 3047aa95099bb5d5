package io.eniipamd.kube.release;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Set;

/**
 * A kind of workload, whatever its version.
 *
 * @param group of the API, like {@code apps}
 * @param kind like {@code StatefulSet}
 */
public record GroupKind(String group, String kind) {

  static final GroupKind STATEFUL_SET = new GroupKind("apps", "StatefulSet");
  static final GroupKind REPLICA_SET = new GroupKind("apps", "ReplicaSet");
  static final GroupKind DAEMON_SET = new GroupKind("apps", "DaemonSet");
  static final GroupKind JOB = new GroupKind("batch", "Job");

  /** Those at which a climb may end, beside the configured ones. */
  static final Set<GroupKind> BUILT_IN =
      Set.of(STATEFUL_SET, new GroupKind("apps", "Deployment"), DAEMON_SET, JOB);

  /** Those whose Pods never come back under their names. */
  static final Set<GroupKind> NAMES_DO_NOT_RETURN = Set.of(REPLICA_SET, DAEMON_SET, JOB);

  /**
   * Reads {@code group/version/Kind}, as the setting {@code owner-kinds} has it; it was checked at
   * the start.
   */
  public static GroupKind parse(String text) {
    var parts = text.split("/", -1);
    return new GroupKind(parts[0], parts[2]);
  }

  static GroupKind of(OwnerReference reference) {
    return of(reference.getApiVersion(), reference.getKind());
  }

  static GroupKind of(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return new GroupKind(slash < 0 ? "" : apiVersion.substring(0, slash), kind);
  }
}
