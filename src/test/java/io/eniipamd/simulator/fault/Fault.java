package io.eniipamd.simulator.fault;

import io.eniipamd.simulator.model.TaskFate;
import java.time.Duration;

/** One thing that goes wrong with one call. */
public sealed interface Fault {

  /** On which side of the effect something goes wrong. */
  enum Moment {
    BEFORE_EFFECT,
    AFTER_EFFECT
  }

  /** The call takes longer. */
  record Latency(Duration by, Moment moment) implements Fault {}

  /** The call is answered with an error of the API. */
  record ApiError(String code, String message, Moment moment) implements Fault {}

  /** The call is answered with an HTTP status and no JSON, as by a gateway in between. */
  record HttpStatus(int status, Moment moment) implements Fault {}

  /** The connection is closed without an answer. */
  record Cut(Moment moment) implements Fault {}

  /** The call is accepted, its task ends otherwise. */
  record Task(TaskFate fate) implements Fault {}

  /** An API error instead of the effect. */
  static Fault error(String code) {
    return new ApiError(code, "Injected: " + code, Moment.BEFORE_EFFECT);
  }

  /** The effect, and an API error as its answer. */
  static Fault errorAfterEffect(String code) {
    return new ApiError(code, "Injected: " + code, Moment.AFTER_EFFECT);
  }

  /** What the API answers in a region without the service. */
  static Fault wrongRegion() {
    return error("UnsupportedRegion");
  }

  /** What the API answers to temporary credentials that have expired. */
  static Fault credentialsExpired() {
    return error("AuthFailure.TokenFailure");
  }

  /** What the API answers to a signature of another time. */
  static Fault signatureExpired() {
    return error("AuthFailure.SignatureExpire");
  }

  /** What the API answers to too many requests. */
  static Fault throttled() {
    return error("RequestLimitExceeded");
  }

  /** Time that passes before the effect. */
  static Fault latency(Duration by) {
    return new Latency(by, Moment.BEFORE_EFFECT);
  }

  /** The effect at once, its answer late: the caller may have given up by then. */
  static Fault lateAnswer(Duration by) {
    return new Latency(by, Moment.AFTER_EFFECT);
  }

  /** An HTTP status instead of the effect. */
  static Fault http(int status) {
    return new HttpStatus(status, Moment.BEFORE_EFFECT);
  }

  /** The effect, and an HTTP status as its answer. */
  static Fault httpAfterEffect(int status) {
    return new HttpStatus(status, Moment.AFTER_EFFECT);
  }

  /** No effect and no answer. */
  static Fault cutBefore() {
    return new Cut(Moment.BEFORE_EFFECT);
  }

  /** The effect, and no answer. */
  static Fault cutAfter() {
    return new Cut(Moment.AFTER_EFFECT);
  }

  /** Accepted; the task fails at its end and its effect is taken back. */
  static Fault taskFails() {
    return new Task(TaskFate.FAILS);
  }

  /** Accepted; the task runs until it is released. */
  static Fault taskHangs() {
    return new Task(TaskFate.HANGS);
  }
}
