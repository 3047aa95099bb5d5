package io.eniipamd.app;

import io.eniipamd.health.OperatorState;
import io.eniipamd.kube.support.Leadership;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.Status;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the operator's framework knows of its caches, for the probes. */
@Singleton
final class OperatorProbe implements OperatorState {
  private final Operator operator;
  private final Leadership leadership;

  OperatorProbe(Operator operator, Leadership leadership) {
    this.operator = operator;
    this.leadership = leadership;
  }

  @Override
  public boolean started() {
    return operator.getRuntimeInfo().isStarted();
  }

  @Override
  public List<String> stoppedCaches() {
    return kindsWith(informer -> !informer.isRunning());
  }

  @Override
  public List<String> laggingCaches() {
    return kindsWith(informer -> informer.getStatus() != Status.HEALTHY);
  }

  @Override
  public boolean leading() {
    return leadership.leading();
  }

  @Override
  public Optional<Duration> starting() {
    return leadership.starting();
  }

  @Override
  public Optional<Duration> sinceRenewal() {
    return leadership.sinceRenewal();
  }

  @SuppressWarnings("rawtypes") // As the framework declares its map.
  private List<String> kindsWith(Predicate<InformerHealthIndicator> problem) {
    return operator
        .getRuntimeInfo()
        .unhealthyInformerWrappingEventSourceHealthIndicator()
        .values()
        .stream()
        .flatMap(sources -> sources.entrySet().stream())
        .filter(source -> informersOf(source.getValue()).anyMatch(problem))
        .map(Map.Entry::getKey)
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<InformerHealthIndicator> informersOf(
      InformerWrappingEventSourceHealthIndicator<?> source) {
    return source.informerHealthIndicators().values().stream();
  }
}
