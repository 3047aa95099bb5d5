package io.eniipamd.property.memory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What this system uses of an API server: versions that only grow, UIDs, conflicts, finalizers, the
 * status apart from the other fields, defaults at first sight, and a log that watches read. Objects
 * in it are never changed, they are replaced.
 */
final class ApiServer {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final String FIRST_CONDITION =
      """
      {"type":"%s","status":"Unknown","reason":"Waiting","message":"Waiting for the operator.",\
      "lastTransitionTime":"1970-01-01T00:00:00Z"}""";

  private static final int LABEL_LENGTH = 63;
  private static final int NAME_LENGTH = 253;

  private static final Duration WRITE = Duration.ofMillis(1);

  /** The kinds that exist. */
  enum Kind {
    POD("v1", "Pod", "pods", true),
    STATEFUL_SET("apps/v1", "StatefulSet", "statefulsets", true),
    EVENT("v1", "Event", "events", true),
    NODE("v1", "Node", "nodes", false),
    CLAIM("networking.tke.cloud.tencent.com/v1", "VpcIPClaim", "vpcipclaims", true),
    VPC_IP("networking.tke.cloud.tencent.com/v1", "VpcIP", "vpcips", false),
    NODE_CONFIG("networking.tke.cloud.tencent.com/v1", "NodeENIConfig", "nodeeniconfigs", false);

    final String apiVersion;
    final String kind;
    final String plural;
    final boolean namespaced;

    Kind(String apiVersion, String kind, String plural, boolean namespaced) {
      this.apiVersion = apiVersion;
      this.kind = kind;
      this.plural = plural;
      this.namespaced = namespaced;
    }
  }

  enum Verb {
    ADDED,
    MODIFIED,
    DELETED
  }

  /**
   * An entry of the log.
   *
   * @param before null where there was nothing
   */
  record Change(long revision, Kind kind, Verb verb, ObjectNode before, ObjectNode object) {}

  /** A refusal. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int code;

    Refused(int code, String message) {
      super(message);
      this.code = code;
    }
  }

  private final Time time;
  private final Map<Kind, TreeMap<String, ObjectNode>> objects = new EnumMap<>(Kind.class);
  private final Map<Kind, List<Change>> log = new EnumMap<>(Kind.class);
  private final Consumer<Change> witness;
  private long revision = 100;
  private long uids;

  ApiServer(Time time, Consumer<Change> witness) {
    this.time = time;
    this.witness = witness;
    for (var kind : Kind.values()) {
      objects.put(kind, new TreeMap<>());
      log.put(kind, new ArrayList<>());
    }
  }

  /** Grows with every write. */
  long revision() {
    return revision;
  }

  List<Change> log(Kind kind) {
    return log.get(kind);
  }

  List<ObjectNode> all(Kind kind) {
    return List.copyOf(objects.get(kind).values());
  }

  Optional<ObjectNode> find(Kind kind, String namespace, String name) {
    return Optional.ofNullable(objects.get(kind).get(key(namespace, name)));
  }

  ObjectNode get(Kind kind, String namespace, String name) {
    return find(kind, namespace, name)
        .orElseThrow(() -> new Refused(404, kind.plural + " \"" + name + "\" not found"));
  }

  ObjectNode create(Kind kind, ObjectNode body) {
    var object = body.deepCopy();
    object.put("apiVersion", kind.apiVersion).put("kind", kind.kind);
    var meta = object.withObject("/metadata");
    if (meta.path("name").asText().isEmpty()) {
      throw new Refused(422, "metadata.name: required");
    }
    if (objects.get(kind).containsKey(key(object))) {
      throw new Refused(409, kind.plural + " \"" + name(object) + "\" already exists");
    }
    meta.put("uid", new UUID(0x4000L, 0x8000000000000000L | ++uids).toString());
    meta.put("creationTimestamp", seconds());
    meta.put("generation", 1);
    meta.remove("deletionTimestamp");
    if (kind == Kind.CLAIM || kind == Kind.VPC_IP) {
      object.remove("status");
    }
    setDefaults(kind, object);
    validate(kind, null, object);
    return store(kind, Verb.ADDED, null, object);
  }

  /** Replaces all but the status. */
  ObjectNode update(Kind kind, ObjectNode body) {
    var before = versioned(kind, body);
    var after = body.deepCopy();
    var meta = after.withObject("/metadata");
    for (var field : List.of("uid", "creationTimestamp", "generation", "deletionTimestamp")) {
      copy(before.path("metadata"), meta, field);
    }
    after.remove("status");
    copy(before, after, "status");
    setDefaults(kind, after);
    validate(kind, before, after);
    if (!before.path("spec").equals(after.path("spec"))) {
      meta.put("generation", meta.path("generation").asLong() + 1);
    }
    boolean deleting = meta.has("deletionTimestamp");
    if (deleting && addsFinalizer(before, after)) {
      throw new Refused(422, "no new finalizers can be added if the object is being deleted");
    }
    if (deleting && meta.path("finalizers").isEmpty()) {
      return store(kind, Verb.DELETED, before, after);
    }
    return changed(kind, before, after);
  }

