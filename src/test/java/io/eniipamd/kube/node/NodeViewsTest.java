package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.RetentionView.Place;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.WarmAddress;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.testing.CountedReads;
import io.eniipamd.testing.ListedObjects;
import io.eniipamd.testing.time.SteppedClock;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeViewsTest {
  private static final String ENI =
      """
      {"eniId":"eni-a","mac":"20:90:6f:00:00:01","primaryIP":"10.0.0.2","subnetId":"subnet-a",\
      "subnetCIDR":"10.0.0.0/24","gateway":"10.0.0.1","slots":9,"used":0,"phase":"Attached"}""";

  private static final String RECORD =
      """
      {"metadata":{"name":"10.10.21.166"},
       "spec":{"instanceId":"ins-old00001","zone":"ap-chengdu-1","subnets":[]},
       "status":{"maxRouteENI":2,"maxIPPerENI":9,"eniInfos":[
         %s]}}
      """
          .formatted(ENI);

  /** No client reads it: what users are told is lost. */
  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(Config.empty())
                  .withMasterUrl("http://127.0.0.1:1")
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .build();

  private final SteppedClock clock = SteppedClock.at(Instant.EPOCH);
  private final CountedClock bookClock = new CountedClock(clock);
  private SharedCache<NodeENIConfig> necs;
  private AddressBook book;
  private StrayCollector strays;
  private final KubernetesSerialization json = new KubernetesSerialization();

  @Test
  void shouldOfferNoWarmAddressThatHasAProblem() {
    var views = viewsOn("ins-old00001", RECORD);
    book.changed(warm("10.0.0.8", "\"phase\":\"Attaching\""));
    book.changed(warm("10.0.0.9", "\"phase\":\"Attaching\",\"error\":\"a Pod uses it\""));

    assertThat(views.of("10.10.21.166").orElseThrow().warm())
        .containsExactly(new WarmAddress(Ip.parse("10.0.0.8"), "eni-a", false));
    assertThat(views.isWarm(book.get(Ip.parse("10.0.0.8")).orElseThrow())).isTrue();
    assertThat(views.isWarm(book.get(Ip.parse("10.0.0.9")).orElseThrow())).isFalse();
  }

  private VpcIP warm(String ip, String status) {
    return json.unmarshal(
        """
        {"metadata":{"name":"%s","uid":"uid-%s","resourceVersion":"1"},
         "spec":{"type":"Pod","subnetId":"subnet-a","eniId":"eni-a","nodeName":"10.10.21.166",
           "warm":true},
         "status":{%s}}"""
            .formatted(ip, ip, status),
        VpcIP.class);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldShowTheEnisOfTheRecordWhenTheNodeRunsOnItsMachine() {
    assertThat(viewOn("ins-old00001").enis()).extracting(EniView::eniId).containsExactly("eni-a");
  }

  @Test
  void shouldShowNoEniAndSayWhyWhenTheNodeRunsOnAnotherMachine() {
    var node = viewOn("ins-new00001");

    assertThat(node.enis()).isEmpty();
    assertThat(node.problem())
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.reason()).isEqualTo(NodeReason.INSTANCE_CHANGED);
              assertThat(problem.message()).contains("ins-new00001", "ins-old00001");
            });
  }

  @Test
  void shouldKeepNoAddressOnANodeWhenItRunsOnAnotherMachine() {
    assertThat(viewsOn("ins-new00001").elsewhere("subnet-a", "node-b")).isEmpty();
  }

  @Test
  void shouldSayThatTheNodeMayGrowWhenTheOnlyEniThatItMayHaveIsGone() {
    var views = viewsOn("ins-old00001", RECORD.replace("\"maxRouteENI\":2", "\"maxRouteENI\":1"));
    assertThat(views.of("10.10.21.166")).hasValueSatisfying(v -> assertThat(v.mayGrow()).isFalse());

    // The cloud has no ENI at all.
    strays.look();
    strays.look();

    assertThat(views.of("10.10.21.166"))
        .hasValueSatisfying(
            v -> {
              assertThat(v.enis()).isEmpty();
              assertThat(v.mayGrow()).isTrue();
            });
  }

  @Test
  void shouldSayThatTheSubnetIsFullUntilAStrangerHasLeftItsLastAddress() {
    var views = viewsOn("ins-old00001");
    book.subnets(
        List.of(new Subnet("subnet-a", "vpc-a", "ap-chengdu-1", Cidr.parse("10.0.0.0/29"), 5, 5)));
    while (book.pick("subnet-a", "uid-1").isPresent()) {
      // the last one is left to a stranger
    }
    var last = Ip.parse("10.0.0.6");
    book.putBack(last);
    assertThat(subnetFull(views)).isFalse();

    book.markForeign(last);

    assertThat(subnetFull(views)).isTrue();
    clock.advance(Duration.ofMinutes(11));
    assertThat(subnetFull(views)).isFalse();
  }

  @Test
  void shouldAskWhetherASubnetIsFullOnceWhateverTheNumberOfItsEnis() {
    var enis = new ArrayList<String>();
    for (int i = 0; i < 8; i++) {
      enis.add(ENI.replace("eni-a", "eni-" + i).replace("10.0.0.2", "10.0.0." + (10 + i)));
    }
    var views = viewsOn("ins-old00001", RECORD.replace(ENI, String.join(",", enis)));
    book.subnets(
        List.of(new Subnet("subnet-a", "vpc-a", "ap-chengdu-1", Cidr.parse("10.0.0.0/24"), 5, 5)));
    bookClock.readings = 0;

    assertThat(views.of("10.10.21.166").orElseThrow().enis()).hasSize(8);

    // The book looks at its clock each time when it is asked.
    assertThat(bookClock.readings).isEqualTo(1);
  }

  private static boolean subnetFull(NodeViews views) {
    return views.of("10.10.21.166").orElseThrow().enis().getFirst().subnetFull();
  }

  @Test
  void shouldLookAtTheRecordsOfTheSubnetOnlyWhenAKeptAddressNeedsAnotherPlace() {
    var records = new ArrayList<NodeENIConfig>();
    var machines = new ArrayList<SlimNode>();
    for (int i = 0; i < 300; i++) {
      var name = "node-" + i;
      var subnet = i % 100 == 0 ? "subnet-rare" : "subnet-a";
      records.add(
          json.unmarshal(
              RECORD
                  .replace("10.10.21.166", name)
                  .replace("eni-a", "eni-" + i)
                  .replace("subnet-a", subnet),
              NodeENIConfig.class));
      machines.add(node(name, "ins-old00001"));
    }
    var lookedAt = new ArrayList<String>();
    var necs = new SharedCache<>(NodeENIConfig.class);
    necs.bind(
        new EventSourceContext<>(
            new CountedReads<>(new ListedObjects<>(records), lookedAt),
            null,
            null,
            NodeENIConfig.class),
        Map.of());
    var views = views(necs, ListedObjects.watched(SlimNode.class, machines));
    records.forEach(necs::onResourceCreated);

    var place = views.elsewhere("subnet-rare", "node-0");

    assertThat(place).map(Place::node).contains("node-200");
    assertThat(lookedAt).containsExactlyInAnyOrder("node-100", "node-200");
  }

  @Test
  void shouldFindNoPlaceOnANodeWhoseRecordHasLostItsEniOfTheSubnet() {
    var views = viewsOn("ins-old00001");
    assertThat(views.elsewhere("subnet-a", "node-b")).isPresent();

    necs.onResourceDeleted(necs.get("10.10.21.166").orElseThrow());

    assertThat(views.elsewhere("subnet-a", "node-b")).isEmpty();
  }

  /** Counts how often it is read. */
  private static final class CountedClock extends Clock {
    private final Clock clock;
    private int readings;

    CountedClock(Clock clock) {
      this.clock = clock;
    }

    @Override
    public Instant instant() {
      readings++;
      return clock.instant();
    }

    @Override
    public ZoneId getZone() {
      return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private NodeView viewOn(String instance) {
    return viewsOn(instance).of("10.10.21.166").orElseThrow();
  }

  private NodeViews viewsOn(String instance) {
    return viewsOn(instance, RECORD);
  }

  private NodeViews viewsOn(String instance, String record) {
    necs = ListedObjects.watched(NodeENIConfig.class, json.unmarshal(record, NodeENIConfig.class));
    var views = views(necs, ListedObjects.watched(SlimNode.class, node("10.10.21.166", instance)));
    necs.all().toList().forEach(necs::onResourceCreated);
    return views;
  }

  private SlimNode node(String name, String instance) {
    return json.unmarshal(
        """
        {"metadata":{"name":"%s"},"spec":{"providerID":"qcloud:///160001/%s"}}
        """
            .formatted(name, instance),
        SlimNode.class);
  }

  private NodeViews views(SharedCache<NodeENIConfig> records, SharedCache<SlimNode> nodes) {
    var vpc = new FakeVpcCloud();
    var own = new OwnEnis(vpc, records, nodes, PlainAddresses.of("cls-a"), Runnable::run, clock);
    book = new AddressBook(bookClock);
    strays =
        new StrayCollector(
            vpc,
            records,
            own,
            book,
            new VpcIpStore(client, book, Journals.none(), clock),
            new EventRecorder(client, clock),
            PlainAddresses.reporting("cls-a"),
            ReleaseHold.NONE,
            clock);
    return new NodeViews(records, nodes, own, new FullPlaces(System::nanoTime), book);
  }
}
