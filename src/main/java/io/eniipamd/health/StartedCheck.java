package io.eniipamd.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Up once all caches have been complete: until then nothing could be decided. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {
  private final OperatorState state;

  public StartedCheck(OperatorState state) {
    this.state = state;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("caches complete").status(state.started()).build();
  }
}
