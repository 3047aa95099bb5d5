package io.eniipamd.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes the image on a base of its own, without a registry, and looks into it. */
class OperatorImageIT {
  private static final Path PROGRAM = Path.of("target/quarkus-app");
  private static final Gson GSON = new Gson();

  @TempDir private static Path folder;

  /** The files of the image's tar, by name. */
  private static Map<String, byte[]> image;

  private static JsonObject config;

  /** The files of each layer, by path; the base's first. */
  private static List<Map<String, byte[]>> layers;

  @BeforeAll
  static void make() throws Exception {
    var base = folder.resolve("base.tar");
    Files.write(base, baseImage());
    var made = folder.resolve("image.tar");

    OperatorImage.make(
        new OperatorImage.Order(PROGRAM, "tar:" + base, "tar:" + made, "1.2.3-test"));

    image = untar(Files.newInputStream(made));
    var manifest = manifest();
    config = GSON.fromJson(text(image.get(configName(manifest))), JsonObject.class);
    layers = layerNames(manifest).map(name -> untarGzip(image.get(name))).toList();
  }

  @Test
  void shouldRunAsNobodyWithItsHeapWhenItIsStarted() {
    var how = config.getAsJsonObject("config");

    assertThat(how.get("User").getAsString()).isEqualTo("65532:65532");
    assertThat(strings(how.getAsJsonArray("Entrypoint")))
        .containsExactly("java", "-jar", "/work/quarkus-run.jar");
    assertThat(strings(how.getAsJsonArray("Env")))
        .contains("JAVA_TOOL_OPTIONS=" + OperatorImage.JAVA_TOOL_OPTIONS);
    assertThat(how.getAsJsonObject("ExposedPorts").keySet()).containsExactly("9000/tcp");
    assertThat(how.get("WorkingDir").getAsString()).isEqualTo("/work");
    assertThat(how.getAsJsonObject("Labels").get("org.opencontainers.image.version").getAsString())
        .isEqualTo("1.2.3-test");
    assertThat(config.get("created").getAsString()).startsWith("1970-01-01T00:00:00");
  }

