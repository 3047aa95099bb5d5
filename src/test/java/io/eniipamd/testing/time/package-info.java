/** Time as a test wants it. Nothing that knows of anything but clocks may enter. */
package io.eniipamd.testing.time;
