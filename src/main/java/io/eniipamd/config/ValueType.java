package io.eniipamd.config;

import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.node.SubnetQuotas;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What may be written as the value of a key.
 *
 * @param placeholder what stands for the value in the list of flags; empty for a switch
 * @param bound what is accepted, as the end of a sentence that begins with "must be"
 * @param accepts whether a text, stripped and not empty, is within the bound; never throws
 */
record ValueType(String placeholder, String bound, Predicate<String> accepts) {

  private static final String ID_TAIL = "[A-Za-z0-9][A-Za-z0-9-]{0,62}";

  /** A switch: present without a value it is on. */
  static ValueType onOff() {
    return new ValueType("", "true or false", text -> text.matches("(?i:true|false)"));
  }

  static ValueType duration(Duration least, Duration most) {
    return new ValueType(
        "duration",
        "a duration from %s to %s, such as %s"
            .formatted(DurationText.format(least), DurationText.format(most), example(least, most)),
        text -> within(text, least, most));
  }

  static ValueType durationOrZero(Duration least, Duration most) {
    return new ValueType(
        "duration",
        "0, or a duration from %s to %s, such as %s"
            .formatted(DurationText.format(least), DurationText.format(most), example(least, most)),
        text ->
            within(text, least, most)
                || DurationText.parse(text).filter(Duration::isZero).isPresent());
  }

  static ValueType expiry() {
    return new ValueType(
        "duration",
        "a duration of at least %s, such as 1h, 90m or 1h30m, or 0 for never"
            .formatted(DurationText.format(ExpiryDuration.MINIMUM)),
        text ->
            switch (ExpiryDuration.parse(text)) {
              case ExpiryDuration.Malformed _ -> false;
              case ExpiryDuration.Never _ -> true;
              case ExpiryDuration.After _ -> true;
            });
  }

  static ValueType number(int least, int most) {
    return new ValueType(
        "number",
        "a whole number from %d to %d".formatted(least, most),
        text -> text.matches("\\d{1,9}") && inRange(Integer.parseInt(text), least, most));
  }

  static ValueType oneOf(String... values) {
    int last = values.length - 1;
    return new ValueType(
        String.join("|", values),
        String.join(", ", Arrays.copyOf(values, last)) + " or " + values[last],
        text -> Arrays.asList(values).contains(text));
  }

  /** An identifier of the cloud: a prefix such as {@code vpc-} and what the cloud adds to it. */
  static ValueType id(String prefix) {
    return new ValueType(prefix + "…", "one id that begins with " + prefix, idOf(prefix));
  }

  static ValueType ids(String prefix) {
    return list(prefix + "…", "ids that begin with " + prefix, Pattern.quote(prefix) + ID_TAIL);
  }

  /** Identifiers of the cloud, not more than so many. */
  static ValueType ids(String prefix, int most) {
    var any = ids(prefix);
    return new ValueType(
        any.placeholder(),
        "%s, at most %d".formatted(any.bound(), most),
        text -> any.accepts().test(text) && text.split(",", -1).length <= most);
  }

  static ValueType matching(String placeholder, String bound, String regex) {
    var pattern = Pattern.compile(regex);
    return new ValueType(placeholder, bound, text -> pattern.matcher(text).matches());
  }

  /** A moment as RFC 3339 writes it, in UTC or with an offset. */
  static ValueType instant() {
    return new ValueType(
        "time",
        "a time such as 2026-01-31T12:00:00Z",
        text -> {
          try {
            return OffsetDateTime.parse(text) != null;
          } catch (DateTimeParseException _) {
            return false;
          }
        });
  }

