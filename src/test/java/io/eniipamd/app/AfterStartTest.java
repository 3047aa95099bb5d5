package io.eniipamd.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.LeaseSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AfterStartTest {
  private static final ConfigMap OBJECT =
      new ConfigMapBuilder().withNewMetadata().withName("it").endMetadata().build();

  @Test
  void shouldDoNothingWhenTheProcessWasStoppedDuringItsStart() throws Exception {
    var leadership =
        new Leadership(new LeaseSettings(Duration.ofSeconds(10), Duration.ZERO), () -> 0);
    leadership.stopped();
    leadership.started();
    var waiting =
        new AfterStart<ConfigMap>(
            (resource, context) -> {
              throw new AssertionError("it does not lead");
            },
            null,
            leadership);

    assertThat(waiting.reconcile(OBJECT, null).isNoUpdate()).isTrue();
  }

  @Test
  void shouldFailAsAnExceptionDoesWhenTheReconcilerEndsWithAnError() {
    var leadership =
        new Leadership(new LeaseSettings(Duration.ofSeconds(10), Duration.ZERO), () -> 0);
    leadership.started();
    var broken =
        new AfterStart<ConfigMap>(
            (resource, context) -> {
              throw new AssertionError("not so");
            },
            null,
            leadership);

    assertThatThrownBy(() -> broken.reconcile(OBJECT, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ConfigMap it")
        .hasRootCauseMessage("not so");
  }
}
