package io.eniipamd.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which binaries are meant: two versions for one platform.
 *
 * @param kubernetes the version of Kubernetes without {@code v}, e.g. {@code 1.36.3}
 * @param etcd the version of etcd without {@code v}
 * @param os the operating system in Go's words, e.g. {@code linux}
 * @param arch the processor in Go's words, e.g. {@code amd64}
 */
record Release(String kubernetes, String etcd, String os, String arch) {

  private static final String MODULES = "/controlplane/";
  private static final Pattern KUBERNETES_VERSION =
      Pattern.compile("^\\s*(?:require\\s+)?k8s\\.io/kubernetes v(\\S+)", Pattern.MULTILINE);
  private static final Pattern ETCD_VERSION =
      Pattern.compile(
          "^\\s*(?:require\\s+)?go\\.etcd\\.io/etcd/server/v3 v(\\S+)", Pattern.MULTILINE);

  /**
   * The release that the project's own Go modules ask for, on this machine. The versions are
   * written there and nowhere else.
   */
  static Release current() {
    return new Release(
        version(KUBERNETES_VERSION, moduleFile("kubernetes", "go.mod")),
        version(ETCD_VERSION, moduleFile("etcd", "go.mod")),
        goOs(System.getProperty("os.name")),
        goArch(System.getProperty("os.arch")));
  }

  /** The name of the directory that holds these binaries in a cache. */
  String directoryName() {
    return "%s-etcd-%s-%s-%s".formatted(kubernetes, etcd, os, arch);
  }

  /** The text of a file of one of the project's Go modules, from the class path. */
  static String moduleFile(String module, String file) {
    String resource = MODULES + module + "/" + file;
    try (InputStream in = Release.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
  }

  private static String version(Pattern pattern, String goMod) {
    Matcher matcher = pattern.matcher(goMod);
    if (!matcher.find()) {
      throw new IllegalStateException("no version by " + pattern + " in go.mod");
    }
    return matcher.group(1);
  }

  private static String goOs(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("mac") ? "darwin" : lower;
  }

  private static String goArch(String arch) {
    return switch (arch) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> arch;
    };
  }
}