  @Test
  void shouldHaveTheProgramInLayersOfItsOwnWhenItIsMade() throws IOException {
    assertThat(layers).hasSize(6);
    assertThat(layers.get(0).keySet()).containsExactly("etc/base");
    assertThat(layers.get(1).keySet()).allMatch(name -> name.startsWith("work/lib/"));
    assertThat(layers.get(2).keySet()).allMatch(name -> name.startsWith("work/quarkus/"));
    assertThat(layers.get(3).keySet()).containsExactly("work/quarkus-run.jar");
    assertThat(layers.get(4).keySet()).allMatch(name -> name.startsWith("work/app/"));
    assertThat(layers.get(5).keySet()).containsExactly("licenses/LICENSE", "licenses/NOTICE");

    var packaged = new TreeSet<String>();
    try (var files = Files.walk(PROGRAM)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> "work/" + PROGRAM.relativize(file))
          // What Quarkus keeps to build the program anew, and the sources of the build.
          .filter(name -> !name.endsWith("quarkus-app-dependencies.txt"))
          .forEach(packaged::add);
    }
    assertThat(layers.subList(1, 5)).flatMap(Map::keySet).containsAll(packaged);
  }

  @Test
  void shouldHaveNothingOfTheTestsWhenItIsMade() throws IOException {
    var ours = new TreeSet<String>();
    for (var jar : layers.get(4).entrySet()) {
      ours.addAll(classesOf(jar.getValue()));
    }

    assertThat(ours).contains("io/eniipamd/app/Main.class");
    assertThat(ours)
        .noneMatch(
            name ->
                name.matches(
                    "io/eniipamd/(simulator|controlplane|kubelet|testing|demo|property|image|arch)/.*"))
        .noneMatch(name -> name.matches(".*(Test|IT)(\\$.*)?\\.class"));
    assertThat(layers.get(1).keySet())
        .noneMatch(
            name ->
                name.matches(".*/[^/]*(junit|assertj|jqwik|archunit|awaitility|jib-core)[^/]*"));
  }

  @Test
  void shouldBeTheSameImageWhenItIsMadeAgain() throws Exception {
    var again = folder.resolve("again.tar");
    OperatorImage.make(
        new OperatorImage.Order(
            PROGRAM, "tar:" + folder.resolve("base.tar"), "tar:" + again, "1.2.3-test"));

    assertThat(untar(Files.newInputStream(again)).keySet()).isEqualTo(image.keySet());
  }

  @Test
  void shouldSayTheSameAsTheDockerfileAndTheManifestWhenTheyAreRead() throws IOException {
    var dockerfile = Files.readString(Path.of("src/main/docker/Dockerfile.jvm"));
    var manifest = Files.readString(Path.of("src/main/kubernetes/kubernetes.yml"));

    assertThat(found(dockerfile, "ENV JAVA_TOOL_OPTIONS=\"(.+)\""))
        .isEqualTo(OperatorImage.JAVA_TOOL_OPTIONS)
        .isEqualTo(found(manifest, "name: JAVA_TOOL_OPTIONS\\s+value: \"(.+)\""));
    assertThat(found(dockerfile, "(?m)^USER (\\d.*)$")).isEqualTo(OperatorImage.USER);
    assertThat(found(dockerfile, "(?m)^ENTRYPOINT (.+)$"))
        .isEqualTo("[\"" + String.join("\", \"", OperatorImage.ENTRYPOINT) + "\"]");
    assertThat(OperatorImage.USER)
        .isEqualTo(
            found(manifest, "runAsUser: (\\d+)") + ":" + found(manifest, "runAsGroup: (\\d+)"));
  }

  private static String found(String text, String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  /** Where the image is one of Docker's, and where it is one of OCI's. */
  private static JsonObject manifest() {
    if (image.containsKey("manifest.json")) {
      return GSON.fromJson(text(image.get("manifest.json")), JsonArray.class)
          .get(0)
          .getAsJsonObject();
    }
    var index = GSON.fromJson(text(image.get("index.json")), JsonObject.class);
    return GSON.fromJson(
        text(image.get(blob(index.getAsJsonArray("manifests").get(0).getAsJsonObject()))),
        JsonObject.class);
  }

  private static String configName(JsonObject manifest) {
    return manifest.has("Config")
        ? manifest.get("Config").getAsString()
        : blob(manifest.getAsJsonObject("config"));
  }

  private static Stream<String> layerNames(JsonObject manifest) {
    return manifest.has("Layers")
        ? strings(manifest.getAsJsonArray("Layers")).stream()
        : manifest.getAsJsonArray("layers").asList().stream()
            .map(layer -> blob(layer.getAsJsonObject()));
  }

  private static String blob(JsonObject descriptor) {
    return "blobs/" + descriptor.get("digest").getAsString().replace(':', '/');
  }

  private static List<String> strings(JsonArray array) {
    return array.asList().stream().map(e -> e.getAsString()).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Set<String> classesOf(byte[] jar) throws IOException {
    var names = new TreeSet<String>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  private static Map<String, byte[]> untarGzip(byte[] layer) {
    try {
      boolean zipped = layer.length > 1 && (layer[0] & 0xff) == 0x1f && (layer[1] & 0xff) == 0x8b;
      var bytes = new ByteArrayInputStream(layer);
      return untar(zipped ? new GZIPInputStream(bytes) : bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> untar(InputStream tar) throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    try (var in = new TarArchiveInputStream(tar)) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          files.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return files;
  }

  /** As {@code docker save} writes it: a configuration, and one layer with one file. */
  private static byte[] baseImage() throws IOException {
    var layer = tar(Map.of("etc/base", "the base of a test".getBytes(StandardCharsets.UTF_8)));
    var config =
        """
        {"architecture": "amd64", "os": "linux", "created": "1970-01-01T00:00:00Z", "config": {},
         "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}, "history": [{}]}
        """
            .formatted(sha256(layer));
    var manifest =
        """
        [{"Config": "config.json", "RepoTags": ["base:test"], "Layers": ["layer.tar"]}]
        """;
    var files = new LinkedHashMap<String, byte[]>();
    files.put("config.json", config.getBytes(StandardCharsets.UTF_8));
    files.put("layer.tar", layer);
    files.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    return tar(files);
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        var entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        out.putArchiveEntry(entry);
        out.write(file.getValue());
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
