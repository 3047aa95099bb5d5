package io.eniipamd.simulator.action;

import io.eniipamd.simulator.model.Refusal;
import java.util.List;
import java.util.Optional;

/** Which part of a listing is asked for. */
record Page(int offset, int limit) {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  static Page of(Optional<Long> offset, Optional<Long> limit) {
    long from = offset.orElse(0L);
    long most = limit.orElse((long) DEFAULT_LIMIT);
    if (from < 0 || from > Integer.MAX_VALUE || most < 1 || most > MAX_LIMIT) {
      throw new Refusal(
          "InvalidParameterValue.Range", "`Offset` or `Limit` (1 to " + MAX_LIMIT + ") is wrong.");
    }
    return new Page((int) from, (int) most);
  }

  <T> List<T> of(List<T> all) {
    int from = Math.min(offset, all.size());
    return all.subList(from, Math.min(from + limit, all.size()));
  }
}
