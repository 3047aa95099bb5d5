package io.eniipamd.cloud;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a question for many things found. Of a thing that was asked for there are three answers: it
 * is there, it is not, or it is unclear because the cloud's answer cannot be read. No caller may
 * take the last for the second: what is gone loses its addresses.
 *
 * @param found by id, in the order of the answer
 * @param unclear the ids of which nothing is known, and what could not be read
 */
public record Listing<T>(Map<String, T> found, Map<String, CloudException> unclear) {

  public Listing {
    var clear = new LinkedHashMap<>(found);
    clear.keySet().removeAll(unclear.keySet());
    found = Collections.unmodifiableMap(clear);
    unclear = Map.copyOf(unclear);
  }

  /** An answer all of which could be read. */
  public static <T> Listing<T> of(Iterable<T> rows, Function<? super T, String> id) {
    var found = new LinkedHashMap<String, T>();
    rows.forEach(row -> found.put(id.apply(row), row));
    return new Listing<>(found, Map.of());
  }

  /** An answer that knows of nothing. */
  public static <T> Listing<T> none() {
    return new Listing<>(Map.of(), Map.of());
  }

  /** What two answers say together. */
  public Listing<T> and(Listing<T> other) {
    var both = new LinkedHashMap<>(found);
    both.putAll(other.found);
    var unclearInEither = new LinkedHashMap<>(unclear);
    unclearInEither.putAll(other.unclear);
    return new Listing<>(both, unclearInEither);
  }

  /** Without those of the things found that are not meant; what is unclear stays so. */
  public Listing<T> only(Predicate<? super T> meant) {
    var left = new LinkedHashMap<>(found);
    left.values().removeIf(one -> !meant.test(one));
    return new Listing<>(left, unclear);
  }

  /**
   * The thing of this id, empty where there is none.
   *
   * @throws CloudException where that is unclear
   */
  public Optional<T> find(String id) {
    if (unclear.containsKey(id)) {
      throw unclear.get(id);
    }
    return Optional.ofNullable(found.get(id));
  }

  /**
   * All that is there.
   *
   * @throws CloudException where something of it could not be read
   */
  public List<T> all() {
    unclear
        .values()
        .forEach(
            why -> {
              throw why;
            });
    return List.copyOf(found.values());
  }
}
