package io.eniipamd.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.eniipamd.simulator.model.ModelSettings;
import io.eniipamd.simulator.wire.RateLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings as they are given and asked for from outside, by their names. */
final class SettingsOrder {
  private final ModelSettings settings;
  private final RateLimits rateLimits;

  SettingsOrder(SimulatedVpc vpc) {
    this.settings = vpc.settings();
    this.rateLimits = vpc.rateLimits();
  }

  /** Applies an object of names and values, in order, up to the first that is wrong. */
  void apply(JsonNode order) {
    if (!order.isObject()) {
      throw new IllegalArgumentException("wanted is an object of settings");
    }
    order.properties().forEach(e -> apply(e.getKey(), e.getValue()));
  }

  /** What is in force. */
  Map<String, Object> inForce() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("enisPerVpc", settings.enisPerVpc());
    all.put("addressesPerUnattachedEni", settings.addressesPerUnattachedEni());
    all.put("reservedAddressQuota", settings.reservedAddressQuota());
    all.put("assignTakesReserved", settings.assignTakesReserved());
    all.put("unknownIdsRefused", settings.unknownIdsRefused());
    all.put("tokensWaitForTasks", settings.tokensWaitForTasks());
    all.put("missingSecurityGroups", settings.missingSecurityGroups());
    all.put("readsBehindMillis", settings.readsBehind().toMillis());
    all.put("tagsBehindMillis", settings.tagsBehind().toMillis());
    all.put("usedBehindMillis", settings.usedBehind().toMillis());
    all.put("shortestTaskMillis", settings.shortestTask().toMillis());
    all.put("rateLimits", rateLimits.inForce());
    return all;
  }

  private void apply(String name, JsonNode value) {
    switch (name) {
      case "enisPerVpc" -> settings.setEnisPerVpc(number(name, value));
      case "addressesPerUnattachedEni" ->
          settings.setAddressesPerUnattachedEni(number(name, value));
      case "reservedAddressQuota" -> settings.setReservedAddressQuota(number(name, value));
      case "assignTakesReserved" -> settings.setAssignTakesReserved(yesOrNo(name, value));
      case "unknownIdsRefused" -> settings.setUnknownIdsRefused(yesOrNo(name, value));
      case "tokensWaitForTasks" -> settings.setTokensWaitForTasks(yesOrNo(name, value));
      case "missingSecurityGroups" -> settings.setMissingSecurityGroups(texts(name, value));
      case "readsBehindMillis" -> settings.setReadsBehind(millis(name, value));
      case "tagsBehindMillis" -> settings.setTagsBehind(millis(name, value));
      case "usedBehindMillis" -> settings.setUsedBehind(millis(name, value));
      case "shortestTaskMillis" -> settings.setShortestTask(millis(name, value));
      case "readsFrozenMillis" -> settings.freezeReads(millis(name, value));
      case "rateLimits" -> limitRates(name, value);
      default -> throw new IllegalArgumentException("no setting is called " + name);
    }
  }

  /** True: the documented limits; an object of actions: those in place of them; false: none. */
  private void limitRates(String name, JsonNode value) {
    if (value.isObject()) {
      value.properties().forEach(e -> rateLimits.set(e.getKey(), number(name, e.getValue())));
      rateLimits.enable();
    } else if (yesOrNo(name, value)) {
      rateLimits.enable();
    } else {
      rateLimits.disable();
    }
  }

  private static Duration millis(String name, JsonNode value) {
    return Duration.ofMillis(number(name, value));
  }

  private static int number(String name, JsonNode value) {
    if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 0) {
      throw new IllegalArgumentException(name + ": wanted is a number from 0 on");
    }
    return value.intValue();
  }

  private static List<String> texts(String name, JsonNode value) {
    if (!value.isArray()) {
      throw new IllegalArgumentException(name + ": wanted is a list of texts");
    }
    return value.valueStream().map(JsonNode::asText).toList();
  }

  private static boolean yesOrNo(String name, JsonNode value) {
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(name + ": wanted is true or false");
    }
    return value.booleanValue();
  }
}
