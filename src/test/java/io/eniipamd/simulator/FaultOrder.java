package io.eniipamd.simulator;

import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Fault.Moment;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.model.Ipv4;
import java.time.Duration;

/**
 * A fault as it is ordered from outside.
 *
 * @param action an action, {@code *} or {@code changing}; absent: {@code *}
 * @param kind what goes wrong, see {@link #KINDS}
 * @param after whether it happens after the effect
 * @param code the error code of an {@code error}
 * @param millis how long a {@code latency} is
 * @param status the status of an {@code http}
 * @param times for how many calls; 0: for one, with a probability until cleared
 * @param probability the share of calls, 0 to 1; absent: each
 * @param ip the address of a {@code refuseAddress}
 * @param cidr the range of an {@code exhaust}
 */
record FaultOrder(
    String action,
    String kind,
    boolean after,
    String code,
    long millis,
    int status,
    int times,
    Double probability,
    String ip,
    String cidr) {

  private static final String KINDS =
      "latency, error, throttled, http, cut, taskFails, taskHangs, wrongRegion,"
          + " credentialsExpired, signatureExpired, refuseAddress, exhaust";

  void addTo(Faults faults) {
    if ("refuseAddress".equals(kind)) {
      faults.refuseAddress(Ipv4.of(ip == null ? "" : ip).toString());
      return;
    }
    if ("exhaust".equals(kind)) {
      faults.exhaust(cidr == null ? "" : cidr);
      return;
    }
    String where = action == null ? Faults.ANY : action;
    if (probability == null) {
      faults.times(Math.max(1, times), where, fault());
    } else if (probability < 0 || probability > 1) {
      throw new IllegalArgumentException("probability is a number from 0 to 1");
    } else if (times > 0) {
      faults.withProbability(probability, times, where, fault());
    } else {
      faults.withProbability(probability, where, fault());
    }
  }

  private Fault fault() {
    Moment moment = after ? Moment.AFTER_EFFECT : Moment.BEFORE_EFFECT;
    return switch (kind == null ? "" : kind) {
      case "latency" -> new Fault.Latency(Duration.ofMillis(millis), moment);
      case "error" -> error(code == null ? "InternalError" : code, moment);
      case "throttled" -> Fault.throttled();
      case "http" -> new Fault.HttpStatus(status == 0 ? 503 : status, moment);
      case "cut" -> new Fault.Cut(moment);
      case "taskFails" -> Fault.taskFails();
      case "taskHangs" -> Fault.taskHangs();
      case "wrongRegion" -> Fault.wrongRegion();
      case "credentialsExpired" -> Fault.credentialsExpired();
      case "signatureExpired" -> Fault.signatureExpired();
      default -> throw new IllegalArgumentException("kind is one of " + KINDS);
    };
  }

  private static Fault error(String code, Moment moment) {
    return new Fault.ApiError(code, "Injected: " + code, moment);
  }
}
