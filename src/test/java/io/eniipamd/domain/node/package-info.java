/** Tests of the decisions about nodes and their ENIs. */
package io.eniipamd.domain.node;