  /** Replaces the status alone. */
  ObjectNode updateStatus(Kind kind, ObjectNode body) {
    var before = versioned(kind, body);
    var after = before.deepCopy();
    after.remove("status");
    copy(body, after, "status");
    setDefaults(kind, after);
    return changed(kind, before, after);
  }

  /** A patch of the status that names the version that it is of: objects in it are merged. */
  ObjectNode mergeStatus(Kind kind, ObjectNode patch) {
    var before = versioned(kind, patch);
    var after = before.deepCopy();
    for (var field : patch.path("status").properties()) {
      after
          .withObject("/status")
          .withObject("/" + field.getKey())
          .setAll((ObjectNode) field.getValue());
    }
    return changed(kind, before, after);
  }

  /** A change by a client that reads and writes in one moment. */
  void edit(Kind kind, String namespace, String name, Consumer<ObjectNode> edit) {
    find(kind, namespace, name)
        .ifPresent(
            before -> {
              var after = before.deepCopy();
              edit.accept(after);
              changed(kind, before, after);
            });
  }

  /**
   * The one patch that the operator sends of a Pod: a scheduling gate away, labels into its node
   * selector. As in the real one, a Pod with a node or without the gate gets no other selector.
   */
  ObjectNode openGate(String namespace, String name, ObjectNode patch) {
    var before = get(Kind.POD, namespace, name);
    if (!patch.path("metadata").path("uid").asText().equals(uid(before))) {
      throw new Refused(409, "the UID in the precondition is another");
    }
    var after = before.deepCopy();
    var spec = after.withObject("/spec");
    var gates = spec.path("schedulingGates");
    var selector = patch.path("spec").path("nodeSelector");
    if (gates.isEmpty() && !selector.isEmpty()) {
      throw new Refused(422, "spec.nodeSelector: the Pod is not gated");
    }
    var left = JSON.createArrayNode();
    for (var gate : gates) {
      boolean goes = false;
      for (var wanted : patch.path("spec").path("schedulingGates")) {
        goes |= wanted.path("name").equals(gate.path("name"));
      }
      if (!goes) {
        left.add(gate);
      }
    }
    spec.set("schedulingGates", left);
    selector
        .properties()
        .forEach(e -> spec.withObject("/nodeSelector").set(e.getKey(), e.getValue()));
    changed(Kind.POD, before, after);
    return after;
  }

  /** Deletes as the API server does: at once, or at the end of its finalizers. */
  void delete(Kind kind, String namespace, String name, String uid, String version) {
    var before = get(kind, namespace, name);
    if (uid != null && !uid.equals(uid(before))) {
      throw new Refused(409, "the UID in the precondition is another");
    }
    if (version != null
        && !version.equals(before.path("metadata").path("resourceVersion").asText())) {
      throw new Refused(409, "the version in the precondition is another");
    }
    if (before.path("metadata").path("finalizers").isEmpty()) {
      remove(kind, namespace, name);
    } else if (!isDeleting(before)) {
      edit(kind, namespace, name, o -> markDeleted(o));
    }
  }

  /** A deletion that leaves the object there for a while: a Pod's grace. */
  void deleteGracefully(Kind kind, String namespace, String name) {
    find(kind, namespace, name)
        .filter(o -> !isDeleting(o))
        .ifPresent(o -> edit(kind, namespace, name, this::markDeleted));
  }

  void remove(Kind kind, String namespace, String name) {
    find(kind, namespace, name)
        .ifPresent(before -> store(kind, Verb.DELETED, before, before.deepCopy()));
  }

  private void markDeleted(ObjectNode object) {
    object.withObject("/metadata").put("deletionTimestamp", seconds());
  }

  private ObjectNode versioned(Kind kind, ObjectNode body) {
    var meta = body.path("metadata");
    var before = get(kind, namespace(body), name(body));
    if (meta.path("resourceVersion").asText().isEmpty()) {
      throw new Refused(422, "metadata.resourceVersion: must be specified for an update");
    }
    if (!meta.path("resourceVersion").equals(before.path("metadata").path("resourceVersion"))
        || (meta.has("uid") && !meta.path("uid").equals(before.path("metadata").path("uid")))) {
      throw new Refused(409, "the object has been modified");
    }
    return before;
  }

