package io.eniipamd.domain.condition;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Why a condition or an event says what it says. Code compares these constants and never their
 * words. A new reason is one constant in one of the enums, and the place that uses it.
 */
public sealed interface Reason permits ClaimReason, AddressReason, NodeReason, OperatorReason {

  /**
   * What is declared of a reason.
   *
   * @param word in CamelCase, as the API has it
   * @param places where it appears
   * @param meaning sentences for users
   * @param remedy what a user can do; empty where nothing has to be done
   */
  record Declaration(String word, Places places, String meaning, String remedy) {}

  /** What is declared of it. */
  Declaration declaration();

  /** The word in CamelCase that the API has. */
  default String word() {
    return declaration().word();
  }

  /** What it means; sentences for users. */
  default String meaning() {
    return declaration().meaning();
  }

  /** What a user can do; empty where nothing has to be done. */
  default String remedy() {
    return declaration().remedy();
  }

  /** The conditions that can have this reason. */
  default Set<ConditionType> conditions() {
    return declaration().places().conditions();
  }

  /** The kinds of objects that events with this reason are about. */
  default Set<ObjectKind> events() {
    return declaration().places().events();
  }

  /**
   * Whether events with this reason may be about such an object. An event about a Pod that is gone
   * is on its claim, one about a node that is gone on its record.
   */
  default boolean isToldOf(String kind) {
    return events().stream()
        .flatMap(
            declared ->
                switch (declared) {
                  case POD -> Stream.of(ObjectKind.POD, ObjectKind.CLAIM);
                  case NODE -> Stream.of(ObjectKind.NODE, ObjectKind.NODE_RECORD);
                  case CLAIM, ADDRESS, NODE_RECORD, STATEFUL_SET, CONFIG_MAP, LEASE ->
                      Stream.of(declared);
                })
        .anyMatch(allowed -> allowed.kind().equals(kind));
  }

  /** The reason with that word; empty where this version knows none. */
  static Optional<Reason> of(String word) {
    return Optional.ofNullable(Reasons.BY_WORD.get(word));
  }

  /** All reasons, in the order of their declaration. */
  static List<Reason> all() {
    return Reasons.ALL;
  }
}
