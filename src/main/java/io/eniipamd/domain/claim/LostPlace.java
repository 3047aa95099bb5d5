package io.eniipamd.domain.claim;

import java.util.Optional;

/**
 * The place of an address whose Pod is bound, where another machine came under the node's name and
 * does not have the ENI. The Pod's object stayed, and the Pod starts again on this machine.
 *
 * @param eniId the ENI that the claim is bound on
 * @param where where that is, by what reads have shown
 * @param on the instance that has it, where one has
 * @param machine the instance that the node runs on now
 */
public record LostPlace(String eniId, Where where, Optional<String> on, String machine) {
  /** Where the ENI is. */
  public enum Where {
    /** The cloud has to be asked, or asked once more. */
    UNSURE,
    /** On another instance: what runs there may use its addresses. */
    ELSEWHERE,
    /** On no instance: nothing can use its addresses. */
    NOWHERE,
    /** On the node's machine after all, although the operator reported otherwise. */
    BACK
  }
}
