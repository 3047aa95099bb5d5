package io.eniipamd.property;

/**
 * An action and what chance does around it. Each move has a seed of its own, so that taking one out
 * of a sequence leaves the others as they were.
 */
public record Move(Action action, int seed) {

  @Override
  public String toString() {
    return action + " #" + seed;
  }
}
