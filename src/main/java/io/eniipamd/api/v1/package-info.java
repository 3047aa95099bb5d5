/**
 * The three custom resources and every name that users and other components rely on. No logic but
 * what a value needs; the operator's packages read and write these types; these types read no other
 * package.
 */
package io.eniipamd.api.v1;
