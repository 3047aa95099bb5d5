package io.eniipamd.simulator.wire;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came over the wire.
 *
 * @param method like {@code POST}
 * @param path like {@code /}
 * @param headers by their names in lower case
 * @param body as sent, which is UTF-8
 * @param at when it was read
 */
record Arrival(String method, String path, Map<String, String> headers, String body, Instant at) {

  /** A header, whatever the case of its name. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
