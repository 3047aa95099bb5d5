/**
 * The parts of the custom resource definitions that annotations cannot express. Only the build uses
 * it; the running operator does not depend on it.
 */
package io.eniipamd.api.crd;
