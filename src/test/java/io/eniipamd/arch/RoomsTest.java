package io.eniipamd.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import io.eniipamd.domain.condition.Reason;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The walls: {@code app → {kube, cli, health} → {api, cloud, metrics, config} → domain}, never
 * upward and never sideways, and what may not enter which room at all.
 */
class RoomsTest {

  private static final String BASE = "io.eniipamd";

  private static final JavaClasses ALL = new ClassFileImporter().importPackages(BASE);

  private static final JavaClasses PRODUCTION =
      ALL.that(
          DescribedPredicate.describe(
              "are not in the test tree",
              type ->
                  type.getSource()
                      .map(source -> !source.getUri().getPath().contains("/test-classes/"))
                      .orElse(false)));

  // Pauses between two tries of a refused call to the cloud: there is no condition to wait for.
  /**
   * The limits of requests wait until the bucket has a token: a time that is known, no condition.
   */
  private static final String PACING = "io.eniipamd.cloud.decorate.Turns";

  private static final String BACK_OFF = "io.eniipamd.cloud.operate.Retries";

  private static final String RELEASE_PATH = "io.eniipamd.kube.release.ReleasePath";

  private static final String RELEASES = "io.eniipamd.kube.release.Releases";

  private static final String GUARDED_DELETE = "io.eniipamd.kube.support.GuardedDelete";

  private static final String REQUEUE = "io.eniipamd.kube.support.Requeue";

  private static final String CLAIM = "io.eniipamd.api.v1.VpcIPClaim";

  private static final List<String> KUBERNETES = List.of("io.fabric8.", "io.javaoperatorsdk.");

  /** Lines of a file, of a method, and parameters of a constructor: what fits on a page. */
  private static final int LINES_OF_A_FILE = 400;

  private static final int LINES_OF_A_METHOD = 50;
  private static final int COLLABORATORS = 11;

  /** Records of these rooms are data of the API and of the configuration, not collaborators. */
  private static final List<String> DATA = List.of(BASE + ".api.", BASE + ".config.");

  private static final Set<String> LARGE_FILES =
      Set.of(
          // Its one lock is the definition of free.
          "io/eniipamd/kube/address/AddressBook.java");

  private static final Set<String> LONG_METHODS = Set.of();

  private static final Set<String> CROWDED_CONSTRUCTORS = Set.of();

  /** Classes that are produced still, although a part says itself that there is one of it. */
  private static final Set<String> PRODUCED =
      Set.of(
          // What one stack is made of, which is built and closed as a whole.
          BASE + ".cloud.operate.CloudStack",
          BASE + ".cloud.VpcCloud",
          BASE + ".cloud.EniOperations",
          BASE + ".cloud.AddressReservations");

  private static final String[] FABRIC8_AND_SDK = {"io.fabric8..", "io.javaoperatorsdk.."};

