package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the API server refuses is reported to the object that waits for it, and goes on when it is
 * allowed.
 */
class RefusalIT {
  private static final String CLAIMS = "count/vpcipclaims.networking.tke.cloud.tencent.com";

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "refusal");
  }

  @Test
  void shouldTellThePodAndServeItLaterWhenAQuotaRefusesItsClaim() {
    // given
    allowClaims("0");

    // when
    scene.create(PodSketch.fixed("refused", "node-1"));

    // then
    scene.until("the Pod is told", () -> !refusals("refused").isEmpty());
    assertThat(refusals("refused"))
        .singleElement()
        .asString()
        .contains("exceeded quota")
        .contains("vpcipclaims");
    allowClaims("100");
    scene.until("the Pod has its address", () -> scene.address("refused").isPresent());
  }

  private static void allowClaims(String count) {
    var hard = Map.of(CLAIMS, new Quantity(count));
    var quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withNamespace(scene.namespace())
            .withName("claims")
            .endMetadata()
            .withNewSpec()
            .withHard(hard)
            .endSpec()
            .build();
    stage.client().resource(quota).createOr(r -> r.update());
    scene.until(
        "the quota is in force",
        () ->
            hard.equals(
                stage
                    .client()
                    .resourceQuotas()
                    .inNamespace(scene.namespace())
                    .withName("claims")
                    .get()
                    .getStatus()
                    .getHard()));
  }

  private static List<String> refusals(String pod) {
    return stage.client().v1().events().inNamespace(scene.namespace()).list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getKind().equals("Pod"))
        .filter(e -> e.getInvolvedObject().getName().equals(pod))
        .filter(e -> e.getReason().equals("APIServerRefused"))
        .map(Event::getMessage)
        .toList();
  }
}
