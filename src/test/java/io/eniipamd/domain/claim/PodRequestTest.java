package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.condition.ClaimReason;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodRequestTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tke-route-eni",
        "tke-route-eni,tke-rdma-ipvlan",
        "tke-bridge, tke-route-eni",
        "tke-route-eni@eth0,tke-rdma-ipvlan@eth1",
        "tke-rdma-ipvlan@eth1 , tke-route-eni@eth0"
      })
  void shouldWantASharedEniWhenOneOfTheNetworksIsOurs(String networks) {
    assertThat(read(networks))
        .isInstanceOfSatisfying(
            PodRequest.Requested.class,
            requested -> {
              assertThat(requested.direct()).isFalse();
              assertThat(requested.errors()).isEmpty();
            });
  }

  @Test
  void shouldWantAnEniOfItsOwnWhenTheListNamesThat() {
    assertThat(read("tke-rdma-ipvlan,tke-direct-eni@eth0"))
        .isInstanceOfSatisfying(PodRequest.Requested.class, w -> assertThat(w.direct()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tke-bridge", "flannel@eth0,tke-rdma-ipvlan", "my-tke-route-eni"})
  void shouldLeaveThePodAloneWhenNoneOfTheNetworksIsOurs(String networks) {
    assertThat(read(networks)).isEqualTo(new PodRequest.NotOurs(Optional.empty()));
  }

  @Test
  void shouldGoByTheResourceWhenNoneOfTheNetworksIsOurs() {
    assertThat(read("tke-rdma-ipvlan", PodRequest.ENI_IP))
        .isInstanceOfSatisfying(PodRequest.Requested.class, w -> assertThat(w.fatal()).isEmpty());
  }

  @Test
  void shouldRefuseWhenTheListNamesBothOfOurs() {
    assertThat(read("tke-route-eni,tke-direct-eni@eth1"))
        .isInstanceOfSatisfying(
            PodRequest.Requested.class,
            w ->
                assertThat(w.fatal())
                    .hasValueSatisfying(
                        c -> assertThat(c.reason()).isEqualTo(ClaimReason.NETWORK_MODE_CONFLICT)));
  }

  @Test
  void shouldRefuseWhenTheListAndTheResourceDisagree() {
    assertThat(read("tke-rdma-ipvlan,tke-route-eni", PodRequest.DIRECT_ENI))
        .isInstanceOfSatisfying(
            PodRequest.Requested.class,
            w ->
                assertThat(w.fatal())
                    .hasValueSatisfying(
                        c ->
                            assertThat(c.message())
                                .contains("names tke-route-eni but the Pod requests")));
  }

  private static PodRequest read(String networks, String... resources) {
    return PodRequest.read(
        new PodFacts(
            Optional.of(networks),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(resources),
            false));
  }
}
