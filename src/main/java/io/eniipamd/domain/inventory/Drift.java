package io.eniipamd.domain.inventory;

import io.eniipamd.domain.address.Ip;
import java.util.Optional;

/**
 * One difference between the cloud and the records.
 *
 * @param kind what differs
 * @param subject the thing that it is about, by its id in the cloud or its address; with {@code
 *     kind} it identifies the difference from one look to the next
 * @param address the address that it is about
 * @param eniId the ENI that has to be looked at: for an address the one that its record names
 * @param node the node that the ENI was made for
 * @param ofPodsOwn whether it is about an ENI of a Pod's own
 * @param evidence what each of the two says, for users
 */
public record Drift(
    DriftKind kind,
    String subject,
    Optional<Ip> address,
    Optional<String> eniId,
    Optional<String> node,
    boolean ofPodsOwn,
    String evidence) {

  /** What makes two findings of different looks the same difference. */
  public record Key(DriftKind kind, String subject) {}

  /** The same in each look that finds it. */
  public Key key() {
    return new Key(kind, subject);
  }
}
