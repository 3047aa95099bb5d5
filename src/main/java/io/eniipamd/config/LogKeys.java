package io.eniipamd.config;

/** The keys of what the operator writes into its log. */
final class LogKeys {
  static final KeyDefinition LOG_JSON =
      new KeyDefinition(
          ConfigGroup.LOG,
          Default.of("false"),
          ValueType.onOff(),
          "Write each line of the log as a JSON object. In the record of every address, mdc has each"
              + " field by its name (docs/address-record.md).");

  static final KeyDefinition LOG_LEVELS =
      new KeyDefinition(
          ConfigGroup.LOG,
          Default.none("INFO for all"),
          ValueType.levels(),
          "The least level of the lines of a part of the operator that are written, by the name of its"
              + " package. io.eniipamd.addresses is the record of every address. A replica that does not"
              + " lead keeps the levels that it was started with.");

  private LogKeys() {}
}
