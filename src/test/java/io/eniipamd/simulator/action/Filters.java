package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The parameter {@code Filters}: all of them must match, of each one of its values. A filter {@code
 * tag:<key>} asks for the value of a tag, {@code tag-key} for its presence.
 */
final class Filters {
  private static final String TAG = "tag:";
  private static final String TAG_KEY = "tag-key";

  private final List<Filter> filters;

  private record Filter(String name, List<String> values) {}

  private Filters(List<Filter> filters) {
    this.filters = filters;
  }

  /** The filters of a request, all by known names. */
  static Filters of(Parameters parameters, Set<String> known) {
    List<Filter> filters = new ArrayList<>();
    for (ObjectNode item : parameters.objects("Filters", Parameters.MAX_IDS)) {
      JsonNode name = item.path("Name");
      if (!name.isTextual()) {
        throw new Refusal("InvalidParameter.FilterNotDict", "A filter has no `Name`.");
      }
      String key = name.textValue();
      if (!known.contains(key) && !key.equals(TAG_KEY) && !key.startsWith(TAG)) {
        throw new Refusal(
            "InvalidParameter.FilterInvalidKey", "The filter `" + key + "` does not exist.");
      }
      if (!item.path("Values").isArray()) {
        throw new Refusal(
            "InvalidParameter.FilterValuesNotList", "The values of `" + key + "` are no list.");
      }
      List<String> values = new ArrayList<>();
      item.get("Values").forEach(v -> values.add(v.asText()));
      filters.add(new Filter(key, values));
    }
    return new Filters(filters);
  }

  /** Refuses a request that has both ids and filters. */
  static void requireNotBoth(Parameters parameters, String ids) {
    if (parameters.has(ids) && parameters.has("Filters")) {
      throw new Refusal(
          "InvalidParameter.Coexist", "`" + ids + "` and `Filters` cannot be used together.");
    }
  }

  /** The values of one filter, if it is there. */
  Optional<List<String>> valuesOf(String name) {
    return filters.stream().filter(f -> f.name().equals(name)).map(Filter::values).findFirst();
  }

  /**
   * Whether something matches all filters.
   *
   * @param values what it has of a filter's name; null for a name that is judged elsewhere
   */
  boolean match(Function<String, Collection<String>> values, Map<String, String> tags) {
    return filters.stream().allMatch(f -> matches(f, values, tags));
  }

  private static boolean matches(
      Filter filter, Function<String, Collection<String>> values, Map<String, String> tags) {
    if (filter.name().equals(TAG_KEY)) {
      return filter.values().stream().anyMatch(tags::containsKey);
    }
    if (filter.name().startsWith(TAG)) {
      String value = tags.get(filter.name().substring(TAG.length()));
      return value != null && filter.values().contains(value);
    }
    Collection<String> own = values.apply(filter.name());
    Predicate<String> asked = v -> filter.values().stream().anyMatch(v::equalsIgnoreCase);
    return own == null || own.stream().anyMatch(asked);
  }
}
