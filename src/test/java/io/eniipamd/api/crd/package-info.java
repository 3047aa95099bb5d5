/** What the schemas of the custom resources promise, read from the files and asked of a server. */
package io.eniipamd.api.crd;
