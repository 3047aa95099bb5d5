/**
 * The walls between the rooms, and how large what is in them may be. Tests of the byte code and the
 * sources only; nothing here runs the program.
 */
package io.eniipamd.arch;
