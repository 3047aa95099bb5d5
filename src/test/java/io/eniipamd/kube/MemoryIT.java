package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster full of other users' Pods, and the operator in the memory that the manifest gives. */
class MemoryIT {
  private static final int PODS = Integer.getInteger("memory.pods", 20_000);
  private static final int AT_ONCE = 8;

  /** As long as the startup probe of the manifest waits. */
  private static final Duration START = Duration.ofMinutes(5);

  /** What makes a Pod as large as those of users are. */
  private static final String BALLAST = "0123456789abcdef".repeat(150);

  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.set("memory", VpcLayout.standard());
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldFitIntoItsMemoryWhenTheClusterIsFullOfOthersPods() throws InterruptedException {
    fill();

    // With the lease of the manifest: a short one is lost where the machine is loaded.
    var operator = stage.startOperator();
    awaitStart(operator);
    StandingStage.joinAll(stage);
    var scene = Scene.open(stage, "memory");
    scene.run(PodSketch.fixed("ours", "node-1"));

    assertThat(operator.peakMemoryMib())
        .as("MiB with %d Pods of others", PODS)
        .isLessThan(OperatorProcess.memoryLimitMib());
    assertThat(lists())
        .as("what the operator lists, whole answers")
        .isNotEmpty()
        .allMatch(uri -> uri.matches(".*[?&](limit=|fieldSelector=metadata.name).*"));
    System.out.printf(
        "Memory: %d of %d MiB at most, with %d Pods of others%n%s",
        operator.peakMemoryMib(),
        OperatorProcess.memoryLimitMib(),
        PODS,
        operator.jcmd("GC.heap_info"));
  }

  /** It reads all Pods before it leads, for which a loaded machine takes minutes. */
  private static void awaitStart(OperatorProcess operator) {
    await("the operator has read what is there, and leads")
        .atMost(START)
        .ignoreExceptions()
        .failFast("it has ended", () -> !operator.isAlive())
        .until(() -> operator.get("/q/health/ready").contains("\"UP\""));
  }

  private static List<String> lists() {
    return stage.plane().audit().events().stream()
        .filter(event -> event.verb().equals("list") && event.user().endsWith(Stage.ACCOUNT))
        .map(AuditEvent::uri)
        .toList();
  }

  private static void fill() throws InterruptedException {
    var namespace = new NamespaceBuilder().withNewMetadata().withName("others").endMetadata();
    stage.client().resource(namespace.build()).create();
    var places = new Semaphore(AT_ONCE);
    var made = new AtomicInteger();
    try (var events = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < PODS; i++) {
        var pod = foreign("pod-" + i);
        places.acquire();
        events.execute(
            () -> {
              try {
                stage.client().resource(pod).create();
                made.incrementAndGet();
              } finally {
                places.release();
              }
            });
      }
    }
    assertThat(made).hasValue(PODS);
  }

  private static Pod foreign(String name) {
    return PodSketch.plain(name, null).with("example.com/ballast", BALLAST).build("others");
  }
}
