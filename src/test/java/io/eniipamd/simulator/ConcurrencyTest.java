package io.eniipamd.simulator;

import static io.eniipamd.simulator.Sdk.NODE_1;
import static io.eniipamd.simulator.Sdk.NODE_2;
import static io.eniipamd.simulator.Sdk.ZONE_3_SUBNET;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.layout.VpcLayout.Latencies;
import io.eniipamd.simulator.record.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many callers at once. */
class ConcurrencyTest {
  private static final int ADDRESSES = 40;

  @Test
  void shouldGiveAnAddressToOneOnlyWhenManyAskForIt() throws Exception {
    try (SimulatedVpc cloud = SimulatedVpc.start(roomy());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      // given: two ENIs that race for the same addresses
      Sdk sdk = new Sdk(cloud);
      List<String> enis =
          List.of(
              sdk.createAttached(ZONE_3_SUBNET, NODE_1), sdk.createAttached(ZONE_3_SUBNET, NODE_2));

      // when
      List<Future<Boolean>> asked = new ArrayList<>();
      for (String ip : addresses()) {
        enis.forEach(eni -> asked.add(callers.submit(() -> tryToAssign(sdk, eni, ip))));
      }
      int given = 0;
      for (Future<Boolean> one : asked) {
        given += one.get() ? 1 : 0;
      }

      // then
      assertThat(given).isEqualTo(ADDRESSES);
      assertThat(cloud.snapshot().secondaryAddresses())
          .containsExactlyInAnyOrderElementsOf(addresses());
      assertThat(cloud.record().callsOf("AssignPrivateIpAddresses"))
          .hasSize(2 * ADDRESSES)
          .filteredOn(Call::effective)
          .hasSize(ADDRESSES);
    }
  }

  private static boolean tryToAssign(Sdk sdk, String eni, String ip) {
    try {
      sdk.assign(eni, ip);
      return true;
    } catch (TencentCloudSDKException e) {
      assertThat(e.getErrorCode()).as("the code of %s", e).isEqualTo("ResourceInUse");
      return false;
    }
  }

  private static List<String> addresses() {
    return IntStream.range(0, ADDRESSES).mapToObj(i -> "10.0.0." + (100 + i)).toList();
  }

  private static VpcLayout roomy() {
    return VpcLayout.standard()
        .withLatencies(Latencies.none())
        .withLimits(List.of(new VpcLayout.InstanceLimit("S5.LARGE8", 4, 100, 4, 1)));
  }
}
