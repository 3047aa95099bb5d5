package io.eniipamd.config;

import static io.eniipamd.config.ConfigKey.AVALANCHE_COUNT;
import static io.eniipamd.config.ConfigKey.AVALANCHE_PERCENT;
import static io.eniipamd.config.ConfigKey.CLAIM_EXPIRED_DURATION;
import static io.eniipamd.config.ConfigKey.ENABLE_OWNERREF;
import static io.eniipamd.config.ConfigKey.ENABLE_SECURITY_GROUPS;
import static io.eniipamd.config.ConfigKey.LEADER_ELECTION;
import static io.eniipamd.config.ConfigKey.LOG_LEVELS;
import static io.eniipamd.config.ConfigKey.PAUSE_RELEASES;
import static io.eniipamd.config.ConfigKey.PAUSE_RELEASES_NAMESPACES;
import static io.eniipamd.config.ConfigKey.RELEASES_PER_SWEEP;
import static io.eniipamd.config.ConfigKey.RESERVE_RETAINED_IPS;
import static io.eniipamd.config.ConfigKey.RESUME_RELEASES;
import static io.eniipamd.config.ConfigKey.SECURITY_GROUPS;
import static io.eniipamd.config.ConfigKey.SUBNET_QUOTAS;
import static io.eniipamd.config.ConfigKey.WHEN_SCALED;

import java.util.EnumSet;
import java.util.Set;

/** Keys that are not like the others. */
final class KeySets {
  // What users change while the operator runs; the others take effect at startup only.
  static final Set<ConfigKey> LIVE =
      EnumSet.of(
          CLAIM_EXPIRED_DURATION,
          ENABLE_OWNERREF,
          WHEN_SCALED,
          PAUSE_RELEASES,
          PAUSE_RELEASES_NAMESPACES,
          RELEASES_PER_SWEEP,
          AVALANCHE_COUNT,
          AVALANCHE_PERCENT,
          RESUME_RELEASES,
          RESERVE_RETAINED_IPS,
          ENABLE_SECURITY_GROUPS,
          SECURITY_GROUPS,
          SUBNET_QUOTAS,
          LOG_LEVELS);

  // What is to come: read, so that a command line which names it is understood, but only with the
  // value that asks for nothing.
  static final Set<ConfigKey> TO_COME = EnumSet.of(LEADER_ELECTION);

  private KeySets() {}
}
