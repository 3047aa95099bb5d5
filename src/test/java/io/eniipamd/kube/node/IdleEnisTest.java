package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdleEnisTest {
  private static final Duration DELAY = Duration.ofMinutes(10);

  private final NodeBench bench = new NodeBench();
  private final AddressBook book = bench.book;
  private final NodeENIConfig nec =
      Serialization.unmarshal(
          """
          {"metadata": {"name": "node-a", "uid": "uid-nec"},
           "spec": {"instanceId": "ins-00000001", "subnets": []},
           "status": {"eniInfos": [
             {"eniId": "eni-a", "primaryIP": "10.0.0.2", "subnetId": "subnet-a", "slots": 4,
              "phase": "Attached"},
             {"eniId": "eni-b", "primaryIP": "10.0.0.3", "subnetId": "subnet-a", "slots": 4,
              "phase": "Attached"}]}}""",
          NodeENIConfig.class);
  private final IdleEnis idle =
      new IdleEnis(
          ListedObjects.watched(NodeENIConfig.class, nec),
          book,
          new NodeSettings("cls-a", Duration.ZERO, DELAY),
          bench.clock);

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldCountFromTheFirstSightOfAnEmptyEni() {
    idle.look();
    bench.clock.advance(DELAY.minusSeconds(1));
    assertThat(idle.isIdle(eni(0))).isFalse();

    bench.clock.advance(Duration.ofSeconds(1));
    assertThat(idle.isIdle(eni(0))).isTrue();
  }

  @Test
  void shouldCountAnewWhenAnAddressHasBeenThere() {
    idle.look();
    bench.clock.advance(DELAY);
    var records = new VpcIpStore(bench.client, book, Journals.none(), bench.clock);
    var vip = records.takeWarm(Ip.parse("10.0.0.9"), "subnet-a", "eni-a", "node-a").orElseThrow();
    assertThat(idle.isIdle(eni(0))).isFalse();

    book.deleted(vip);
    assertThat(idle.isIdle(eni(0))).isFalse();
    bench.clock.advance(DELAY);
    assertThat(idle.isIdle(eni(0))).isTrue();
  }

  @Test
  void shouldForgetAnEniThatTheRecordDoesNotListAnyMore() {
    idle.look();
    bench.clock.advance(DELAY);
    var gone = eni(1);
    nec.setStatus(
        Serialization.unmarshal(
            "{\"eniInfos\": []}", io.eniipamd.api.v1.NodeENIConfigStatus.class));

    idle.look();

    assertThat(idle.isIdle(gone)).isFalse();
  }

  private EniInfo eni(int which) {
    return nec.statusOrEmpty().eniInfos().get(which);
  }
}
