package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Carries out what was decided for the ENIs of a node that are on their way to it. */
@Singleton
final class PendingEniSteps {
  private static final Logger LOG = Logger.getLogger(PendingEniSteps.class);

  /** The quota may be raised at any time; of those that wait one asks the cloud, most do not. */
  private static final Duration QUOTA_AGAIN = Duration.ofSeconds(40);

  /** What the cloud takes as an ENI's name, in bytes; a node's name is ASCII. */
  private static final int LONGEST_NAME = 60;

  private final SharedCache<NodeENIConfig> necs;
  private final AddressBook book;
  private final EniAddressStore records;
  private final NodeCloud cloud;
  private final NodeSettings settings;
  private final Supplier<SecurityGroupSettings> groups;
  private final CloudTasks tasks;
  private final EniCache memory;
  private final EventRecorder events;

  PendingEniSteps(
      SharedCache<NodeENIConfig> necs,
      AddressBook book,
      EniAddressStore records,
      NodeCloud cloud,
      NodeSettings settings,
      Supplier<SecurityGroupSettings> groups,
      CloudTasks tasks,
      EniCache memory,
      EventRecorder events) {
    this.necs = necs;
    this.book = book;
    this.records = records;
    this.cloud = cloud;
    this.settings = settings;
    this.groups = groups;
    this.tasks = tasks;
    this.memory = memory;
    this.events = events;
  }

  /**
   * Takes a step.
   *
   * @param changes an ENI that is on the instance now is added to these
   * @return whether another pass has to follow at once
   */
  boolean perform(NodeENIConfig nec, Gathered known, Step.OfPending step, EniChanges changes) {
    switch (step) {
      case Step.Begin begin -> begin(nec, known, known.records().get(begin.eni().primaryIp()));
      case Step.RecordBound written -> {
        records.attached(known.records().get(written.eni().primaryIp()), written.bound().eniId());
        changes.bound(written.bound());
      }
      case Step.Pause pause -> pause(nec, known, pause);
      case Step.GiveUp giveUp -> {
        giveUp(nec, known, giveUp);
        return true;
      }
    }
    return false;
  }

  /** Records an address for a new ENI and has this made; true where there was none to be had. */
  boolean grow(NodeENIConfig nec, Gathered known, String subnet) {
    var name = nec.getMetadata().getName();
    var taken = records.takeAny(subnet, name, nec.getMetadata().getUid());
    if (taken.isEmpty()) {
      // A quota is raised at any moment, and looked at each time.
      if (!records.isQuotaMet(subnet)) {
        memory.full(subnet);
      }
      return true;
    }
    memory.sureToBeAbsent(uid(taken.get()));
    begin(nec, known, taken.get());
    return false;
  }

  /** Records an ENI that the cloud has for the node and that has no record. */
  void adopt(NodeENIConfig nec, BoundEni eni) {
    records
        .take(eni.primaryIp(), eni.subnetId(), nec.getMetadata().getName())
        .ifPresent(vip -> memory.made(uid(vip), eni.eniId()));
  }

  /** Creates the record of an ENI's primary address again. */
  void recordAgain(NodeENIConfig nec, Gathered known, BoundEni eni) {
    var name = nec.getMetadata().getName();
    var record =
        Optional.ofNullable(known.records().get(eni.primaryIp()))
            .or(() -> records.take(eni.primaryIp(), eni.subnetId(), name));
    if (record.isPresent()) {
      records.attached(record.get(), eni.eniId());
    } else {
      LOG.warnf(
          "%s, the primary address of %s on node %s, is recorded for another owner",
          eni.primaryIp(), eni.eniId(), name);
    }
  }

  private void begin(NodeENIConfig nec, Gathered gathered, VpcIP vip) {
    var name = nec.getMetadata().getName();
    var vipUid = uid(vip);
    var spec =
        new EniSpec(
            eniName(name, vip.getMetadata().getName()),
            vip.getSpec().subnetId(),
            vip.ip(),
            groups.get().groupsFor(nec.getSpec().securityGroups()),
            EniTags.ofEni(settings.clusterId(), name, vipUid),
            "create-" + vipUid);
    var known = memory.made(vipUid).or(() -> adoptable(gathered, spec.primaryIp()));
    boolean mayBeThere = !memory.takeSureToBeAbsent(vipUid);
    tasks.start(
        PendingEnis.binding(nec, vip),
        () ->
            cloud.bind(
                spec,
                nec.getSpec().instanceId(),
                "attach-" + vipUid,
                known,
                mayBeThere,
                eniId -> memory.made(vipUid, eniId)),
        () -> necs.enqueue(name));
  }

  private static Optional<String> adoptable(Gathered known, Ip primary) {
    return known.ours().stream()
        .filter(eni -> eni.primaryIp().equals(primary))
        .map(BoundEni::eniId)
        .findFirst();
  }

  /** Like {@code node-a-10.0.3.7}; of a long name the beginning. */
  static String eniName(String node, String ip) {
    int room = LONGEST_NAME - ip.length() - 1;
    return (node.length() > room ? node.substring(0, room) : node) + "-" + ip;
  }

  private void pause(NodeENIConfig nec, Gathered known, Step.Pause pause) {
    var ip = pause.eni().primaryIp();
    var vip = known.records().get(ip);
    var failed = known.failures().get(ip);
    var vipUid = uid(vip);
    boolean quota = failed.cause().kind() == CloudException.Kind.QUOTA;
    memory.pause(
        vipUid,
        pause.problem(),
        quota && failed.pause().compareTo(QUOTA_AGAIN) > 0 ? QUOTA_AGAIN : failed.pause());
    switch (failed.cause().kind()) {
      case QUOTA, DENIED -> {
        if (memory.made(vipUid).isEmpty()) {
          memory.sureToBeAbsent(vipUid);
        }
      }
      case NOT_FOUND -> {
        memory.unmade(vipUid);
        memory.unlook(nec.getMetadata().getUid());
      }
      case SUBNET_FULL, ADDRESS_TAKEN, THROTTLED, TRANSIENT, INVALID -> {}
    }
    records.refused(vip, pause.problem(), pause.said(), failed.cause().requestId());
  }

  private void giveUp(NodeENIConfig nec, Gathered known, Step.GiveUp giveUp) {
    var ip = giveUp.eni().primaryIp();
    var vip = known.records().get(ip);
    if (giveUp.foreign()) {
      book.markForeign(ip);
      events.warn(nec, giveUp.problem().reason(), giveUp.problem().message());
    } else {
      memory.full(giveUp.eni().subnetId());
    }
    records.drop(vip);
    memory.forgetAddress(uid(vip));
  }

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
