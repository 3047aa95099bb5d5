/**
 * A world in this process: an API server, its controllers, nodes and a cloud, all of them small
 * models, around operators that are the production code. One thread, no sockets, no waiting: what
 * happens next is drawn from a seed. Nothing of the operator is played here but its framework.
 */
package io.eniipamd.property.memory;
