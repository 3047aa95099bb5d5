/** The walls between the rooms. Tests of the byte code only; nothing here runs the program. */
package io.eniipamd.arch;
