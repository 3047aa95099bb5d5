/** Whom this JVM trusts. */
package io.eniipamd.testing.trust;
