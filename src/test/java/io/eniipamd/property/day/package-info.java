/** The story of a day: a cluster that grows and shrinks on the real control plane. */
package io.eniipamd.property.day;
