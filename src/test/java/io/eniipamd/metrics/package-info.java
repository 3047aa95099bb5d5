/** What a scrape shows. */
package io.eniipamd.metrics;
