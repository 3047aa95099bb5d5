package io.eniipamd.kube.node;

import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.RouteLimits;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was heard from the cloud and is not written down yet, and what it is too early for. Nothing
 * here has to survive: a new process asks again.
 *
 * <p>Keys are UIDs, of nodes' records or of {@code VpcIP}s.
 */
@Singleton
final class EniCache {

  /** How long a subnet that the cloud calls full is left alone: the next look may say otherwise. */
  private static final Duration FULL_FOR = Duration.ofMinutes(1);

  /** The least pause between two reads where another party has to change something. */
  private static final Duration FIRST_AGAIN = Duration.ofSeconds(30);

  /** The pause between reads doubles up to this while nothing changes. */
  private static final Duration LAST_AGAIN = Duration.ofMinutes(10);

  /** Why something waits, and until when. */
  record Pause(Problem problem, Instant until) {}

  /** How long after an answer without a zone it is asked for again. */
  static final Duration ZONE_AGAIN = Duration.ofMinutes(10);

  private record Known(NodeCloud.Machine machine, Instant at) {}

  private record Seen(NodeCloud.Look look, Instant at, Duration again) {}

  private final Clock clock;
  private final Map<String, Known> machines = new ConcurrentHashMap<>();
  private final Map<String, Seen> looks = new ConcurrentHashMap<>();
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
  private final Map<String, BoundEni> bound = new ConcurrentHashMap<>();
  private final Map<String, String> made = new ConcurrentHashMap<>();
  private final Set<String> newborn = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> full = new ConcurrentHashMap<>();
  private final Map<String, Instant> warm = new ConcurrentHashMap<>();

  EniCache(Clock clock) {
    this.clock = clock;
  }

  void machine(String necUid, NodeCloud.Machine known) {
    machines.put(necUid, new Known(known, clock.instant()));
  }

  Optional<RouteLimits> limits(String necUid) {
    return Optional.ofNullable(machines.get(necUid)).map(k -> k.machine().limits());
  }

  /** Where the cloud runs the node's instance; empty if it was not asked or did not say. */
  Optional<String> zone(String necUid) {
    return Optional.ofNullable(machines.get(necUid)).flatMap(k -> k.machine().zone());
  }

  /**
   * Whether the cloud has described the instance, and has named its zone or was asked a while ago.
   */
  boolean isAsked(String necUid) {
    return machines.containsKey(necUid)
        && (zone(necUid).isPresent() || untilAskedAgain(necUid).isPositive());
  }

  /** How long until the cloud is asked again for a zone that it has not named. */
  Duration untilAskedAgain(String necUid) {
    return Optional.ofNullable(machines.get(necUid))
        .map(k -> Duration.between(clock.instant(), k.at().plus(ZONE_AGAIN)))
        .orElse(Duration.ZERO);
  }

  void look(String necUid, NodeCloud.Look look) {
    looks.compute(
        necUid,
        (_, before) -> {
          boolean same = before != null && before.look().equals(look);
          var doubled = same ? before.again().multipliedBy(2) : FIRST_AGAIN;
          return new Seen(
              look, clock.instant(), doubled.compareTo(LAST_AGAIN) > 0 ? LAST_AGAIN : doubled);
        });
  }

  /** An ENI that the look has shown is gone since. */
  void gone(String necUid, String eniId) {
    looks.computeIfPresent(
        necUid, (_, seen) -> new Seen(seen.look().without(eniId), seen.at(), seen.again()));
  }

  /**
   * How long until another look may be made; no time, or less, where it is due. Not before the
   * pause after a failure is over.
   */
  Duration untilNextLook(String necUid) {
    var now = clock.instant();
    var seen = Optional.ofNullable(looks.get(necUid));
    var due = seen.map(s -> s.at().plus(s.again())).orElse(now);
    var paused = pause(necUid).map(Pause::until).filter(until -> until.isAfter(due));
    return Duration.between(now, paused.orElse(due));
  }

  /** What was seen does not hold any more: the cloud has to be asked again. */
  void unlook(String necUid) {
    looks.remove(necUid);
  }

  Optional<NodeCloud.Look> look(String necUid) {
    return Optional.ofNullable(looks.get(necUid)).map(Seen::look);
  }

  void pause(String uid, Problem problem, Duration pause) {
    pauses.put(uid, new Pause(problem, clock.instant().plus(pause)));
  }

  void resume(String uid) {
    pauses.remove(uid);
  }

  /** Why it waits; empty where it does not or where its time has come. */
  Optional<Pause> pause(String uid) {
    return Optional.ofNullable(pauses.get(uid)).filter(p -> p.until().isAfter(clock.instant()));
  }

  void bound(String vipUid, BoundEni eni) {
    bound.put(vipUid, eni);
  }

  Optional<BoundEni> bound(String vipUid) {
    return Optional.ofNullable(bound.get(vipUid));
  }

  /** The cloud has made the ENI of this address. */
  void made(String vipUid, String eniId) {
    made.put(vipUid, eniId);
  }

  void unmade(String vipUid) {
    made.remove(vipUid);
  }

  Optional<String> made(String vipUid) {
    return Optional.ofNullable(made.get(vipUid));
  }

  /** The address was recorded a moment ago, or was refused for certain: the cloud has no ENI. */
  void sureToBeAbsent(String vipUid) {
    newborn.add(vipUid);
  }

  /** Whether the cloud certainly has no ENI for the address; said once, before it is asked to. */
  boolean takeSureToBeAbsent(String vipUid) {
    return newborn.remove(vipUid);
  }

  /** The warm addresses of a node are looked at again after this. */
  void warmAgain(String necUid, Duration pause) {
    warm.put(necUid, clock.instant().plus(pause));
  }

  /** Whether the time has come to look at the warm addresses of a node. */
  boolean isWarmDue(String necUid) {
    return !untilWarm(necUid).filter(Duration::isPositive).isPresent();
  }

  /** How long it is until the warm addresses of a node are looked at again. */
  Optional<Duration> untilWarm(String necUid) {
    return Optional.ofNullable(warm.get(necUid)).map(at -> Duration.between(clock.instant(), at));
  }

  void full(String subnetId) {
    full.put(subnetId, clock.instant().plus(FULL_FOR));
  }

  boolean isFull(String subnetId) {
    var until = full.get(subnetId);
    return until != null && until.isAfter(clock.instant());
  }

  /** The ENI of the address is written down, or its address given up. */
  void forgetAddress(String vipUid) {
    bound.remove(vipUid);
    made.remove(vipUid);
    pauses.remove(vipUid);
    newborn.remove(vipUid);
  }

  void forgetNode(String necUid) {
    machines.remove(necUid);
    looks.remove(necUid);
    pauses.remove(necUid);
    warm.remove(necUid);
  }
}
