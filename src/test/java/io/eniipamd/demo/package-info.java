/**
 * The story that a newcomer watches: the real operator at work. Nothing but the story may enter.
 */
package io.eniipamd.demo;
