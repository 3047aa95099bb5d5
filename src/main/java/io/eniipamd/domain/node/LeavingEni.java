package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;
import java.util.Optional;

/**
 * An ENI that is to be given back: of a node that is gone, or one that a node has closed.
 *
 * @param primaryIp its own address
 * @param eniId like {@code eni-…}; empty if the cloud was never seen to have it
 * @param subnetId the subnet of all its addresses
 * @param where where it is, by what is known
 * @param seen whether a look of this process has shown that; else it is what the records say
 * @param used how many Pod addresses the records have on it, or on their way to it
 * @param recorded whether its own address has a record
 * @param listed whether the node's record lists it
 * @param closed whether the list says that no further address is put on it
 */
public record LeavingEni(
    Ip primaryIp,
    Optional<String> eniId,
    String subnetId,
    Where where,
    boolean seen,
    int used,
    boolean recorded,
    boolean listed,
    boolean closed) {

  /** Where it is. */
  public enum Where {
    /** The cloud is making it. */
    COMING,
    /** It was never made. */
    NEVER_MADE,
    /** On the node's instance. */
    ATTACHED,
    /** On no instance, or on its way there. */
    LOOSE,
    /** On another instance. */
    ELSEWHERE,
    /** The cloud does not have it any more. */
    GONE,
    /** Its tag names another cluster, or none. */
    OTHERS,
    /** It is being removed, or a try to remove it has failed a moment ago. */
    BUSY
  }
}
