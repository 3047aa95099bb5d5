package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Ticket;
import java.util.Set;

/**
 * One action of the API.
 *
 * @param name like {@code AssignPrivateIpAddresses}
 * @param changing whether it changes anything
 * @param takesAddresses whether addresses that it names become taken
 * @param perSecond the documented limit of requests a second (100 where none was found)
 * @param parameters the names that a request may use
 * @param handler what it does
 */
public record Action(
    String name,
    boolean changing,
    boolean takesAddresses,
    int perSecond,
    Set<String> parameters,
    Handler handler) {

  /** The limit where the documents give none. */
  static final int DEFAULT_RATE = 100;

  /** The limit of the slower actions. */
  static final int SLOW_RATE = 20;

  /** Does what the action is for. */
  interface Handler {
    /**
     * Performs a request.
     *
     * @return the answer, without its request id
     * @throws io.eniipamd.simulator.model.Refusal where the cloud would not
     */
    ObjectNode perform(Parameters parameters, Ticket ticket);
  }

  static Action reading(String name, int perSecond, Set<String> parameters, Handler handler) {
    return new Action(name, false, false, perSecond, parameters, handler);
  }

  static Action changing(String name, int perSecond, Set<String> parameters, Handler handler) {
    return new Action(name, true, false, perSecond, parameters, handler);
  }

  static Action taking(String name, int perSecond, Set<String> parameters, Handler handler) {
    return new Action(name, true, true, perSecond, parameters, handler);
  }
}
