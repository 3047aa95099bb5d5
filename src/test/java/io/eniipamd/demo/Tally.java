package io.eniipamd.demo;

import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.testing.Stage;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts what a chapter has cost: writes to the API server and calls to the cloud. */
final class Tally {
  private final Stage stage;
  private AuditLog.Mark mark;
  private long calls;

  Tally(Stage stage) {
    this.stage = stage;
    mark();
  }

  void mark() {
    mark = stage.plane().audit().mark();
    calls = stage.vpc().record().count();
  }

  void print() {
    var writes =
        stage.plane().audit().writesSince(mark, Stage.ACCOUNT).stream()
            .filter(e -> e.apiGroup().equals("networking.tke.cloud.tencent.com"))
            .collect(
                Collectors.groupingBy(
                    e -> e.verb() + " " + e.target(), TreeMap::new, Collectors.counting()));
    var cloud =
        stage.vpc().record().since(calls).stream()
            .collect(Collectors.groupingBy(c -> c.action(), TreeMap::new, Collectors.counting()));
    System.out.println("  writes to the API server: " + text(writes));
    System.out.println("  calls to the cloud:       " + text(cloud));
  }

  private static String text(SortedMap<String, Long> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(e -> e.getValue() + "× " + e.getKey())
            .collect(Collectors.joining(", "));
  }
}
