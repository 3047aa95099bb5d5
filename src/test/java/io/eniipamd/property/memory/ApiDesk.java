package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.property.memory.ApiServer.Kind;
import io.eniipamd.property.memory.InProcessHttp.Reply;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Carries out HTTP requests on an {@link ApiServer}. */
final class ApiDesk {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Hears of writes that were carried out. */
  interface Witness {
    /** A write other than a creation, and the object as it was before. */
    void written(String method, Kind kind, ObjectNode before);

    /** A deletion, the object as it was before, and the options of the request. */
    void deleted(Kind kind, ObjectNode before, ObjectNode options);
  }

  private final ApiServer server;
  private final Time time;
  private final Witness witness;

  ApiDesk(ApiServer server, Time time, Witness witness) {
    this.server = server;
    this.time = time;
    this.witness = witness;
  }

  /** What the call is about, read from its path. */
  private record Target(Kind kind, String namespace, String name, boolean status) {}

  private static Target target(String path) {
    var parts = List.of(path.substring(1).split("/"));
    int at = parts.getFirst().equals("api") ? 2 : 3;
    String namespace = null;
    if (parts.get(at).equals("namespaces")) {
      namespace = parts.get(at + 1);
      at += 2;
    }
    var plural = parts.get(at);
    var kind =
        Stream.of(Kind.values()).filter(k -> k.plural.equals(plural)).findFirst().orElseThrow();
    return new Target(
        kind,
        namespace,
        parts.size() > at + 1 ? parts.get(at + 1) : null,
        parts.size() > at + 2 && parts.get(at + 2).equals("status"));
  }

  /** Carries out one request. */
  Reply serve(StandardHttpRequest request) {
    var target = target(request.uri().getPath());
    var before =
        target.name() == null || request.method().equals("GET")
            ? Optional.<ObjectNode>empty()
            : server.find(target.kind(), target.namespace(), target.name());
    try {
      JsonNode body =
          switch (request.method()) {
            case "GET" ->
                target.name() == null
                    ? server.list(
                        target.kind(),
                        target.namespace(),
                        selector(request.uri().getQuery(), "labelSelector"),
                        selector(request.uri().getQuery(), "fieldSelector"))
                    : server.get(target.kind(), target.namespace(), target.name());
            case "POST" -> server.create(target.kind(), sent(request, target));
            case "PUT" ->
                target.status()
                    ? server.updateStatus(target.kind(), sent(request, target))
                    : server.update(target.kind(), sent(request, target));
            case "PATCH" ->
                target.status()
                    ? server.mergeStatus(target.kind(), sent(request, target))
                    : server.openGate(target.namespace(), target.name(), sent(request, target));
            case "DELETE" -> delete(target, ApiServer.parse(request.bodyString()));
            default -> throw new UnsupportedOperationException(request.method());
          };
      before.ifPresent(o -> witness.written(request.method(), target.kind(), o));
      return new Reply(request.method().equals("POST") ? 201 : 200, date(), body.toString());
    } catch (ApiServer.Refused e) {
      return refuse(e.code, e.getMessage());
    }
  }

  /** The answer to a request that is not carried out. */
  Reply refuse(int code, String message) {
    var status =
        ApiServer.JSON
            .createObjectNode()
            .put("apiVersion", "v1")
            .put("kind", "Status")
            .put("status", "Failure")
            .put("message", message)
            .put("code", code);
    return new Reply(code, date(), status.toString());
  }

  private static ObjectNode sent(StandardHttpRequest request, Target target) {
    var body = ApiServer.parse(request.bodyString());
    if (target.namespace() != null) {
      body.withObject("/metadata").put("namespace", target.namespace());
    }
    return body;
  }

  private JsonNode delete(Target target, ObjectNode options) {
    var object = server.get(target.kind(), target.namespace(), target.name());
    var preconditions = options.path("preconditions");
    server.delete(
        target.kind(),
        target.namespace(),
        target.name(),
        preconditions.path("uid").asText(null),
        preconditions.path("resourceVersion").asText(null));
    witness.deleted(target.kind(), object, options);
    return object;
  }

  private static Map<String, String> selector(String query, String name) {
    var selected = new HashMap<String, String>();
    if (query != null) {
      for (var part : query.split("&", -1)) {
        if (part.startsWith(name + "=")) {
          for (var one : part.substring(name.length() + 1).split(",", -1)) {
            var pair = one.split("=", 2);
            selected.put(pair[0], pair[1]);
          }
        }
      }
    }
    return selected;
  }

  private String date() {
    return HTTP_DATE.format(time.server());
  }
}
