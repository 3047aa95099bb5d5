/**
 * What the custom resource definitions say and annotations cannot. Used while building only;
 * nothing of the running operator may depend on it.
 */
package io.eniipamd.api.crd;
