package io.eniipamd.kube.node;

import io.eniipamd.domain.condition.Reason;
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

  /** How old the use of the slots may be in a record: it changes with every Pod. */
  static final Duration USE_STANDS = Duration.ofHours(1);

  /** Why something waits, and until when. */
  record Pause(Problem problem, Instant until) {}

  /** How long after an answer without a zone it is asked for again. */
  static final Duration ZONE_AGAIN = Duration.ofMinutes(10);

  private record Known(Machines.Machine machine, Instant at) {}

  private record Bound(String necUid, BoundEni eni) {}

  private record Seen(NodeCloud.Look look, Instant at, Duration again) {}

  private final Clock clock;
  private final Map<String, Known> machines = new ConcurrentHashMap<>();
  private final Map<String, Seen> looks = new ConcurrentHashMap<>();
  private final Set<String> doubted = ConcurrentHashMap.newKeySet();
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
  private final Map<String, Bound> bound = new ConcurrentHashMap<>();
  private final Map<String, String> made = new ConcurrentHashMap<>();
  private final Set<String> newborn = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> useWritten = new ConcurrentHashMap<>();
  private final Map<String, Instant> full = new ConcurrentHashMap<>();
  private final Map<String, Instant> warm = new ConcurrentHashMap<>();
  private final Map<String, Instant> groups = new ConcurrentHashMap<>();

  EniCache(Clock clock) {
    this.clock = clock;
  }

  void machine(String necUid, Machines.Machine known) {
    machines.put(necUid, new Known(known, clock.instant()));
  }

  Optional<RouteLimits> limits(String necUid) {
    return Optional.ofNullable(machines.get(necUid)).map(k -> k.machine().limits());
  }

  /** How many ENIs of Pods' own the instance may have. */
  Optional<Integer> directEnis(String necUid) {
    return Optional.ofNullable(machines.get(necUid)).map(k -> k.machine().directEnis());
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
    doubted.remove(necUid);
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

  /** There may be ENIs for the node that no look has shown: nothing is done before the next one. */
  void doubt(String necUid) {
    looks.remove(necUid);
    doubted.add(necUid);
  }

  /** Whether the cloud has to be asked although the node's record lists ENIs. */
  boolean isDoubted(String necUid) {
    return doubted.contains(necUid);
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

  /** Nothing waits for this reason any more. */
  void resumeAll(Reason reason) {
    pauses.values().removeIf(pause -> pause.problem().reason() == reason);
  }

  /** Why it waits; empty where it does not or where its time has come. */
  Optional<Pause> pause(String uid) {
    return Optional.ofNullable(pauses.get(uid)).filter(p -> p.until().isAfter(clock.instant()));
  }

  /**
   * The ENI of an address is on the instance of a node.
   *
   * @param necUid the record of that node: a record of the same name may be for another instance
   */
  void bound(String vipUid, String necUid, BoundEni eni) {
    bound.put(vipUid, new Bound(necUid, eni));
  }

  /** The ENI of an address, if it was put on the instance of this very record. */
  Optional<BoundEni> bound(String vipUid, String necUid) {
    return Optional.ofNullable(bound.get(vipUid))
        .filter(b -> b.necUid().equals(necUid))
        .map(Bound::eni);
  }

  /**
   * The record of the node lists the ENI of this address, whoever wrote that: what the list says
   * from now on counts, also where the ENI is taken off it again.
   */
  void listed(String vipUid, String eniId) {
    bound.computeIfPresent(vipUid, (_, b) -> b.eni().eniId().equals(eniId) ? null : b);
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

  /** The ENI of an address as far as this process knows it, on whatever instance it is. */
  Optional<String> eniOf(String vipUid) {
    return Optional.ofNullable(bound.get(vipUid)).map(b -> b.eni().eniId()).or(() -> made(vipUid));
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

  /** When the security groups of a node are tried again; empty: not of itself. */
  void groupsAgain(String necUid, Optional<Instant> at) {
    at.ifPresentOrElse(time -> groups.put(necUid, time), () -> groups.remove(necUid));
  }

  /** How long it is until the security groups of a node are tried again. */
  Optional<Duration> untilGroups(String necUid) {
    return Optional.ofNullable(groups.get(necUid)).map(at -> Duration.between(clock.instant(), at));
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
    doubted.remove(necUid);
    pauses.remove(necUid);
    warm.remove(necUid);
    groups.remove(necUid);
    useWritten.remove(necUid);
  }

  /** The use of the node's slots was written down. */
  void useWritten(String necUid) {
    useWritten.put(necUid, clock.instant());
  }

  /** Whether it was not written down for a while; counted from the first time that it is asked. */
  boolean isUseOld(String necUid) {
    var now = clock.instant();
    var written = useWritten.putIfAbsent(necUid, now);
    return written != null && !now.isBefore(written.plus(USE_STANDS));
  }
}
