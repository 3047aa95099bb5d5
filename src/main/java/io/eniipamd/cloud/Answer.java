package io.eniipamd.cloud;

import java.util.Optional;
import java.util.function.Function;

/**
 * The answer to a call that the operator can do without. That the account may not make it, or that
 * the cloud does not offer it, is no failure: the answer is not known. Everything else that goes
 * wrong is a {@link CloudException}, as with any call.
 */
public sealed interface Answer<T> {

  /** What the cloud said. */
  record Known<T>(T value) implements Answer<T> {}

  /**
   * The call is not allowed or not offered.
   *
   * @param reason the step and the cloud's own words, for users
   */
  record Unknown<T>(String reason) implements Answer<T> {}

  /** What the cloud said, for those to whom the reason for silence makes no difference. */
  default Optional<T> known() {
    return switch (this) {
      case Known<T>(T value) -> Optional.of(value);
      case Unknown<T> _ -> Optional.empty();
    };
  }

  /** The same answer in other words. */
  default <R> Answer<R> map(Function<? super T, ? extends R> words) {
    return switch (this) {
      case Known<T>(T value) -> new Known<>(words.apply(value));
      case Unknown<T>(String reason) -> new Unknown<>(reason);
    };
  }
}
