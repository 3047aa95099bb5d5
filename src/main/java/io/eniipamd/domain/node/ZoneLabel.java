package io.eniipamd.domain.node;

/**
 * A label by which nodes of a zone are selected.
 *
 * @param key of the label
 * @param value what the nodes of the zone have there
 */
public record ZoneLabel(String key, String value) {}
