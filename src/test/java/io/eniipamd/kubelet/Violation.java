package io.eniipamd.kubelet;

/**
 * A breach of the node's contract that a node can see.
 *
 * @param kind what was broken
 * @param namespace of the Pod that suffers
 * @param pod its name
 * @param podUid its UID
 * @param address the address that its containers use, or should
 * @param detail what was seen, for users
 */
public record Violation(
    Kind kind, String namespace, String pod, String podUid, String address, String detail) {

  /** The promises that a node can check. */
  public enum Kind {
    /** Two Pods with living containers were given one address. */
    DUPLICATE_ADDRESS,
    /** A bound claim says another address than the one that the Pod's containers use. */
    ADDRESS_CHANGED,
    /** The claim is gone, or no longer bound to the Pod, while its containers live. */
    ADDRESS_TAKEN_AWAY,
    /** A bound claim lacks something that is needed to plug the Pod in. */
    INCOMPLETE_CLAIM
  }

  @Override
  public String toString() {
    return "%s: Pod %s/%s (%s) with %s: %s"
        .formatted(kind, namespace, pod, podUid, address, detail);
  }
}
