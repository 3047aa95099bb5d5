/**
 * The three custom resources and every name that users and other components rely on. No logic but
 * what a value needs; the operator's rooms read and write these, they read nobody.
 */
package io.eniipamd.api.v1;
