package io.eniipamd.manifests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.config.ConfigKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The schema of the chart's value {@code args}: every flag that has no value of its own. */
final class ChartArguments {

  /** Said by another value of the chart. */
  static final Set<ConfigKey> OTHER_VALUES =
      Set.of(
          ConfigKey.CLUSTER_ID,
          ConfigKey.VPC_ID,
          ConfigKey.CLOUD_REGION,
          ConfigKey.ENI_SUBNETS,
          ConfigKey.CLOUD_CREDENTIALS,
          ConfigKey.CLOUD_CREDENTIALS_FILE,
          ConfigKey.CLOUD_ROLE,
          ConfigKey.REPLICAS,
          ConfigKey.WEBHOOK,
          ConfigKey.WEBHOOK_LISTEN,
          ConfigKey.WEBHOOK_CERTIFICATE_DIRECTORY);

  /** The plain manifest names the lease and the namespace, and the chart does not change it. */
  static final Set<ConfigKey> FIXED =
      Set.of(ConfigKey.LEADER_ELECTION_NAMESPACE, ConfigKey.LEADER_ELECTION_LEASE_NAME);

  private static final Pattern RANGE = Pattern.compile("a whole number from (\\d+) to (\\d+)");
  private static final Pattern PREFIX = Pattern.compile("([a-z]+-)…[^=]*");

  private ChartArguments() {}

  /** The flags of {@code args}, in the order of their list. */
  static Stream<ConfigKey> keys() {
    return Arrays.stream(ConfigKey.values())
        .filter(key -> !OTHER_VALUES.contains(key) && !FIXED.contains(key));
  }

  /** The properties of {@code args} in JSON schema. */
  static ObjectNode properties() {
    var all = JsonNodeFactory.instance.objectNode();
    keys().forEach(key -> all.set(key.key(), property(key)));
    return all;
  }

  private static ObjectNode property(ConfigKey key) {
    var property = JsonNodeFactory.instance.objectNode();
    property.put("description", "Must be %s. %s".formatted(key.bound(), key.description()));
    var range = RANGE.matcher(key.bound());
    var prefix = PREFIX.matcher(key.placeholder());
    if (key.isSwitch()) {
      return property.put("type", "boolean");
    }
    if (range.matches()) {
      property.put("type", "integer");
      property.put("minimum", Integer.parseInt(range.group(1)));
      return property.put("maximum", Integer.parseInt(range.group(2)));
    }
    if (key.placeholder().contains("|")) {
      var words = property.putArray("enum");
      List.of(key.placeholder().split("\\|")).forEach(words::add);
      return property;
    }
    if (key.placeholder().equals("duration")) {
      // The one number that needs no unit.
      property.putArray("type").add("string").add("integer");
      property.put("minimum", 0).put("maximum", 0);
      return property.put("pattern", "^(0+|[0-9][0-9.a-zA-Z]*[a-zA-Z]|[Pp][0-9a-zA-Z.]+)$");
    }
    property.put("type", "string");
    if (prefix.matches()) {
      var id = prefix.group(1) + "[A-Za-z0-9][A-Za-z0-9-]{0,62}";
      return property.put("pattern", "^%s( *, *%s)*$".formatted(id, id));
    }
    return switch (key.placeholder()) {
      case "path" -> property.put("pattern", "^/");
      case "url" -> property.put("pattern", "^https?://[^/\\s]+$");
      default -> property.put("minLength", 1);
    };
  }
}
