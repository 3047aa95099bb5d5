/**
 * The adapter to Tencent Cloud, the only package that knows its SDK. Translation only: no retries,
 * no limits, no decisions.
 */
package io.eniipamd.cloud.tencent;
