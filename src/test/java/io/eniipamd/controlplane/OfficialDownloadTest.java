package io.eniipamd.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfficialDownloadTest {

  private static final Release RELEASE = new Release("1.2.3", "4.5.6", "linux", "amd64");
  private static final String SERVER = "/kubernetes/v1.2.3/bin/linux/amd64/";
  private static final String ETCD = "/etcd/v4.5.6/";
  private static final String ARCHIVE = "etcd-v4.5.6-linux-amd64.tar.gz";

  @TempDir Path directory;

  /** What the server has, by path. */
  private final Map<String, byte[]> files = new TreeMap<>();

  private String truncated = "";
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    for (Program program : Program.values()) {
      if (program.ofKubernetes()) {
        byte[] content = bytes("the program " + program.fileName());
        files.put(SERVER + program.fileName(), content);
        files.put(SERVER + program.fileName() + ".sha256", bytes(sha256(content)));
      }
    }
    byte[] archive = archive("etcd-v4.5.6-linux-amd64/etcd", bytes("the program etcd"));
    files.put(ETCD + ARCHIVE, archive);
    files.put(
        ETCD + "SHA256SUMS",
        bytes(
            "%s  etcd-v4.5.6-darwin-arm64.zip\n%s  %s\n".formatted("0", sha256(archive), ARCHIVE)));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] content = files.get(path);
          if (content == null) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            int more = path.equals(truncated) ? 100 : 0;
            exchange.sendResponseHeaders(200, content.length + more);
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().flush();
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void shouldHaveEveryProgramWhenAllSumsAreAsPublished() throws Exception {
    download();

    assertThat(Binaries.missingIn(directory)).isEmpty();
    assertThat(directory.resolve("etcd")).hasContent("the program etcd");
    assertThat(directory.resolve("kubectl")).hasContent("the program kubectl");
    assertThat(directory.resolve(ARCHIVE)).doesNotExist();
  }

  @Test
  void shouldRefuseAProgramWhenItsSumIsAnother() {
    files.put(SERVER + "kube-scheduler.sha256", bytes("00ff"));

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("kube-scheduler is ")
        .hasMessageContaining("published is 00ff");
  }

  @Test
  void shouldRefuseAProgramWhenNoSumIsPublished() {
    files.remove(SERVER + "kube-apiserver.sha256");

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("kube-apiserver.sha256 answered 404");
  }

  @Test
  void shouldRefuseAnArchiveWhenTheListOfSumsLeavesItOut() {
    files.put(ETCD + "SHA256SUMS", bytes("0  another.tar.gz\n"));

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("has no line for " + ARCHIVE);
  }

  @Test
  void shouldRefuseAnArchiveWhenItsSumIsAnother() {
    files.put(ETCD + ARCHIVE, bytes("not what was published"));

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining(ARCHIVE + " is ");
  }

  @Test
  void shouldRefuseAnArchiveWhenTheProgramIsNotInIt() throws IOException {
    byte[] archive = archive("etcd-v4.5.6-linux-amd64/README.md", bytes("read me"));
    files.put(ETCD + ARCHIVE, archive);
    files.put(ETCD + "SHA256SUMS", bytes(sha256(archive) + "  " + ARCHIVE + "\n"));

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("holds no etcd-v4.5.6-linux-amd64/etcd");
  }

  @Test
  void shouldRefuseAProgramWhenItsBodyIsCutOff() {
    truncated = SERVER + "kube-apiserver";

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("GET http://127.0.0.1")
        .hasMessageContaining("kube-apiserver");
  }

  @Test
  void shouldSayWhatItTriedWhenNobodyListens() {
    server.stop(0);

    assertThatThrownBy(this::download)
        .isInstanceOf(SourceUnavailableException.class)
        .hasMessageContaining("ConnectException");
  }

  @Test
  void shouldUseAMirrorWhenOneIsConfigured() throws Exception {
    String base = "http://127.0.0.1:" + server.getAddress().getPort();

    OfficialDownload.configured(
            RELEASE,
            Map.of(
                "ENI_IPAMD_KUBERNETES_DOWNLOAD_URL", base + "/kubernetes",
                "ENI_IPAMD_ETCD_DOWNLOAD_URL", base + "/etcd/"),
            line -> {})
        .produceInto(directory);

    assertThat(Binaries.missingIn(directory)).isEmpty();
  }

  private void download() throws Exception {
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    new OfficialDownload(RELEASE, base.resolve("kubernetes/"), base.resolve("etcd/"), line -> {})
        .produceInto(directory);
  }

  private static byte[] archive(String entryName, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
      TarArchiveEntry entry = new TarArchiveEntry(entryName);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
