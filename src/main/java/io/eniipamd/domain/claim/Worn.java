package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import java.util.Optional;

/**
 * An address that a living Pod runs with although its claim is not bound to it: its claim was
 * deleted past its finalizer, or the Pod is on another network and was annotated later.
 *
 * @param ip what the node's agent gave the Pod
 * @param where whose address it is
 * @param eniId the ENI of this cluster that a read has found it on, if no record says so
 */
public record Worn(Ip ip, Where where, Optional<String> eniId) {

  /** Whose the address is. */
  public enum Where {
    /** It is recorded for the Pod's name or for no claim, or it is on an ENI of this cluster. */
    OURS,
    /** It is not an address of this cluster: the Pod cannot be given another one while it runs. */
    ELSEWHERE,
    /** The cloud has to be asked. */
    UNSURE
  }

  public Worn(Ip ip, Where where) {
    this(ip, where, Optional.empty());
  }
}
