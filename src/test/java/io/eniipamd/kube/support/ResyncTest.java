package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResyncTest {
  private static final int OBJECTS = 20_000;

  private final List<ResourceID> enqueued = new ArrayList<>();
  private final Resync resync = new Resync(List.of(watched(), watched()));

  @Test
  void shouldEnqueueEveryObjectOnceWhenAllTurnsHavePassed() {
    for (int i = 0; i < Resync.TURNS; i++) {
      resync.next();
    }

    assertThat(enqueued).hasSize(2 * OBJECTS);
    assertThat(enqueued.stream().distinct()).hasSize(OBJECTS);
  }

  @Test
  void shouldEnqueueAShareOnlyWhenItsTurnHasCome() {
    resync.next();

    int even = 2 * OBJECTS / Resync.TURNS;
    assertThat(enqueued).hasSizeBetween(even / 2, even * 2);
  }

  private SharedCache<VpcIP> watched() {
    var watched =
        ListedObjects.watched(
            VpcIP.class, IntStream.range(0, OBJECTS).mapToObj(ResyncTest::record).toList());
    watched.setEventHandler(event -> enqueued.add(event.getRelatedCustomResourceID()));
    watched.start();
    return watched;
  }

  /** With a UID as the API server gives them. */
  private static VpcIP record(int i) {
    var vip = new VpcIP();
    vip.setMetadata(
        new ObjectMetaBuilder()
            .withName("10.0.%d.%d".formatted(i >> 8, i & 255))
            .withUid("%08x-5bd1-4b3a-9a6e-0242ac120002".formatted(i * 0x9E3779B1))
            .build());
    return vip;
  }
}
