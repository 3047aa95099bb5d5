package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.NODE_1;
import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that found something can be had again. */
class SeedTest {
  private static final int LOOKS = 30;

  /** What a run has shown: the state's ids, and of each call the result and the id. */
  private record Seen(List<String> state, List<String> calls) {}

  @Test
  void shouldGiveTheSameIdsAndFaultsWhenTheSeedIsTheSame() throws TencentCloudSDKException {
    Seen first = run(42);
    Seen second = run(42);

    assertThat(second).isEqualTo(first);
    assertThat(first.calls()).anyMatch(c -> c.startsWith("RequestLimitExceeded"));
    assertThat(first.calls()).anyMatch(c -> c.startsWith("OK"));
  }

  @Test
  void shouldGiveOthersWhenTheSeedIsAnother() throws TencentCloudSDKException {
    Seen first = run(42);
    Seen second = run(43);

    assertThat(second.state()).doesNotContainAnyElementsOf(first.state());
    assertThat(second.calls()).doesNotContainAnyElementsOf(first.calls());
  }

  private static Seen run(long seed) throws TencentCloudSDKException {
    SteppedClock clock = SteppedClock.at(Instant.now());
    try (SimulatedVpc cloud = SimulatedVpc.start(VpcLayout.standard(), 0, clock, seed)) {
      Sdk sdk = new Sdk(cloud, clock);
      sdk.createAttached(ZONE_3_SUBNET, NODE_1);
      cloud.faults().withProbability(0.4, Faults.ANY, Fault.throttled());
      for (int i = 0; i < LOOKS; i++) {
        lookOnce(sdk);
      }
      return new Seen(
          cloud.snapshot().enis().stream().map(e -> e.id()).toList(),
          cloud.record().calls().stream().map(SeedTest::line).toList());
    }
  }

  private static void lookOnce(Sdk sdk) {
    try {
      sdk.subnet(ZONE_3_SUBNET);
    } catch (TencentCloudSDKException e) {
      assertThat(e.getErrorCode()).isEqualTo("RequestLimitExceeded");
    }
  }

  private static String line(Call call) {
    return call.result() + " " + call.action() + " " + call.requestId();
  }
}
