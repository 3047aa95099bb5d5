/**
 * Random lives of a cluster, and what has to hold in all of them. What is done to a cluster is said
 * once, as {@link io.eniipamd.property.Action}s; a {@link io.eniipamd.property.World} plays them.
 */
package io.eniipamd.property;
