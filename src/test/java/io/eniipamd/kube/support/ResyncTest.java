package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResyncTest {
  private static final int OBJECTS = 20_000;

  private final List<ResourceID> woken = new ArrayList<>();
  private final Resync resync = new Resync(List.of(watched(), watched()));

  @Test
  void shouldWakeEveryObjectOnceWhenAllTurnsHavePassed() {
    for (int i = 0; i < Resync.TURNS; i++) {
      resync.next();
    }

    assertThat(woken).hasSize(2 * OBJECTS);
    assertThat(woken.stream().distinct()).hasSize(OBJECTS);
  }

  @Test
  void shouldWakeAShareOnlyWhenItsTurnHasCome() {
    resync.next();

    int even = 2 * OBJECTS / Resync.TURNS;
    assertThat(woken).hasSizeBetween(even / 2, even * 2);
  }

  private Watched<VpcIP> watched() {
    var watched = new Watched<>(VpcIP.class);
    watched.over(new Cache());
    watched.setEventHandler(event -> woken.add(event.getRelatedCustomResourceID()));
    watched.start();
    return watched;
  }

  /** As many records, with UIDs as the API server gives them. */
  private record Cache() implements IndexerResourceCache<VpcIP> {
    @Override
    public Stream<VpcIP> list(Predicate<VpcIP> predicate) {
      return IntStream.range(0, OBJECTS).mapToObj(Cache::record).filter(predicate);
    }

    private static VpcIP record(int i) {
      var vip = new VpcIP();
      vip.setMetadata(
          new ObjectMetaBuilder()
              .withName("10.0.%d.%d".formatted(i >> 8, i & 255))
              .withUid("%08x-5bd1-4b3a-9a6e-0242ac120002".formatted(i * 0x9E3779B1))
              .build());
      return vip;
    }

    @Override
    public Stream<VpcIP> list(String namespace, Predicate<VpcIP> predicate) {
      return list(predicate);
    }

    @Override
    public Optional<VpcIP> get(ResourceID id) {
      return Optional.empty();
    }

    @Override
    public Stream<ResourceID> keys() {
      return Stream.empty();
    }

    @Override
    public void addIndexers(Map<String, Function<VpcIP, List<String>>> indexers) {}

    @Override
    public List<VpcIP> byIndex(String index, String key) {
      return List.of();
    }
  }
}
