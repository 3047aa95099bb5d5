package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpec;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.kube.address.SubnetCounts.Holder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SubnetCountsTest {
  private static final List<String> SUBNETS = List.of("subnet-a", "subnet-b");
  private static final int ADDRESSES = 40;
  private static final int CLAIMS = 12;

  private final AddressBook book = new AddressBook(Clock.systemUTC());
  private final Random random = new Random(20260101);

  /** What the book was told of, newest states only. */
  private final Map<String, VpcIP> records = new HashMap<>();

  private final Map<String, ClaimPhase> claims = new HashMap<>();
  private final AtomicInteger looks = new AtomicInteger();
  private int version = 1;

  @Test
  void shouldEqualARecountWhateverHasChanged() {
    for (int step = 0; step < 5_000; step++) {
      change();

      for (var subnet : SUBNETS) {
        assertThat(nonZero(book.counts().of(subnet)))
            .as("%s after step %d", subnet, step)
            .isEqualTo(recount(subnet));
      }
    }
  }

  @Test
  void shouldLookAtNoRecordAndWaitForNobodyWhenItIsRead() throws Exception {
    for (int step = 0; step < 500; step++) {
      change();
    }
    var expected = recount("subnet-a");
    looks.set(0);

    CompletableFuture<Map<Holder, Long>> read;
    synchronized (book) {
      // One thread allocates at length.
      read = CompletableFuture.supplyAsync(() -> book.counts().of("subnet-a"));
      assertThat(nonZero(read.get(30, TimeUnit.SECONDS))).isEqualTo(expected);
    }

    assertThat(looks).hasValue(0);
  }

  private void change() {
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> {
        var record = record();
        records.put(record.getMetadata().getName(), record);
        book.changed(record);
      }
      case 3 -> {
        var name = name(random.nextInt(ADDRESSES));
        var record = records.remove(name);
        if (record != null) {
          book.deleted(record);
        }
      }
      case 4 -> {
        var claim = claim();
        claims.put(claim.getMetadata().getName(), claim.getStatus().phase());
        book.claims().changed(claim);
      }
      default -> {
        var claim = claim();
        claims.remove(claim.getMetadata().getName());
        book.claims().deleted(claim);
      }
    }
    if (random.nextInt(100) == 0) {
      // A new leader's list, which lacks some.
      records.values().removeIf(record -> random.nextInt(10) == 0);
      book.replaceBy(List.copyOf(records.values()), String.valueOf(version++));
    }
  }

  private Map<Holder, Long> recount(String subnet) {
    var counted = new EnumMap<Holder, Long>(Holder.class);
    records.values().stream()
        .filter(record -> record.getSpec().subnetId().equals(subnet))
        .forEach(record -> counted.merge(holder(record), 1L, Long::sum));
    return counted;
  }

  private Holder holder(VpcIP record) {
    return switch (record.statusOrEmpty().phase()) {
      case RELEASING, QUARANTINED -> Holder.RELEASING;
      case ATTACHING, ASSIGNED, AVAILABLE, HELD, UNKNOWN -> {
        var ref = record.getSpec().claimRef();
        if (Boolean.TRUE.equals(record.getSpec().warm())) {
          yield Holder.WARM;
        }
        if (record.getSpec().type() == VpcIPType.ENI) {
          yield Holder.ENI;
        }
        yield ref != null && claims.get(ref.name()) == ClaimPhase.RETAINED
            ? Holder.RETAINED
            : Holder.POD;
      }
    };
  }

  private static Map<Holder, Long> nonZero(Map<Holder, Long> counts) {
    var some = new EnumMap<Holder, Long>(Holder.class);
    counts.forEach((holder, count) -> some.merge(holder, count, Long::sum));
    some.values().removeIf(count -> count == 0);
    return some;
  }

  private VpcIP record() {
    var name = name(random.nextInt(ADDRESSES));
    boolean eni = random.nextInt(5) == 0;
    var claim =
        eni || random.nextInt(5) == 0
            ? null
            : new ClaimRef("prod", "claim-" + random.nextInt(CLAIMS), "uid");
    var known = records.get(name);
    var record = new Watchful();
    record.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withUid(known == null ? "uid-" + version : known.getMetadata().getUid())
            .withResourceVersion(String.valueOf(version++))
            .build());
    record.setSpec(
        VpcIPSpecBuilder.builder()
            .type(eni ? VpcIPType.ENI : VpcIPType.POD)
            .subnetId(SUBNETS.get(random.nextInt(SUBNETS.size())))
            .claimRef(claim)
            .eniId("eni-a")
            .warm((claim == null && !eni && random.nextBoolean()) ? true : null)
            .build());
    var phases = VpcIPPhase.values();
    record.setStatus(
        VpcIPStatusBuilder.builder().phase(phases[random.nextInt(phases.length)]).build());
    return record;
  }

  private VpcIPClaim claim() {
    var claim = new VpcIPClaim();
    var name = "claim-" + random.nextInt(CLAIMS);
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("prod")
            .withName(name)
            .withUid("uid-of-" + name)
            .build());
    var phases = ClaimPhase.values();
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder().phase(phases[random.nextInt(phases.length)]).build());
    return claim;
  }

  private static String name(int number) {
    return "10.0.0." + (number + 4);
  }

  /** A record that notices when it is looked at. */
  @Group(Names.GROUP)
  @Version(Names.VERSION)
  private final class Watchful extends VpcIP {
    private static final long serialVersionUID = 1L;

    @Override
    public VpcIPSpec getSpec() {
      looks.incrementAndGet();
      return super.getSpec();
    }
  }
}
