package io.eniipamd.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quarkus.scheduler.Scheduled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A key that no code reads is a promise without effect: it is refused, or it goes. */
class KeysAreReadTest {

  private static final JavaClasses PROGRAM =
      new ClassFileImporter().importPath(Path.of("target", "classes", "io", "eniipamd"));

  @Test
  void shouldBeReadBySomebodyWhenAKeyIsSupported() {
    var read = read();

    assertThat(EnumSet.allOf(ConfigKey.class).stream().filter(ConfigKey::supported))
        .allMatch(key -> read.contains(key.key()));
  }

  @Test
  void shouldBeSupportedWhenAKeyIsRead() {
    var read = read();

    assertThat(EnumSet.allOf(ConfigKey.class).stream().filter(key -> !key.supported()))
        .noneMatch(key -> read.contains(key.key()));
  }

  private static Set<String> read() {
    return Stream.of(asMethods(), asLiveKeys(), asPeriods(), byTheCheck(), asExpressions())
        .flatMap(keys -> keys)
        .collect(Collectors.toSet());
  }

  private static Stream<String> asMethods() {
    return PROGRAM.get(IpamdConfig.class).getMethods().stream()
        .filter(
            method ->
                method.getAccessesToSelf().stream().anyMatch(KeysAreReadTest::isFromElsewhere))
        .map(method -> method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
  }

  private static boolean isFromElsewhere(JavaAccess<?> access) {
    return !access.getOriginOwner().isEquivalentTo(IpamdConfig.class);
  }

  /** Live ones are read from the ConfigMap and what the process was started with, by one class. */
  private static Stream<String> asLiveKeys() {
    return keysNamedIn(PROGRAM.get(LiveConfig.class));
  }

  /** How many replicas there are decides what other values may be, and nothing else. */
  private static Stream<String> byTheCheck() {
    return keysNamedIn(PROGRAM.get(ConfigCheck.class)).filter(ConfigKey.REPLICAS.key()::equals);
  }

  private static Stream<String> keysNamedIn(JavaClass type) {
    return type.getFieldAccessesFromSelf().stream()
        .filter(access -> access.getTargetOwner().isEquivalentTo(ConfigKey.class))
        .map(access -> ConfigKey.valueOf(access.getTarget().getName()).key());
  }

  /** The scheduler reads a period by its name. */
  private static Stream<String> asPeriods() {
    return PROGRAM.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(Scheduled.class))
        .map(method -> method.getAnnotationOfType(Scheduled.class).every())
        .filter(every -> every.startsWith("${eni-ipamd."))
        .map(every -> every.substring("${eni-ipamd.".length(), every.indexOf(':')));
  }

  /** What the framework is configured with. */
  private static Stream<String> asExpressions() {
    try {
      return Pattern.compile("\\$\\{eni-ipamd\\.([a-z-]+)")
          .matcher(Files.readString(Path.of("src/main/resources/application.properties")))
          .results()
          .map(result -> result.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
