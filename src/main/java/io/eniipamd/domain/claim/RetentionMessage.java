package io.eniipamd.domain.claim;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells users why the address of a Pod that is away is still retained: by whose policy, until when,
 * and what would release it.
 *
 * @param name of the claim and of its Pod
 * @param namespace of both
 * @param address that is kept
 * @param policyOf whose policy retains it, like {@code the Pod}
 * @param since when the Pod's end was seen, UTC
 * @param expiry after how long it is released; empty: never
 * @param expiryOf who set that, like {@code the cluster}
 * @param owner the workload that takes it along when it is deleted, like {@code StatefulSet web}
 */
public record RetentionMessage(
    String namespace,
    String name,
    String address,
    String policyOf,
    Instant since,
    Optional<Duration> expiry,
    String expiryOf,
    Optional<String> owner) {

  /** The sentences. */
  public String text() {
    var until =
        expiry
            .map(
                after ->
                    "The operator releases it at %s, %s after that end (claim-expired-duration of %s)."
                        .formatted(since.plus(after), DurationText.format(after), expiryOf))
            .orElse("It never expires (claim-expired-duration of %s).".formatted(expiryOf));
    var cascade =
        owner.map(workload -> " Deleting %s releases it too.".formatted(workload)).orElse("");
    return ("Pod %s ended at %s; its claim retains %s for the next Pod of that name"
            + " (vpc-ip-claim-delete-policy: Never of %s). %s To release it now: kubectl delete vipc"
            + " %s -n %s.%s")
        .formatted(name, since, address, policyOf, until, name, namespace, cascade);
  }
}
