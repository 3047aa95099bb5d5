package io.eniipamd.domain.node;

/**
 * Why a node cannot have what it shall have.
 *
 * @param reason one word in CamelCase
 * @param message a sentence for people
 */
public record Trouble(String reason, String message) {}
