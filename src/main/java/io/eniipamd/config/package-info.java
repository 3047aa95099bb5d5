/**
 * The settings: every key with its meaning, its default and its bounds, and the check that refuses
 * bad values before anything starts. It may use only the domain and the configuration library; it
 * acts on no value.
 */
package io.eniipamd.config;
