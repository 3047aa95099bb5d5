package io.eniipamd.simulator.wire;

/** What goes back over the wire. */
sealed interface Reply {

  /** An answer of the API, always HTTP 200. */
  record Json(String body) implements Reply {}

  /** A bare HTTP status, as from a gateway. */
  record Status(int status) implements Reply {}

  /** Nothing: the connection is closed. */
  record Cut() implements Reply {}
}
