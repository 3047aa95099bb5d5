package io.eniipamd.domain.release;

import io.eniipamd.domain.claim.ExpiryDuration;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The settings for the release of fixed IPs, which users change while the operator runs.
 *
 * @param expiry how long after its Pod's end a fixed IP is released, where neither claim nor Pod
 *     says so
 * @param cascade whether claims belong to their workloads ({@code --enable-ownerref})
 * @param whenScaled what becomes of the ordinals that a StatefulSet was scaled away from
 * @param paused whether nothing is released
 * @param pausedNamespaces where nothing is released
 * @param perWindow how many are released within one sweep interval at most
 * @param avalanche how many at once are too many
 * @param resumedUntil what fell due until then may go, however much it is
 * @param reserve whether an address that leaves its ENI is reserved in the cloud
 */
@RecordBuilder
public record ReleaseSettings(
    ExpiryDuration expiry,
    boolean cascade,
    Retention whenScaled,
    boolean paused,
    Set<String> pausedNamespaces,
    int perWindow,
    AvalancheRule avalanche,
    Optional<Instant> resumedUntil,
    boolean reserve) {

  public ReleaseSettings {
    pausedNamespaces = Set.copyOf(pausedNamespaces);
  }

  /** The same, with all releases paused. */
  public ReleaseSettings pausing() {
    return ReleaseSettingsBuilder.builder(this).paused(true).build();
  }
}
