package io.eniipamd.cloud.tencent;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.Listing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/**
 * The rows of an answer about many things, each of which may be unreadable by itself: a value is
 * missing, is no address, or is of a type that the SDK cannot take (see {@link RowByRow}).
 *
 * @param action of which it is the answer, for messages
 * @param requestId of the answer, for messages
 */
record Rows<R>(List<R> all, CloudAction action, String step, String requestId) {

  private static final String NAMELESS = "a row of the answer has no id that can be read";

  /** How one row is read; the step is for messages. */
  @FunctionalInterface
  interface Reading<R, T> {
    T read(R row, String step);
  }

  static <R> Rows<R> of(R[] rows, CloudAction action, String step, String requestId) {
    if (rows == null) {
      throw incomplete(step);
    }
    return new Rows<>(Arrays.asList(rows), action, step, requestId);
  }

  private String answer() {
    return "in the cloud's answer %s to %s".formatted(requestId, action.apiName());
  }

  /**
   * @param asked the ids that were asked for; empty where the question was another one
   * @throws CloudException where a row does not say which object it is about
   */
  <T> Listing<T> listing(List<String> asked, Function<R, String> id, Reading<R, T> reading) {
    var found = new LinkedHashMap<String, T>();
    var unclear = new LinkedHashMap<String, CloudException>();
    boolean nameless = false;
    for (R row : all) {
      String about = row == null ? null : id.apply(row);
      if (about == null || about.isEmpty()) {
        nameless = true;
        continue;
      }
      String reads = "reading " + about + " " + answer();
      try {
        found.put(about, reading.read(row, reads));
      } catch (CloudException e) {
        unclear.put(about, e);
      }
    }
    if (nameless && asked.isEmpty()) {
      throw new CloudException(Kind.TRANSIENT, step, null, NAMELESS, requestId, null);
    }
    if (nameless) {
      for (String missing : asked) {
        if (!found.containsKey(missing)) {
          String reads = "looking for " + missing + " " + answer();
          unclear.putIfAbsent(
              missing, new CloudException(Kind.TRANSIENT, reads, null, NAMELESS, requestId, null));
        }
      }
    }
    return new Listing<>(found, unclear);
  }

  /** All rows of an answer of which each has to be readable. */
  static <R, T> List<T> mapped(R[] rows, String step, Reading<R, T> reading) {
    if (rows == null) {
      throw incomplete(step);
    }
    var all = new ArrayList<T>();
    for (R row : rows) {
      all.add(reading.read(SdkValues.required(row, "a row", step), step));
    }
    return all;
  }

  /** An answer without what it is for: it may come with the next try. */
  static CloudException incomplete(String step) {
    return new CloudException(
        Kind.TRANSIENT, step, null, "the answer lacks what was asked for", null, null);
  }
}
