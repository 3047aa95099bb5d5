package io.eniipamd.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryLocatorTest {

  private static final Release RELEASE = new Release("1.2.3", "4.5.6", "linux", "amd64");

  @TempDir Path directory;

  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());
  private Path cacheRoot;

  @BeforeEach
  void chooseCache() {
    cacheRoot = directory.resolve("cache");
  }

  @Test
  void shouldTakeTheAssetsWhenTheyAreComplete() throws Exception {
    Path assets = complete(directory.resolve("assets"));

    Binaries found = locator(assets.toString(), failing("never asked")).locate();

    assertThat(found.directory()).isEqualTo(assets);
    assertThat(progress).isEmpty();
  }

  @Test
  void shouldGoOnToTheCacheWhenTheAssetsLackAProgram() throws Exception {
    Path assets = complete(directory.resolve("assets"));
    Files.delete(assets.resolve("kube-scheduler"));
    Path cached = complete(cacheRoot.resolve(RELEASE.directoryName()));

    Binaries found = locator(assets.toString(), failing("never asked")).locate();

    assertThat(found.directory()).isEqualTo(cached);
    assertThat(progress)
        .containsExactly("KUBEBUILDER_ASSETS: %s lacks kube-scheduler; going on".formatted(assets));
  }

  @Test
  void shouldFillTheCacheByTheNextWayWhenOneFails() throws Exception {
    var producer = new CompleteProducer();

    Binaries found = locator("", failing("no internet"), producer).locate();
    Binaries again = locator("", failing("never asked")).locate();

    assertThat(found.directory()).isEqualTo(cacheRoot.resolve(RELEASE.directoryName()));
    assertThat(again).isEqualTo(found);
    assertThat(progress).containsExactly("failing: no internet; going on");
    try (Stream<Path> left = Files.list(cacheRoot)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(RELEASE.directoryName(), RELEASE.directoryName() + ".lock");
    }
  }

  @Test
  void shouldNotTakeWhatAWayLeftIncompleteWhenItClaimsSuccess() {
    var halfway =
        new BinaryProducer() {
          @Override
          public String name() {
            return "halfway";
          }

          @Override
          public void produceInto(Path target) {
            program(target.resolve("etcd"), "");
          }
        };

    assertThatThrownBy(() -> locator("", halfway).locate())
        .hasMessageContaining(
            "halfway: it left out kube-apiserver, kube-controller-manager, kube-scheduler, kubectl");
    assertThat(cacheRoot.resolve(RELEASE.directoryName())).doesNotExist();
  }

  @Test
  void shouldSayWhatEachLackedAndWhatToDoWhenAllFail() {
    var goBuild = new GoBuild(RELEASE, Optional.empty(), InstantSource.system(), progress::add);

    assertThatThrownBy(() -> locator("/no/such/place", failing("no internet"), goBuild).locate())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("KUBEBUILDER_ASSETS: /no/such/place is no directory")
        .hasMessageContaining("failing: no internet")
        .hasMessageContaining("build from Go modules: no go is installed here")
        .hasMessageContaining("Do one of these");
  }

  @Test
  void shouldBuildOnceWhenTwoAskAtTheSameTime() throws Exception {
    var producer = new CompleteProducer();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Binaries>> both =
          List.of(
              threads.submit(() -> locator("", producer).locate()),
              threads.submit(() -> locator("", producer).locate()));
      for (Future<Binaries> each : both) {
        assertThat(Binaries.missingIn(each.get(20, TimeUnit.SECONDS).directory())).isEmpty();
      }
    }

    assertThat(producer.runs).hasValue(1);
  }

  @Test
  void shouldTakeWhatAnotherProcessHasBuiltWhenItHadToWaitForIt() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FillsTheCache.class.getName(),
                cacheRoot.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var reader = other.inputReader();
        var writer = other.outputWriter();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(reader.readLine()).isEqualTo("producing");

      Future<Binaries> waiting =
          threads.submit(() -> locator("", failing("must not be asked")).locate());
      await().until(() -> !progress.isEmpty());
      writer.write("go on\n");
      writer.flush();

      assertThat(Binaries.missingIn(waiting.get(20, TimeUnit.SECONDS).directory())).isEmpty();
      assertThat(progress)
          .containsExactly(
              "waiting for another process that fills "
                  + cacheRoot.resolve(RELEASE.directoryName()));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldBuildWithAToolchainWhenOneIsAtHand() throws Exception {
    // Stands for a toolchain: makes what it is asked for, as go build -o does.
    Path go =
        program(
            directory.resolve("go"),
            """
            #!/bin/sh
            while [ "$1" != "-o" ]; do shift; done
            case "$2" in
              */) for each in kube-apiserver kube-controller-manager kube-scheduler kubectl; do
                    cp "$0" "$2$each"; done;;
              *) cp "$0" "$2";;
            esac
            grep -q "^module" go.mod && test -s go.sum && test -n "$GOCACHE"
            """);
    var build = new GoBuild(RELEASE, Optional.of(go), InstantSource.system(), progress::add);

    Binaries found = locator("", build).locate();

    assertThat(found.directory().resolve("build")).doesNotExist();
    assertThat(progress.getFirst()).startsWith("building etcd 4.5.6 and Kubernetes 1.2.3");
  }

  @Test
  void shouldSayTheLastWordsOfTheToolchainWhenItFails() throws Exception {
    Path go =
        program(directory.resolve("go"), "#!/bin/sh\necho first\necho no such module\nexit 3\n");
    var build = new GoBuild(RELEASE, Optional.of(go), InstantSource.system(), progress::add);

    assertThatThrownBy(() -> locator("", build).locate())
        .hasMessageContaining("go build of etcd ended with 3: no such module");
  }

  @Test
  void shouldReadTheVersionsFromTheModulesWhenAskedForTheRelease() {
    Release release = Release.current();

    assertThat(release.kubernetes()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(release.etcd()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(Release.moduleFile("kubernetes", "go.mod")).contains("cmd/kube-apiserver");
  }

  @Test
  void shouldKeepTheCacheOutsideTheTreeWhereverTheEnvironmentSays() {
    String home = System.getProperty("user.home");

    assertThat(BinaryCache.defaultRoot(Map.of("ENI_IPAMD_CACHE", "/c", "XDG_CACHE_HOME", "/x")))
        .isEqualTo(Path.of("/c/controlplane"));
    assertThat(BinaryCache.defaultRoot(Map.of("XDG_CACHE_HOME", "/x")))
        .isEqualTo(Path.of("/x/eni-ipamd/controlplane"));
    assertThat(BinaryCache.defaultRoot(Map.of()))
        .isEqualTo(Path.of(home, ".cache/eni-ipamd/controlplane"));
  }

  private BinaryLocator locator(String assets, BinaryProducer... producers) {
    return new BinaryLocator(
        assets,
        new BinaryCache(cacheRoot, RELEASE, progress::add),
        List.of(producers),
        progress::add);
  }

  private static BinaryProducer failing(String reason) {
    return new BinaryProducer() {
      @Override
      public String name() {
        return "failing";
      }

      @Override
      public void produceInto(Path directory) throws SourceUnavailableException {
        throw new SourceUnavailableException(reason);
      }
    };
  }

  private static Path complete(Path target) {
    for (Program program : Program.values()) {
      program(target.resolve(program.fileName()), "");
    }
    return target;
  }

  private static Path program(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private static class CompleteProducer implements BinaryProducer {
    final AtomicInteger runs = new AtomicInteger();

    @Override
    public String name() {
      return "complete";
    }

    @Override
    public void produceInto(Path target) {
      runs.incrementAndGet();
      complete(target);
    }
  }

  /** Another process: holds the cache until it is told to go on, then fills it. */
  static final class FillsTheCache {
    public static void main(String[] arguments) throws InterruptedException {
      var cache = new BinaryCache(Path.of(arguments[0]), RELEASE, line -> {});
      var producer =
          new CompleteProducer() {
            @Override
            public void produceInto(Path target) {
              System.out.println("producing");
              try {
                assertThat(System.in.read()).isPositive();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              super.produceInto(target);
            }
          };
      var unused = cache.fill(List.of(producer), System.err::println);
    }
  }
}
