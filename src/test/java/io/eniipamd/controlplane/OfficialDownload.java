package io.eniipamd.controlplane;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The binaries that the two projects publish, each checked against the SHA-256 sum published beside
 * it. What has no sum, or another, is not taken.
 */
final class OfficialDownload implements BinaryProducer {

  private static final URI KUBERNETES = URI.create("https://dl.k8s.io/release/");
  private static final URI ETCD = URI.create("https://github.com/etcd-io/etcd/releases/download/");

  // Three seconds, because a machine without internet should not wait for what cannot come.
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  // Ten minutes a file, because the largest has 90 MB and a slow line is still a line.
  private static final Duration FILE_TIMEOUT = Duration.ofMinutes(10);

  private final Release release;
  private final URI kubernetesBase;
  private final URI etcdBase;
  private final Consumer<String> progress;

  OfficialDownload(Release release, URI kubernetesBase, URI etcdBase, Consumer<String> progress) {
    this.release = release;
    this.kubernetesBase = kubernetesBase;
    this.etcdBase = etcdBase;
    this.progress = progress;
  }

  /**
   * From the projects' own addresses, or from mirrors named by {@code
   * ENI_IPAMD_KUBERNETES_DOWNLOAD_URL} and {@code ENI_IPAMD_ETCD_DOWNLOAD_URL}.
   */
  static OfficialDownload configured(
      Release release, Map<String, String> environment, Consumer<String> progress) {
    return new OfficialDownload(
        release,
        base(environment.get("ENI_IPAMD_KUBERNETES_DOWNLOAD_URL"), KUBERNETES),
        base(environment.get("ENI_IPAMD_ETCD_DOWNLOAD_URL"), ETCD),
        progress);
  }

  private static URI base(String configured, URI official) {
    if (configured == null || configured.isBlank()) {
      return official;
    }
    return URI.create(configured.endsWith("/") ? configured : configured + "/");
  }

  @Override
  public String name() {
    return "official download";
  }

  @Override
  public void produceInto(Path directory) throws SourceUnavailableException, InterruptedException {
    try (HttpClient http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      for (Program program : Program.values()) {
        if (program.ofKubernetes()) {
          kubernetesProgram(http, program, directory.resolve(program.fileName()));
        } else {
          etcd(http, directory);
        }
        if (!directory.resolve(program.fileName()).toFile().setExecutable(true)) {
          throw new SourceUnavailableException("cannot make " + program + " executable");
        }
      }
    }
  }

  private void kubernetesProgram(HttpClient http, Program program, Path target)
      throws SourceUnavailableException, InterruptedException {
    URI uri =
        kubernetesBase.resolve(
            "v%s/bin/%s/%s/%s"
                .formatted(release.kubernetes(), release.os(), release.arch(), program.fileName()));
    String published = text(http, URI.create(uri + ".sha256")).strip();
    file(http, uri, published, target);
  }

  private void etcd(HttpClient http, Path directory)
      throws SourceUnavailableException, InterruptedException {
    String name = "etcd-v%s-%s-%s".formatted(release.etcd(), release.os(), release.arch());
    URI folder = etcdBase.resolve("v%s/".formatted(release.etcd()));
    URI sums = folder.resolve("SHA256SUMS");
    String published =
        text(http, sums)
            .lines()
            .map(line -> line.strip().split("\\s+\\*?"))
            .filter(parts -> parts.length == 2 && parts[1].equals(name + ".tar.gz"))
            .map(parts -> parts[0])
            .findFirst()
            .orElseThrow(
                () ->
                    new SourceUnavailableException(sums + " has no line for " + name + ".tar.gz"));
    Path archive = directory.resolve(name + ".tar.gz");
    file(http, folder.resolve(name + ".tar.gz"), published, archive);
    unpack(archive, name + "/etcd", directory.resolve("etcd"));
  }

  private static void unpack(Path archive, String entryName, Path target)
      throws SourceUnavailableException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        var tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals(entryName)) {
          Files.copy(tar, target);
          Files.delete(archive);
          return;
        }
      }
    } catch (IOException e) {
      throw new SourceUnavailableException("unpacking %s: %s".formatted(archive, e), e);
    }
    throw new SourceUnavailableException("%s holds no %s".formatted(archive, entryName));
  }

  private static String text(HttpClient http, URI uri)
      throws SourceUnavailableException, InterruptedException {
    return get(http, uri, HttpResponse.BodyHandlers.ofString());
  }

  private void file(HttpClient http, URI uri, String published, Path target)
      throws SourceUnavailableException, InterruptedException {
    progress.accept("downloading " + uri);
    get(http, uri, HttpResponse.BodyHandlers.ofFile(target));
    String actual = sha256(target);
    if (!actual.equalsIgnoreCase(published)) {
      throw new SourceUnavailableException(
          "the SHA-256 sum of %s is %s, published is %s".formatted(uri, actual, published));
    }
  }

  private static <T> T get(HttpClient http, URI uri, HttpResponse.BodyHandler<T> body)
      throws SourceUnavailableException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT).build();
    try {
      HttpResponse<T> response =
          http.sendAsync(
                  request,
                  info ->
                      info.statusCode() == 200
                          ? body.apply(info)
                          : HttpResponse.BodySubscribers.replacing(null))
              .get(FILE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      if (response.statusCode() != 200) {
        throw new SourceUnavailableException(
            "GET %s answered %d".formatted(uri, response.statusCode()));
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new SourceUnavailableException("GET %s: %s".formatted(uri, e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      http.shutdownNow(); // closing it would wait for the answer
      throw new SourceUnavailableException(
          "GET %s: not done after %d minutes".formatted(uri, FILE_TIMEOUT.toMinutes()), e);
    }
  }

  private static String sha256(Path file) throws SourceUnavailableException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new SourceUnavailableException("reading " + file + ": " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
