package io.eniipamd.simulator.model;

/** How an asynchronous task is to end. */
public enum TaskFate {
  SUCCEEDS,
  /** It runs for its time, is then {@code FAILED}, and its effect is taken back. */
  FAILS,
  /** It runs until a caller lets it end. */
  HANGS
}
