package io.eniipamd.simulator.record;

import java.time.Duration;
import java.time.Instant;

/**
 * A call that the server has answered, or has left without an answer.
 *
 * @param number counts from 1, in the order in which the calls ended
 * @param at when it came in
 * @param action like {@code AssignPrivateIpAddresses}
 * @param changing whether the action changes anything when it succeeds
 * @param secretId the key it was signed with, as far as told
 * @param request its body, JSON in one line
 * @param result {@code OK}, the error code, or how it was disturbed
 * @param effective whether the model carried it out, whatever was answered
 * @param requestId the id in the answer
 * @param took from the request read to the answer ready
 */
public record Call(
    long number,
    Instant at,
    String action,
    boolean changing,
    String secretId,
    String request,
    String result,
    boolean effective,
    String requestId,
    Duration took) {

  /** The result of a call that went well. */
  public static final String OK = "OK";

  /** Whether the caller was told that it went well. */
  public boolean succeeded() {
    return result.equals(OK);
  }
}
