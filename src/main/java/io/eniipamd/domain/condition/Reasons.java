package io.eniipamd.domain.condition;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All reasons. A class of its own, so that no enum is needed for the others to be made. */
final class Reasons {
  static final List<Reason> ALL =
      Stream.<Reason[]>of(
              ClaimReason.values(),
              AddressReason.values(),
              NodeReason.values(),
              OperatorReason.values())
          .flatMap(Arrays::stream)
          .toList();

  /** Two reasons with one word fail here. */
  static final Map<String, Reason> BY_WORD =
      ALL.stream().collect(Collectors.toMap(Reason::word, Function.identity()));

  private Reasons() {}
}
