package io.eniipamd.simulator.model;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class VpcModelPropertyTest {

  @Property(tries = 60, seed = "20260101")
  void shouldKeepEveryInvariantWhateverIsAsked(@ForAll long seed) {
    RandomWalk.play(seed);
  }
}
