package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What JSON is read into and written from is found by reflection, and a native image keeps only
 * what is registered. The types of the three kinds are registered by the extension with all that
 * they contain, those of the SDK by {@code reachability-metadata.json}; picocli gets its flags
 * without reflection.
 */
class ReflectedTypesTest {
  private static final String OURS = "io.eniipamd.";

  private static final Set<JavaClass> PRODUCTION =
      Set.copyOf(
          new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages(OURS.substring(0, OURS.length() - 1)));

  @Test
  void shouldBeRegisteredWhenItIsPartOfASlimObject() {
    var reached = new TreeSet<String>();
    PRODUCTION.stream()
        .filter(type -> type.isAssignableTo(SlimObject.class))
        .forEach(type -> walk(type, reached));

    assertThat(reached).hasSizeGreaterThan(15).contains(SlimPod.class.getName());
    assertThat(reached.stream().filter(name -> !isRegistered(name)).toList())
        .as("types without @RegisterForReflection")
        .isEmpty();
  }

  @Test
  void shouldBeReadByTheClientWhenItIsJson() {
    // A mapper of its own may bind types that nothing registers: the one that there is reads trees.
    assertThat(
            PRODUCTION.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(
                    call ->
                        call.getTargetOwner()
                            .isEquivalentTo(com.fasterxml.jackson.databind.ObjectMapper.class))
                .filter(call -> Set.of("readValue", "convertValue").contains(call.getName()))
                .map(call -> call.getDescription()))
        .isEmpty();
  }

  @Test
  void shouldUseNoAnnotationOfPicocliWhenItHasFlags() {
    assertThat(
            PRODUCTION.stream()
                .flatMap(type -> type.getMembers().stream())
                .filter(
                    member ->
                        member.getAnnotations().stream()
                            .anyMatch(a -> a.getRawType().getPackageName().startsWith("picocli")))
                .map(member -> member.getFullName()))
        .isEmpty();
  }

  private static void walk(JavaClass type, Set<String> reached) {
    if (!type.getName().startsWith(OURS) || type.isEnum() || !reached.add(type.getName())) {
      return;
    }
    type.getFields().stream()
        .filter(
            field ->
                !field
                    .getModifiers()
                    .contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
        .flatMap(ReflectedTypesTest::typesOf)
        .forEach(part -> walk(part, reached));
    type.getRawSuperclass().ifPresent(parent -> walk(parent, reached));
  }

  private static Stream<JavaClass> typesOf(JavaField field) {
    JavaType type = field.getType();
    return type.getAllInvolvedRawTypes().stream();
  }

  private static boolean isRegistered(String name) {
    return PRODUCTION.stream()
        .filter(type -> type.getName().equals(name))
        .anyMatch(type -> type.isAnnotatedWith(RegisterForReflection.class));
  }
}