  static ValueType namespaces() {
    return list("namespace", "names of namespaces", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  }

  /** Kinds of workloads: {@code group/version/Kind}. */
  static ValueType kinds() {
    return list(
        "group/version/Kind",
        "kinds such as apps.kruise.io/v1beta1/StatefulSet",
        "[a-z0-9][a-z0-9.-]{0,252}/v[a-z0-9]{1,30}/[A-Z][A-Za-z0-9]{0,62}");
  }

  /**
   * Levels of parts of the operator. Not of libraries: those that speak to servers write the
   * headers of requests, and so keys, at their lower levels.
   */
  static ValueType levels() {
    var any =
        list(
            "package=level",
            "packages of io.eniipamd with OFF, ERROR, WARN, INFO or DEBUG, such as"
                + " io.eniipamd.kube.claim=DEBUG",
            "io\\.eniipamd(\\.[a-z]{1,30}){0,5}=(OFF|ERROR|WARN|INFO|DEBUG)");
    return new ValueType(
        any.placeholder(),
        any.bound(),
        text ->
            any.accepts().test(text)
                && Arrays.stream(text.split(","))
                        .map(item -> item.strip().replaceAll("=.*", ""))
                        .distinct()
                        .count()
                    == text.split(",").length);
  }

  /** Numbers or shares of the addresses of subnets. */
  static ValueType subnetQuotas() {
    return new ValueType(
        "subnet-…=quota,…",
        "ids that begin with subnet-, each once and with a whole number or a share from 0% to 100%,"
            + " joined by commas, such as subnet-0a1b2c3d=200,subnet-4e5f6a7b=50%",
        text -> SubnetQuotas.parse(text).isPresent());
  }

  private static ValueType list(String placeholder, String what, String regex) {
    var one = Pattern.compile(regex).asMatchPredicate();
    return new ValueType(
        "%s,%s".formatted(placeholder, placeholder),
        what + ", joined by commas, each once",
        text -> {
          var items = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
          return items.stream().allMatch(one) && items.stream().distinct().count() == items.size();
        });
  }

  static ValueType endpoint() {
    return new ValueType(
        "url",
        "https://host without a path, or http://127.0.0.1:port for a cloud on this machine",
        ValueType::isEndpoint);
  }

  /** Of a service that is at hand, where plain HTTP is all that there is. */
  static ValueType plainEndpoint() {
    return new ValueType(
        "url", "http://host or https://host without a path", text -> hostOnly(text).isPresent());
  }

  static ValueType proxy() {
    return new ValueType(
        "url",
        "http://host:port, without a user",
        text ->
            hostOnly(text)
                .filter(uri -> uri.getScheme().equals("http") && uri.getPort() > 0)
                .isPresent());
  }

  static ValueType path() {
    return new ValueType("path", "an absolute path", text -> text.startsWith("/"));
  }

  private static Predicate<String> idOf(String prefix) {
    return Pattern.compile(Pattern.quote(prefix) + ID_TAIL).asMatchPredicate();
  }

  private static boolean inRange(int value, int least, int most) {
    return least <= value && value <= most;
  }

  private static boolean within(String text, Duration least, Duration most) {
    return DurationText.parse(text)
        .filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0)
        .isPresent();
  }

  private static String example(Duration least, Duration most) {
    var usual = Duration.ofSeconds(30);
    return DurationText.format(
        usual.compareTo(least) >= 0 && usual.compareTo(most) <= 0 ? usual : least);
  }

  // Signed requests carry no secret, but their answers decide over addresses: plain HTTP stays on
  // the machine itself.
  private static boolean isEndpoint(String text) {
    return hostOnly(text)
        .filter(uri -> uri.getScheme().equals("https") || isLoopback(uri.getHost()))
        .isPresent();
  }

  /** A URI of HTTP with a host, perhaps a port, and nothing else. */
  private static Optional<URI> hostOnly(String text) {
    try {
      var uri = new URI(text);
      boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean more =
          uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null;
      return Optional.of(uri)
          .filter(any -> scheme && any.getHost() != null && !more)
          .filter(any -> any.getRawPath().isEmpty() || any.getRawPath().equals("/"));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host.replaceAll("^\\[|]$", "")).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
