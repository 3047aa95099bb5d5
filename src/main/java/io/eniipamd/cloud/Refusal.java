package io.eniipamd.cloud;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the cloud refuses with {@link CloudException.Kind#DENIED}, and what a person can do. */
public enum Refusal {
  /** The time in the request: each one carries a time, and is signed for a few minutes. */
  CLOCK("set the clock of the machine on which the operator runs: it is minutes off the cloud's"),
  /** The key, or there is none: no call succeeds. */
  KEY("give the operator a key that is valid (docs/cloud.md)"),
  /** This call only; others may succeed with the same key. */
  CALL("give the operator's credentials the permission for this call");

  private static final String OLD_SIGNATURE = "AuthFailure.SignatureExpire";

  private static final Set<String> NOT_ALLOWED =
      Set.of("AuthFailure.UnauthorizedOperation", "UnauthorizedOperation", "Unauthorized");

  private static final List<String> REFUSED_KEYS =
      List.of("AuthFailure", "UnauthorizedOperation.InvalidToken");

  private final String advice;

  Refusal(String advice) {
    this.advice = advice;
  }

  /** What a code of the cloud refuses; without a code there was no key to send anything with. */
  public static Refusal of(Optional<String> code) {
    if (code.filter(c -> c.startsWith(OLD_SIGNATURE)).isPresent()) {
      return CLOCK;
    }
    boolean key =
        code.isEmpty()
            || (REFUSED_KEYS.stream().anyMatch(code.get()::startsWith)
                && !isOfTheRight(code.get()));
    return key ? KEY : CALL;
  }

  /** Whether the code says that the right to one call is missing, while the key itself is good. */
  public static boolean isOfTheRight(String code) {
    return NOT_ALLOWED.contains(code);
  }

  /** What a user can do. */
  public String advice() {
    return advice;
  }
}
