/**
 * The actions on a real control plane: namespaces whose lives are lived side by side, an actor that
 * makes problems for all of them, and a witness who sees every change of a claim. What has to hold
 * is looked at here, and nothing of the operator but its API and its pure values.
 */
package io.eniipamd.property.stage;
