package io.eniipamd.config;

/**
 * What a key of the configuration is.
 *
 * @param group what it is listed under
 * @param byDefault what holds where it is not set
 * @param kind what may be written
 * @param description what it is for, in sentences, for users
 */
record KeyDefinition(ConfigGroup group, Default byDefault, ValueType kind, String description) {}
