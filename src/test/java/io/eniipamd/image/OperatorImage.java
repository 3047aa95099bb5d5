package io.eniipamd.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The image of the packaged operator, made without Docker: {@code ./mvnw package -Dimage}. It is
 * the image of {@code src/main/docker/Dockerfile.jvm}; whoever changes one changes the other.
 *
 * <p>The same program gives the same image: no file in it carries the time of the build.
 */
public final class OperatorImage {
  static final String NAME = "eni-ipamd/tke-eni-ipamd";

  /** For the memory limit of the manifest. */
  static final String JAVA_TOOL_OPTIONS =
      "-XX:+UseSerialGC -Xmx288m -Xss512k -XX:MaxMetaspaceSize=112m -XX:ReservedCodeCacheSize=48m"
          + " -XX:MaxDirectMemorySize=32m -XX:+ExitOnOutOfMemoryError";

  static final String USER = "65532:65532";
  static final List<String> ENTRYPOINT = List.of("java", "-jar", "/work/quarkus-run.jar");
  static final int PORT = 9000;

  /** The prefix of a target, or of a base, that is a file. */
  private static final String TAR = "tar:";

  /** What changes least comes first, so that an update pulls the last layers only. */
  private static final List<String> LAYERS = List.of("lib", "quarkus", "quarkus-run.jar", "app");

  private static final AbsoluteUnixPath WORK = AbsoluteUnixPath.get("/work");

  /**
   * What to make.
   *
   * @param program the folder of the packaged program, {@code target/quarkus-app}
   * @param base a name in a registry, or {@code tar:} and the path of an image
   * @param target a name in a registry, which is pushed to with the credentials of Docker's
   *     configuration, or {@code tar:} and the path of the file to write
   * @param version of the program, the tag where the target has none
   */
  public record Order(Path program, String base, String target, String version) {}

  private OperatorImage() {}

  /**
   * Makes the image.
   *
   * @param arguments base, target and version, as {@link Order} says
   */
  @SuppressWarnings("SystemOut") // The answer of a command line.
  public static void main(String... arguments) throws Exception {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(
          "three arguments are needed, base, target and version: " + List.of(arguments));
    }
    var order = new Order(Path.of("target/quarkus-app"), arguments[0], arguments[1], arguments[2]);
    System.out.printf("%s: %s%n", order.target(), make(order).getDigest());
  }

  /**
   * Makes the image and writes or pushes it.
   *
   * @throws IllegalStateException where the program was not packaged
   */
  static JibContainer make(Order order)
      throws IOException,
          InvalidImageReferenceException,
          InterruptedException,
          RegistryException,
          CacheDirectoryCreationException,
          ExecutionException {
    if (!Files.exists(order.program().resolve("quarkus-run.jar"))) {
      throw new IllegalStateException(
          order.program() + " has no quarkus-run.jar: ./mvnw package makes it");
    }
    var image =
        from(order.base())
            .setFormat(ImageFormat.OCI)
            .setCreationTime(Instant.EPOCH)
            .setWorkingDirectory(WORK)
            .setUser(USER)
            .setEnvironment(Map.of("JAVA_TOOL_OPTIONS", JAVA_TOOL_OPTIONS))
            .setExposedPorts(Port.tcp(PORT))
            .setEntrypoint(ENTRYPOINT)
            .setLabels(labels(order.version()));
    for (var part : LAYERS) {
      image.addLayer(List.of(order.program().resolve(part)), WORK);
    }
    image.addLayer(
        List.of(Path.of("LICENSE"), Path.of("NOTICE")), AbsoluteUnixPath.get("/licenses"));
    return image.containerize(to(order));
  }

  private static Map<String, String> labels(String version) {
    return Map.of(
        "org.opencontainers.image.title", "tke-eni-ipamd",
        "org.opencontainers.image.description",
            "Fixed-IP control plane for VPC-CNI clusters on Tencent Cloud",
        "org.opencontainers.image.licenses", "Apache-2.0",
        "org.opencontainers.image.version", version);
  }

  private static JibContainerBuilder from(String base) throws InvalidImageReferenceException {
    if (base.startsWith(TAR)) {
      return Jib.from(TarImage.at(Path.of(base.substring(TAR.length()))));
    }
    var reference = ImageReference.parse(base);
    return Jib.from(
        RegistryImage.named(reference)
            .addCredentialRetriever(
                CredentialRetrieverFactory.forImage(reference, _ -> {}).dockerConfig()));
  }

  private static Containerizer to(Order order) throws InvalidImageReferenceException {
    var cache = Path.of("target/image-cache");
    Containerizer target;
    if (order.target().startsWith(TAR)) {
      var file = Path.of(order.target().substring(TAR.length()));
      target =
          Containerizer.to(TarImage.at(file).named(NAME + ":" + order.version()))
              .setOfflineMode(order.base().startsWith(TAR));
    } else {
      var reference = ImageReference.parse(order.target());
      target =
          Containerizer.to(
              RegistryImage.named(reference)
                  .addCredentialRetriever(
                      CredentialRetrieverFactory.forImage(reference, _ -> {}).dockerConfig()));
    }
    return target.setBaseImageLayersCache(cache).setApplicationLayersCache(cache);
  }
}
