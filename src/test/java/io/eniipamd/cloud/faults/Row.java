package io.eniipamd.cloud.faults;

import io.eniipamd.simulator.model.VpcSnapshot;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is asked for.
 *
 * @param actions of the API that it uses, each of which is to be disturbed
 * @param changes the changing calls that it takes when nothing goes wrong, at most
 * @param scene makes what has to be there before, without faults
 * @param stands what may happen to it
 * @param restarts whether it stands one of them together with a process without the memory of the
 *     last seconds
 */
record Row(
    String name,
    List<String> actions,
    int changes,
    Function<Ground, Scene> scene,
    Predicate<Disturbance> stands,
    boolean restarts) {

  Row(String name, List<String> actions, int changes, Function<Ground, Scene> scene) {
    this(name, actions, changes, scene, any -> true, true);
  }

  /** Those of the actions that begin a task. */
  List<String> tasks() {
    return actions.stream()
        .filter(action -> !action.startsWith("Describe") && !action.contains("ReserveIp"))
        .toList();
  }

  /**
   * What is asked for in one case.
   *
   * @param goals lists that are asked for at once, each of them in its order
   * @param end what has to be true in the end
   */
  record Scene(List<List<Goal>> goals, End end) {}

  /** What has to be true in the end. */
  @FunctionalInterface
  interface End {
    void check(VpcSnapshot vpc, Map<String, Goal.Outcome> outcomes);
  }

  @Override
  public String toString() {
    return name;
  }
}
