package io.eniipamd.kube.support;

import java.util.Map;

/**
 * The tags that identify the ENIs of this cluster, and each of them. They depend on the node's name
 * and on the record of the ENI's address, not on the node's record: this may be deleted and created
 * again while the ENI is being created.
 */
public final class EniTags {
  /** The cluster that an ENI belongs to. */
  public static final String CLUSTER = "eni-ipamd-cluster";

  /** The node that it is for. */
  public static final String NODE = "eni-ipamd-node";

  /** The UID of the {@code VpcIP} of its primary address: there is one ENI for each. */
  public static final String RECORD = "eni-ipamd-record";

  /** What an ENI is for, where it is not for the Pods of a node. */
  public static final String MODE = "eni-ipamd-mode";

  /** It is for one Pod alone. */
  public static final String DIRECT = "direct";

  private EniTags() {}

  /** Of all ENIs of a node. */
  public static Map<String, String> ofNode(String cluster, String node) {
    return Map.of(CLUSTER, cluster, NODE, node);
  }

  /** Of one ENI. */
  public static Map<String, String> ofEni(String cluster, String node, String recordUid) {
    return Map.of(CLUSTER, cluster, NODE, node, RECORD, recordUid);
  }

  /** Of the ENI of a Pod's own, which is made for no node: it moves. */
  public static Map<String, String> ofDirect(String cluster, String recordUid) {
    return Map.of(CLUSTER, cluster, MODE, DIRECT, RECORD, recordUid);
  }

  /** Whether the tags are those of the ENI of a Pod's own, of whichever cluster. */
  public static boolean isDirect(Map<String, String> tags) {
    return DIRECT.equals(tags.get(MODE));
  }
}
