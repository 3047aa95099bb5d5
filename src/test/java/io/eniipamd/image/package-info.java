/** The container image of the packaged operator, and what has to hold of it. */
package io.eniipamd.image;
