package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.testing.CountedReads;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrayCollectorTest {
  private static final String RECORD =
      """
      {"metadata":{"name":"node-1"},
       "spec":{"instanceId":"ins-00000001","zone":"zone-1","subnets":[]},
       "status":{"maxRouteENI":2,"maxIPPerENI":9,"eniInfos":[
         {"eniId":"eni-a","primaryIP":"10.0.0.2","subnetId":"subnet-a","slots":9,"used":0},
         {"eniId":"eni-b","primaryIP":"10.0.0.3","subnetId":"subnet-a","slots":9,"used":0}]}}
      """;

  @Test
  void shouldNotTakeAnEniForGoneWhenItsRowCannotBeRead() {
    // given
    var cloud = new FakeVpcCloud();
    for (String[] eni : new String[][] {{"eni-a", "10.0.0.2"}, {"eni-b", "10.0.0.3"}}) {
      cloud.addEni(eni[0], "subnet-a", Ip.parse(eni[1]));
      cloud.attached(eni[0], "ins-00000001");
    }
    var clock = Clock.systemUTC();
    var necs =
        ListedObjects.watched(
            NodeENIConfig.class,
            new KubernetesSerialization().unmarshal(RECORD, NodeENIConfig.class));
    var nodes = ListedObjects.watched(SlimNode.class);
    var own = new OwnEnis(cloud, necs, nodes, PlainAddresses.of("cls-a"), Runnable::run, clock);
    // Nothing is found that would have to be written or told.
    var watch =
        new StrayCollector(
            cloud,
            necs,
            own,
            new AddressBook(clock),
            null,
            null,
            PlainAddresses.of("cls-a"),
            ReleaseHold.NONE,
            clock);
    cloud.describeUnreadably("eni-a");

    // when
    watch.look();
    watch.look();

    // then
    assertThat(own.isUsable("eni-a")).isTrue();
    assertThat(own.isUsable("eni-b")).isTrue();
  }

  @Test
  void shouldReadTheRecordOfTheSuspectedEnisNodeOnly() {
    // given
    var records = new ArrayList<NodeENIConfig>();
    for (int i = 1; i <= 50; i++) {
      records.add(
          new KubernetesSerialization()
              .unmarshal(
                  RECORD
                      .replace("node-1", "node-" + i)
                      .replace("eni-a", "eni-a" + i)
                      .replace("eni-b", "eni-b" + i),
                  NodeENIConfig.class));
    }
    var read = new ArrayList<String>();
    var necs = new SharedCache<>(NodeENIConfig.class);
    necs.bind(
        new EventSourceContext<>(
            new CountedReads<>(new ListedObjects<>(records), read),
            null,
            null,
            NodeENIConfig.class),
        Map.of());
    var cloud = new FakeVpcCloud();
    cloud.addEni("eni-a7", "subnet-a", Ip.parse("10.0.0.2"));
    cloud.attached("eni-a7", "ins-00000001");
    var clock = Clock.systemUTC();
    var own =
        new OwnEnis(
            cloud,
            necs,
            ListedObjects.watched(SlimNode.class),
            PlainAddresses.of("cls-a"),
            Runnable::run,
            clock);
    records.forEach(necs::onResourceCreated);
    var watch =
        new StrayCollector(
            cloud,
            necs,
            own,
            new AddressBook(clock),
            null,
            null,
            PlainAddresses.of("cls-a"),
            ReleaseHold.NONE,
            clock);
    watch.suspect("eni-a7");

    // when
    watch.lookIfSuspected();

    // then
    assertThat(read).containsExactly("node-7");
    assertThat(cloud.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES)).hasSize(1);
  }
}