  @Test
  void shouldDependDownwardOnlyWhenRoomsKnowEachOther() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(BASE + "..")
        .withOptionalLayers(true)
        .layer("app")
        .definedBy(room("app"))
        .layer("kube")
        .definedBy(room("kube"))
        .layer("cli")
        .definedBy(room("cli"))
        .layer("health")
        .definedBy(room("health"))
        .layer("api")
        .definedBy(room("api"))
        .layer("cloud")
        .definedBy(room("cloud"))
        .layer("metrics")
        .definedBy(room("metrics"))
        .layer("config")
        .definedBy(room("config"))
        .layer("domain")
        .definedBy(room("domain"))
        .whereLayer("app")
        .mayOnlyAccessLayers("kube", "cli", "health", "api", "cloud", "metrics", "config", "domain")
        .whereLayer("kube")
        .mayOnlyAccessLayers("api", "cloud", "metrics", "config", "domain")
        .whereLayer("cli")
        .mayOnlyAccessLayers("api", "cloud", "metrics", "config", "domain")
        .whereLayer("health")
        .mayOnlyAccessLayers("api", "cloud", "metrics", "config", "domain")
        .whereLayer("api")
        .mayOnlyAccessLayers("domain")
        .whereLayer("cloud")
        .mayOnlyAccessLayers("domain")
        .whereLayer("metrics")
        .mayOnlyAccessLayers("domain")
        .whereLayer("config")
        .mayOnlyAccessLayers("domain")
        .whereLayer("domain")
        .mayNotAccessAnyLayer()
        .check(PRODUCTION);
  }

  @Test
  void shouldGoOneWayWhenTheRoomsOfKubeKnowEachOther() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(BASE + ".kube..")
        .withOptionalLayers(true)
        .layer("webhook")
        .definedBy(room("kube.webhook"))
        .layer("inventory")
        .definedBy(room("kube.inventory"))
        .layer("claim")
        .definedBy(room("kube.claim"))
        .layer("node")
        .definedBy(room("kube.node"))
        .layer("address")
        .definedBy(room("kube.address"))
        .layer("release")
        .definedBy(room("kube.release"))
        .layer("journal")
        .definedBy(room("kube.journal"))
        .layer("support")
        .definedBy(room("kube.support"))
        .whereLayer("webhook")
        .mayOnlyAccessLayers("claim", "support")
        .whereLayer("inventory")
        .mayOnlyAccessLayers("node", "address", "support")
        .whereLayer("claim")
        .mayOnlyAccessLayers("node", "address", "release", "journal", "support")
        .whereLayer("node")
        .mayOnlyAccessLayers("address", "support")
        .whereLayer("address")
        .mayOnlyAccessLayers("journal", "support")
        .whereLayer("journal")
        .mayOnlyAccessLayers("support")
        .whereLayer("release")
        .mayOnlyAccessLayers("support")
        .whereLayer("support")
        .mayNotAccessAnyLayer()
        .check(PRODUCTION);
  }

  @Test
  void shouldGoOneWayWhenTheRoomsOfTheCloudKnowEachOther() {
    noClasses()
        .that(resideInAnyPackage(BASE + ".cloud"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("cloud.decorate"), room("cloud.operate"), room("cloud.tencent"))
        .because("the port is in our own words")
        .check(PRODUCTION);
    noClasses()
        .that(resideInAnyPackage(room("cloud.decorate")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("cloud.operate"), room("cloud.tencent"))
        .because("what stands before a call does not know what the call is made for")
        .check(PRODUCTION);
    noClasses()
        .that(resideInAnyPackage(room("cloud.operate")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("cloud.tencent"))
        .check(PRODUCTION);
    noClasses()
        .that(resideInAnyPackage(room("cloud.tencent")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("cloud.decorate"), room("cloud.operate"))
        .check(PRODUCTION);
  }

  @Test
  void shouldHaveNoCyclesWhenPackagesKnowEachOther() {
    slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(PRODUCTION);
  }

  @Test
  void shouldKeepTheSdkInTheAdapterWhenTheCloudIsCalled() {
    noClasses()
        .that(resideInAnyPackage(BASE + "..").and(resideOutsideOfPackages(room("cloud.tencent"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.tencentcloudapi..", "okhttp3..")
        .because("the adapter is the only place that knows the SDK")
        .check(PRODUCTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"domain", "cloud", "config", "cli", "metrics"})
  void shouldKnowNothingOfKubernetesWhenTheRoomHasNoPartInIt(String room) {
    noClasses()
        .that()
        .resideInAPackage(room(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(FABRIC8_AND_SDK)
        .allowEmptyShould(true)
        .check(PRODUCTION);
  }

  @Test
  void shouldKnowNoFrameworkOfTheOperatorWhenTypesAreDeclared() {
    noClasses()
        .that()
        .resideInAPackage(room("api"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javaoperatorsdk..", "io.quarkus..")
        .check(PRODUCTION);
  }

  @Test
  void shouldBePureWhenInTheDomain() {
    noClasses()
        .that()
        .resideInAPackage(room("domain"))
        .should(
            dependOnClassesThat(
                resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "org.jboss.logging..",
                        "org.slf4j..",
                        "jakarta..",
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.micrometer..")
                    .or(
                        named(
                            "java.time.Clock",
                            "java.util.Random",
                            "java.util.SplittableRandom",
                            "java.lang.Thread",
                            "java.lang.Process",
                            "java.lang.Runtime"))
                    .and(not(named("java.io.Serializable")))))
        .because("it has no I/O, no clock and no randomness")
        .check(PRODUCTION);
    noClasses()
        .that()
        .resideInAPackage(room("domain"))
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it reads the time, the environment or chance",
                call ->
                    (call.getTargetOwner().getPackageName().equals("java.time")
                            && call.getName().equals("now"))
                        || List.of(
                                "java.lang.System.currentTimeMillis",
                                "java.lang.System.nanoTime",
                                "java.lang.System.getenv",
                                "java.lang.System.getProperty",
                                "java.lang.Math.random",
                                "java.util.UUID.randomUUID")
                            .contains(call.getTargetOwner().getName() + "." + call.getName())))
        .check(PRODUCTION);
  }

  @Test
  void shouldWaitForConditionsWhenInProduction() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(BACK_OFF)
        .and()
        .doNotHaveFullyQualifiedName(PACING)
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it is Thread.sleep or TimeUnit.sleep",
                call ->
                    call.getName().equals("sleep")
                        && List.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                            .contains(call.getTargetOwner().getName())))
        .check(PRODUCTION);
  }

  @Test
  void shouldEditAgainAfterAConflictWhenATestChangesAnObject() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(BASE + ".testing.Edits")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it is an edit of the client",
                call ->
                    call.getTargetOwner()
                            .getPackageName()
                            .startsWith("io.fabric8.kubernetes.client")
                        && List.of("edit", "editStatus", "accept").contains(call.getName())))
        .because("another writer may change the object between the edit's read and its write")
        .check(ALL);
  }

  @Test
  void shouldCompareReasonsAndNotTheirTextWhenItReadsACondition() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.eniipamd.api.v1.Condition")
        .and()
        .doNotHaveFullyQualifiedName("io.eniipamd.kube.support.Conditions")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it is the text of a condition's reason or message",
                call ->
                    call.getTargetOwner().getName().equals("io.eniipamd.api.v1.Condition")
                        && List.of("reason", "message").contains(call.getName())))
        .because("Conditions gives the Reason, which is a constant")
        .check(PRODUCTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"domain", "kube"})
  void shouldNameReasonsByTheirConstantsWhenItUsesThem(String room) throws IOException {
    var declared = Path.of("src/main/java", "io/eniipamd/domain/condition");
    var words = Reason.all().stream().map(r -> '"' + r.word() + '"').toList();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java", "io/eniipamd", room))) {
      var spelled =
          sources
              .filter(source -> source.toString().endsWith(".java"))
              .filter(source -> !source.startsWith(declared))
              .filter(source -> words.stream().anyMatch(read(source)::contains))
              .toList();

      assertThat(spelled).isEmpty();
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldGoTheOneWayWhenAClaimIsDeleted() {
    onlyIn(RELEASE_PATH)
        .should()
        .accessTargetWhere(isDelete("of a claim", access -> takes(access, RELEASES, "delete")))
        .because("ReleasePath asks the gate and reads the Pod afresh before")
        .check(PRODUCTION);
    onlyIn(RELEASES)
        .should()
        .accessTargetWhere(isDelete("of a claim", access -> takes(access, GUARDED_DELETE, "of")))
        .because("Releases remembers why a claim was deleted")
        .check(PRODUCTION);
    onlyIn(GUARDED_DELETE)
        .should()
        .accessTargetWhere(
            isDelete(
                "of the Kubernetes client",
                access ->
                    access.getName().startsWith("delete")
                        && KUBERNETES.stream()
                            .anyMatch(access.getTargetOwner().getPackageName()::startsWith)))
        .because("GuardedDelete names UID and version, and has a method for each kind")
        .check(PRODUCTION);
  }

  /** The rest of the program, to which the concern of this class is forbidden. */
  private static GivenClassesConjunction onlyIn(String type) {
    return noClasses().that().doNotHaveFullyQualifiedName(type);
  }

  private static DescribedPredicate<JavaAccess<?>> isDelete(
      String whose, Predicate<JavaAccess<?>> delete) {
    return DescribedPredicate.describe("it is a delete " + whose, delete);
  }

  /** Whether this method is called, or referred to, with a claim. */
  private static boolean takes(JavaAccess<?> access, String type, String method) {
    return access.getTargetOwner().getName().equals(type)
        && access.getName().equals(method)
        && access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
        && target.getRawParameterTypes().stream().anyMatch(p -> p.getName().equals(CLAIM));
  }

  @Test
  void shouldTakeItsPartsThroughTheConstructorWhenItHasAny() {
    noFields()
        .should()
        .beAnnotatedWith("jakarta.inject.Inject")
        .orShould()
        .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
        .because("parts are given to the constructor and are final")
        .check(PRODUCTION);
  }

  /** Producers are for settings, which are records, for generics, and for classes of others. */
  @Test
  void shouldSayItselfThatThereIsOneOfItWhenItIsAPart() {
    var produced =
        PRODUCTION.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.isAnnotatedWith(Produces.class))
            .filter(method -> !(method.getReturnType() instanceof JavaParameterizedType))
            .map(JavaMethod::getRawReturnType)
            .filter(type -> type.getPackageName().startsWith(BASE) && !type.isRecord())
            .map(JavaClass::getName)
            .toList();

    assertThat(produced).containsExactlyInAnyOrderElementsOf(PRODUCED);
  }

  @Test
  void shouldComeBackByOneClassWhenItIsAReconciler() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(REQUEUE)
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "they set the pause of a pass",
                call -> call.getTarget().getName().equals("rescheduleAfter")))
        .because("each pause has its reason in Requeue")
        .check(PRODUCTION);
  }

  @Test
  void shouldBeNamedAfterWhatItIsWhenItIsAClass() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Helpers?|Managers?)(\\$.*)?")
        .because("such classes become dumping grounds")
        .check(ALL);
  }

  @Test
  void shouldPlayTheSameInEveryRunWhenItIsTheGate() {
    methods()
        .that()
        .areAnnotatedWith(Property.class)
        .should(
            ArchCondition.from(
                DescribedPredicate.describe(
                    "have a fixed seed",
                    method -> !method.getAnnotationOfType(Property.class).seed().isEmpty())))
        .because("new seeds are played by ./mvnw -Pexplore")
        .check(ALL);
  }

  @Test
  void shouldNotUseAMockingLibraryWhenTested() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.mockito..", "org.easymock..", "io.quarkus.test.junit.mockito..")
        .because("fakes are written by hand")
        .check(ALL);
  }

  @Test
  void shouldNotWriteToTheConsoleWhenItIsNotTheCommandLine() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.eniipamd.app.Main")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(PRODUCTION);
  }

  @Test
  void shouldHaveMainClassesOfNothingButTheProgramWhenInProduction() {
    classes()
        .that(
            DescribedPredicate.describe(
                "are entry points",
                (JavaClass type) -> type.tryGetMethod("main", String[].class).isPresent()))
        .should()
        .resideInAPackage(room("app"))
        .allowEmptyShould(true)
        .check(PRODUCTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/test/java"})
  void shouldSayWhatItIsForWhenItIsAPackage(String tree) throws IOException {
    try (Stream<Path> directories = Files.walk(Path.of(tree, BASE.split("\\.")))) {
      var silent =
          directories
              .filter(Files::isDirectory)
              .filter(RoomsTest::hasSources)
              .filter(RoomsTest::isSilent);

      // A package that is in both trees is described where the program is.
      assertThat(silent).isEmpty();
    }
  }

  /** A name that is within the limit again has to leave its list: the lists only shrink. */
  @Test
  void shouldFitOnAPageWhenItIsAFileAMethodOrAConstructor() throws IOException {
    var sizes = SourceSizes.of(Path.of("src/main/java"));

    assertThat(SourceSizes.over(LINES_OF_A_FILE, sizes.files()))
        .as("files of more than %d lines", LINES_OF_A_FILE)
        .isEqualTo(LARGE_FILES);
    assertThat(SourceSizes.over(LINES_OF_A_METHOD, sizes.methods()))
        .as("methods of more than %d lines", LINES_OF_A_METHOD)
        .isEqualTo(LONG_METHODS);
    assertThat(SourceSizes.over(COLLABORATORS, sizes.constructors()))
        .as("constructors of more than %d parameters", COLLABORATORS)
        .filteredOn(type -> DATA.stream().noneMatch(type::startsWith))
        .containsExactlyInAnyOrderElementsOf(CROWDED_CONSTRUCTORS);
  }

  private static boolean hasSources(Path directory) {
    var files = directory.toFile().list((parent, name) -> name.endsWith(".java"));
    return files != null
        && Arrays.stream(files).anyMatch(name -> !name.equals("package-info.java"));
  }

  private static boolean isSilent(Path directory) {
    var inMain = Path.of(directory.toString().replace("src/test/java", "src/main/java"));
    return Stream.of(directory, inMain)
        .noneMatch(candidate -> Files.exists(candidate.resolve("package-info.java")));
  }

  private static String room(String name) {
    return BASE + "." + name + "..";
  }

  private static DescribedPredicate<JavaClass> named(String... names) {
    return DescribedPredicate.describe(
        "named " + String.join(", ", names), type -> List.of(names).contains(type.getName()));
  }
}
