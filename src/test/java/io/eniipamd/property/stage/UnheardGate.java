package io.eniipamd.property.stage;

import io.eniipamd.simulator.fault.CallGate;

/** One changing call is not answered; with or without its effect. */
final class UnheardGate implements CallGate {
  private final boolean afterEffect;
  private int left;

  /**
   * @param calls how many go well before it
   * @param afterEffect whether it has its effect
   */
  UnheardGate(int calls, boolean afterEffect) {
    this.left = calls;
    this.afterEffect = afterEffect;
  }

  @Override
  public Decision before(String action, String request) {
    return !afterEffect && isIt() ? Decision.CUT : Decision.PROCEED;
  }

  @Override
  public Decision after(String action, String request, String result) {
    return afterEffect && isIt() ? Decision.CUT : Decision.PROCEED;
  }

  private synchronized boolean isIt() {
    return left-- == 0;
  }
}
