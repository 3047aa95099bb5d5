/**
 * The real Prometheus and its {@code promtool} against the alerts, the records and the dashboard
 * that are shipped: every query is performed on the metrics of an operator at work, or is proven by
 * a test of the rules.
 */
package io.eniipamd.monitoring;
