package io.eniipamd.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up while the caches follow the API server. A standby is as ready as the leader: it could take
 * over now.
 */
@Readiness
@ApplicationScoped
public class ReadyCheck implements HealthCheck {
  private final OperatorState state;

  public ReadyCheck(OperatorState state) {
    this.state = state;
  }

  @Override
  public HealthCheckResponse call() {
    var lagging = state.started() ? state.laggingCaches() : List.<String>of();
    var response =
        HealthCheckResponse.named("caches current")
            .status(state.started() && lagging.isEmpty())
            .withData("role", state.leading() ? "leader" : "standby");
    if (!lagging.isEmpty()) {
      response.withData("lagging", String.join(", ", lagging));
    }
    return response.build();
  }
}
