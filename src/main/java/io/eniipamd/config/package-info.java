/**
 * What a person may set: every key with its meaning, its default and its bounds, and the check that
 * refuses bad values before anything starts. Only the domain and the configuration library may
 * enter; nothing here acts on a value.
 */
package io.eniipamd.config;
