package io.eniipamd.app;

import io.eniipamd.kube.journal.JournalLine;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Writes the record of every address into the log. The text has each field as {@code name=value};
 * where lines are JSON ({@code --log-json}), {@code mdc} has the fields, too.
 */
final class AddressLog {
  /** Its name is a category of its own, so that a level can be set for it alone. */
  static final String CATEGORY = "io.eniipamd.addresses";

  private static final Logger LOG = Logger.getLogger(CATEGORY);

  private AddressLog() {}

  static void write(JournalLine line) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    MDC.put("transition", line.transition().word());
    line.fields().forEach(MDC::put);
    try {
      LOG.info(line.text());
    } finally {
      MDC.remove("transition");
      line.fields().keySet().forEach(MDC::remove);
    }
  }
}
