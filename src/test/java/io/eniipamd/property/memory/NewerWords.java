package io.eniipamd.property.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.property.memory.ApiServer.Kind;
import java.util.ArrayList;
import java.util.List;

/** Words that a newer version has left behind, after a roll-back. */
final class NewerWords {
  static final String WORD = "FromTheFuture";

  private static final List<Field> FIELDS =
      List.of(
          new Field(Kind.CLAIM, "/status", "phase"),
          new Field(Kind.CLAIM, "/status", "deletePolicy"),
          new Field(Kind.CLAIM, "/spec", "deletePolicy"),
          new Field(Kind.CLAIM, "/spec", "networkMode"),
          new Field(Kind.VPC_IP, "/status", "phase"),
          new Field(Kind.VPC_IP, "/status", "releaseReason"),
          new Field(Kind.VPC_IP, "/spec", "type"));

  private record Field(Kind kind, String parent, String name) {}

  /** What stood there; null where nothing did. */
  private record Left(Field field, String namespace, String object, String uid, String before) {}

  private final ApiServer server;
  private final List<Left> left = new ArrayList<>();

  NewerWords(ApiServer server) {
    this.server = server;
  }

  /** Whether the object has such a word. */
  static boolean in(JsonNode object) {
    return FIELDS.stream().anyMatch(f -> is(f, object));
  }

  private static boolean is(Field field, JsonNode object) {
    return object.at(field.parent() + "/" + field.name()).asText("").equals(WORD);
  }

  void leave(String claim, int number) {
    var field = FIELDS.get(number % FIELDS.size());
    var holder = server.find(Kind.CLAIM, Cluster.NAMESPACE, claim);
    if (holder.isEmpty()) {
      return;
    }
    var namespace = field.kind() == Kind.CLAIM ? Cluster.NAMESPACE : null;
    var name =
        field.kind() == Kind.CLAIM ? claim : holder.get().path("status").path("address").asText("");
    server
        .find(field.kind(), namespace, name)
        .filter(o -> !in(o))
        .ifPresent(
            o -> {
              left.add(
                  new Left(
                      field,
                      namespace,
                      name,
                      ApiServer.uid(o),
                      o.at(field.parent() + "/" + field.name()).asText(null)));
              server.edit(
                  field.kind(),
                  namespace,
                  name,
                  e -> e.withObject(field.parent()).put(field.name(), WORD));
            });
  }

  void takeBack() {
    for (var one : left) {
      server
          .find(one.field().kind(), one.namespace(), one.object())
          .filter(o -> ApiServer.uid(o).equals(one.uid()) && is(one.field(), o))
          .ifPresent(
              o ->
                  server.edit(
                      one.field().kind(), one.namespace(), one.object(), e -> restore(e, one)));
    }
    left.clear();
  }

  private static void restore(ObjectNode object, Left one) {
    var parent = object.withObject(one.field().parent());
    if (one.before() == null) {
      parent.remove(one.field().name());
    } else {
      parent.put(one.field().name(), one.before());
    }
  }
}
