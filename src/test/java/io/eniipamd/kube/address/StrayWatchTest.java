package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.node.EniTags;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class StrayWatchTest {
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
    var own = new OwnEnis(cloud, necs, nodes, EniTags.CLUSTER, "cls-a", Runnable::run, clock);
    // Nothing is found that would have to be written or told.
    var watch =
        new StrayWatch(cloud, necs, own, new AddressBook(clock), null, null, () -> true, clock);
    cloud.describeUnreadably("eni-a");

    // when
    watch.look();
    watch.look();

    // then
    assertThat(own.isUsable("eni-a")).isTrue();
    assertThat(own.isUsable("eni-b")).isTrue();
  }
}
