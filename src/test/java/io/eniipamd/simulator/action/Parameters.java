package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Ipv4;
import io.eniipamd.simulator.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The parameters of a request, of exactly the documented types. */
final class Parameters {
  /** The most addresses that one call names. */
  static final int MAX_ADDRESSES = 10;

  /** The most ids that one call names. */
  static final int MAX_IDS = 100;

  private static final Pattern ID_TAIL = Pattern.compile("[0-9a-zA-Z]{1,32}");

  private final ObjectNode body;

  /** Parameters that are all among the known names. */
  Parameters(ObjectNode body, Set<String> known) {
    this.body = body;
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new Refusal("UnknownParameter", "The parameter `" + name + "` is not known.");
              }
            });
  }

  /** The whole request without some of its parameters. */
  ObjectNode without(String... names) {
    return body.deepCopy().without(List.of(names));
  }

  boolean has(String name) {
    return body.hasNonNull(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(body.get(name)).filter(n -> !n.isNull()).map(n -> asText(name, n));
  }

  String requiredText(String name) {
    String value = text(name).orElseThrow(() -> missing(name));
    if (value.isEmpty()) {
      throw missing(name);
    }
    return value;
  }

  /** A text of at most so many bytes. */
  String boundedText(String name, int maxBytes) {
    String value = text(name).orElse("");
    if (value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw new Refusal(
          "InvalidParameterValue.TooLong", "`" + name + "` is longer than " + maxBytes + ".");
    }
    return value;
  }

  /** A required id like {@code eni-m6dyj72l}. */
  String id(String name, String prefix) {
    return wellFormed(name, requiredText(name), prefix);
  }

  Optional<Long> integer(String name) {
    JsonNode node = body.get(name);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isIntegralNumber()) {
      throw wrongType(name, "an integer");
    }
    return Optional.of(node.longValue());
  }

  int count(String name, int max) {
    long count = integer(name).orElse(0L);
    if (count < 0) {
      throw new Refusal("InvalidParameterValue.Range", "`" + name + "` is negative.");
    }
    if (count > max) {
      throw new Refusal("InvalidParameterValue.LimitExceeded", "`" + name + "` is above " + max);
    }
    return (int) count;
  }

  /** {@code Offset} and {@code Limit} as numbers, as most actions have them. */
  Page page() {
    return Page.of(integer("Offset"), integer("Limit"));
  }

  /** {@code Offset} and {@code Limit} as texts, as the oldest actions have them. */
  Page pageOfTexts() {
    return Page.of(number("Offset"), number("Limit"));
  }

  private Optional<Long> number(String name) {
    return text(name)
        .map(
            t -> {
              try {
                return Long.parseLong(t);
              } catch (NumberFormatException e) {
                throw new Refusal(
                    "InvalidParameterValue.Malformed", "`" + name + "` is not a number.");
              }
            });
  }

  /** A list of texts, empty where the parameter is absent. */
  List<String> texts(String name, int max) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : array(name, max)) {
      texts.add(asText(name, item));
    }
    return texts;
  }

  /** A list of ids, empty where the parameter is absent. */
  List<String> ids(String name, String prefix) {
    List<String> ids = texts(name, MAX_IDS);
    ids.forEach(id -> wellFormed(name, id, prefix));
    return ids;
  }

  /** A list of objects, empty where the parameter is absent. */
  List<ObjectNode> objects(String name, int max) {
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode item : array(name, max)) {
      if (!(item instanceof ObjectNode object)) {
        throw wrongType(name, "a list of objects");
      }
      objects.add(object);
    }
    return objects;
  }

  /** A list of plain addresses. */
  List<Ipv4> addresses(String name, int max) {
    return texts(name, max).stream().map(t -> address(name, t)).toList();
  }

  /** The items of {@code PrivateIpAddresses}. */
  List<NamedAddress> namedAddresses() {
    List<NamedAddress> named = new ArrayList<>();
    for (ObjectNode item : objects("PrivateIpAddresses", MAX_ADDRESSES)) {
      JsonNode ip = item.get("PrivateIpAddress");
      if (ip == null || !ip.isTextual()) {
        throw missing("PrivateIpAddresses.PrivateIpAddress");
      }
      named.add(
          new NamedAddress(
              address("PrivateIpAddresses", ip.textValue()), item.path("Primary").asBoolean()));
    }
    return named;
  }

  /** An address of a request. */
  record NamedAddress(Ipv4 ip, boolean primary) {}

  /** {@code Tags} as a map. */
  Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (ObjectNode tag : objects("Tags", MAX_IDS)) {
      if (!tag.path("Key").isTextual()) {
        throw missing("Tags.Key");
      }
      if (tags.put(tag.get("Key").textValue(), tag.path("Value").asText("")) != null) {
        throw new Refusal(
            "InvalidParameterValue.Duplicate", "The tag `" + tag.get("Key") + "` is there twice.");
      }
    }
    return tags;
  }

  static Ipv4 address(String name, String text) {
    return Ipv4.parse(text)
        .orElseThrow(
            () ->
                new Refusal(
                    "InvalidParameterValue.Malformed",
                    "`" + text + "` of `" + name + "` is not an IPv4 address."));
  }

  static Refusal missing(String name) {
    return new Refusal("MissingParameter", "The parameter `" + name + "` is missing.");
  }

  private JsonNode array(String name, int max) {
    JsonNode node = body.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return body.arrayNode();
    }
    if (!node.isArray()) {
      throw wrongType(name, "a list");
    }
    if (node.size() > max) {
      throw new Refusal(
          "InvalidParameterValue.LimitExceeded", "`" + name + "` has more than " + max + " items.");
    }
    return node;
  }

  private static String asText(String name, JsonNode node) {
    if (!node.isTextual()) {
      throw wrongType(name, "a string");
    }
    return node.textValue();
  }

  private static String wellFormed(String name, String id, String prefix) {
    if (!id.startsWith(prefix + "-")
        || !ID_TAIL.matcher(id.substring(prefix.length() + 1)).matches()) {
      throw new Refusal(
          "InvalidParameterValue.Malformed", "`" + id + "` of `" + name + "` is malformed.");
    }
    return id;
  }

  private static Refusal wrongType(String name, String wanted) {
    return new Refusal("InvalidParameter", "The parameter `" + name + "` is not " + wanted + ".");
  }
}
