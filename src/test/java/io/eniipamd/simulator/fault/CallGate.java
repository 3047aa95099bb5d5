package io.eniipamd.simulator.fault;

/**
 * A place for a test to stand in the way of changing calls: it is asked before and after the effect
 * of each, in the thread of the call, and may take its time.
 */
public interface CallGate {

  /** What becomes of the call. */
  enum Decision {
    /** It goes on. */
    PROCEED,
    /** Its connection is closed; before the effect, the effect does not take place either. */
    CUT
  }

  /**
   * Asked when a changing call is about to have its effect.
   *
   * @param action like {@code AssignPrivateIpAddresses}
   * @param request its body, JSON in one line
   */
  default Decision before(String action, String request) {
    return Decision.PROCEED;
  }

  /**
   * Asked when the model has carried out or refused a changing call, before it is answered.
   *
   * @param result {@code OK} or the error code
   */
  default Decision after(String action, String request, String result) {
    return Decision.PROCEED;
  }

  /** Lets everything pass. */
  static CallGate open() {
    return new CallGate() {};
  }
}
