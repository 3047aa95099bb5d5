package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EniDemandTest {
  private final EniDemand demand = new EniDemand();

  @Test
  void shouldWithdrawAClaimFromEveryNodeAndLeaveTheOthers() {
    demand.ask("node-1", "uid-1", Set.of());
    demand.ask("node-2", "uid-1", Set.of("subnet-a"));
    demand.ask("node-2", "uid-2", Set.of());

    demand.withdraw("uid-1");

    assertThat(demand.on("node-1")).isEmpty();
    assertThat(demand.on("node-2")).containsOnlyKeys("uid-2");
  }

  @Test
  void shouldTellOfADemandThatHasGrownOnly() {
    List<String> told = new ArrayList<>();
    demand.onGrowth(told::add);

    demand.ask("node-1", "uid-1", Set.of());
    demand.ask("node-1", "uid-1", Set.of());
    demand.withdraw("uid-1");
    demand.withdraw("uid-1");
    demand.ask("node-1", "uid-1", Set.of());

    assertThat(told).containsExactly("node-1", "node-1");
  }
}