  private ObjectNode changed(Kind kind, ObjectNode before, ObjectNode after) {
    // What changes nothing is no change.
    return before.equals(after) ? before : store(kind, Verb.MODIFIED, before, after);
  }

  private ObjectNode store(Kind kind, Verb verb, ObjectNode before, ObjectNode object) {
    revision++;
    // No two writes are in one moment.
    time.pass(WRITE);
    object.withObject("/metadata").put("resourceVersion", Long.toString(revision));
    if (verb == Verb.DELETED) {
      objects.get(kind).remove(key(object));
    } else {
      objects.get(kind).put(key(object), object);
    }
    var change = new Change(revision, kind, verb, before, object);
    log.get(kind).add(change);
    witness.accept(change);
    return object;
  }

  private static boolean addsFinalizer(ObjectNode before, ObjectNode after) {
    var there = new ArrayList<String>();
    before.path("metadata").path("finalizers").forEach(f -> there.add(f.asText()));
    for (var finalizer : after.path("metadata").path("finalizers")) {
      if (!there.contains(finalizer.asText())) {
        return true;
      }
    }
    return false;
  }

  private static void setDefaults(Kind kind, ObjectNode object) {
    switch (kind) {
      case CLAIM -> {
        setDefault(object.withObject("/spec"), "deletePolicy", "Immediate");
        setDefault(object.withObject("/status"), "phase", "Pending");
        setConditions(object.withObject("/status"), "Ready", "Valid", "ReleaseBlocked");
      }
      case VPC_IP -> {
        setDefault(object.withObject("/status"), "phase", "Attaching");
        setConditions(object.withObject("/status"), "Attached");
      }
      case POD, STATEFUL_SET, EVENT, NODE, NODE_CONFIG -> {}
    }
  }

  private static void setDefault(ObjectNode object, String field, String value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }

  private static void setConditions(ObjectNode status, String... types) {
    if (!status.has("conditions")) {
      var conditions = status.putArray("conditions");
      for (var type : types) {
        conditions.add(parse(FIRST_CONDITION.formatted(type)));
      }
    }
  }

  private static void validate(Kind kind, ObjectNode before, ObjectNode after) {
    for (var label : after.path("metadata").path("labels")) {
      if (label.asText().length() > LABEL_LENGTH) {
        throw new Refused(
            422, "metadata.labels: Invalid value: must be no more than 63 characters");
      }
    }
    if (name(after).length() > NAME_LENGTH) {
      throw new Refused(422, "metadata.name: Invalid value: must be no more than 253 characters");
    }
    if (kind != Kind.VPC_IP) {
      return;
    }
    var spec = after.path("spec");
    if (spec.path("subnetId").asText().isEmpty() || spec.path("type").asText().isEmpty()) {
      throw new Refused(422, "spec.type and spec.subnetId: required");
    }
    if (before != null) {
      var was = before.path("spec");
      var ref = spec.path("claimRef");
      var refWas = was.path("claimRef");
      boolean otherClaim =
          ref.isObject()
              && refWas.isObject()
              && !(ref.path("namespace").equals(refWas.path("namespace"))
                  && ref.path("name").equals(refWas.path("name")));
      if (otherClaim
          || !spec.path("subnetId").equals(was.path("subnetId"))
          || !spec.path("type").equals(was.path("type"))) {
        throw new Refused(422, "spec: an address does not pass from one claim to another");
      }
    }
  }

  static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  ObjectNode list(
      Kind kind, String namespace, Map<String, String> labels, Map<String, String> fields) {
    var list = JSON.createObjectNode();
    list.put("apiVersion", kind.apiVersion).put("kind", kind.kind + "List");
    list.withObject("/metadata").put("resourceVersion", Long.toString(revision));
    ArrayNode items = list.putArray("items");
    for (var object : objects.get(kind).values()) {
      boolean selected =
          (namespace == null || namespace.equals(namespace(object)))
              && labels.entrySet().stream()
                  .allMatch(
                      l ->
                          Objects.equals(
                              object.path("metadata").path("labels").path(l.getKey()).asText(null),
                              l.getValue()))
              && fields.entrySet().stream()
                  .allMatch(
                      f ->
                          object
                              .at("/" + f.getKey().replace('.', '/'))
                              .asText("")
                              .equals(f.getValue()));
      if (selected) {
        items.add(object);
      }
    }
    return list;
  }

  private String seconds() {
    return time.server().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    if (from.has(field)) {
      to.set(field, from.get(field));
    } else {
      to.remove(field);
    }
  }

  static boolean isDeleting(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText(null);
  }

  private static String key(JsonNode object) {
    return key(namespace(object), name(object));
  }

  private static String key(String namespace, String name) {
    return (namespace == null ? "" : namespace) + "/" + name;
  }
}
