package io.eniipamd.property.memory;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * That a process of the operator can die at any of its changing calls, and is gone from then on.
 */
final class Mortality {

  /** Ends whatever the process is at; no code of the operator may catch it and go on. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("the process is gone", null, false, false);
    }
  }

  /**
   * When something happens to a call.
   *
   * @param calls how many calls go well before
   * @param afterEffect whether that call takes effect
   */
  record Plan(int calls, boolean afterEffect) {
    Plan next() {
      return new Plan(calls - 1, afterEffect);
    }

    boolean isDue() {
      return calls <= 0;
    }
  }

  /** Some of the operator's work. */
  interface Labour {
    void go() throws Exception;
  }

  private Optional<Plan> death = Optional.empty();
  private boolean dead;

  boolean dead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  /** It dies at a changing call. */
  void dieAfter(int calls, boolean afterEffect) {
    death = Optional.of(new Plan(calls, afterEffect));
  }

  /** No call kills it any more. */
  void spare() {
    death = Optional.empty();
  }

  /** Does some work, in which the process may die. */
  void run(Labour labour, Consumer<Exception> failed) {
    try {
      labour.go();
    } catch (Death e) {
      dead = true;
    } catch (UnsupportedOperationException e) {
      throw e;
    } catch (Exception e) {
      failed.accept(e);
    }
  }

  /** Makes a change, before or after which the process may die. */
  void change(Runnable effect) {
    boolean dies = death.filter(Plan::isDue).isPresent();
    boolean after = death.filter(Plan::afterEffect).isPresent();
    death = death.map(Plan::next);
    if (dies && !after) {
      perish();
    }
    effect.run();
    if (dies) {
      perish();
    }
  }

  /** A process that is gone does nothing more. */
  void awake() {
    if (dead) {
      throw new Death();
    }
  }

  private void perish() {
    dead = true;
    throw new Death();
  }
}
