package io.eniipamd.api.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.ReadLeniently;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ConditionType;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.OperatorReason;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Completes what the generator makes of the annotated types: docs of kinds, specs and statuses,
 * {@code spec} required, defaults at first sight, lists merged by key, dates, and printer columns
 * in the order in which they are declared.
 */
public final class CrdCompletion implements CRDPostProcessor {

  /** Bounds the cost of the rule on the name; long enough that an IPv6 address meets that rule. */
  private static final long NAME_LENGTH = 63;

  /** No transition has happened: the same placeholder that the Gateway API uses. */
  private static final String NEVER = "1970-01-01T00:00:00Z";

  private static final Set<String> DATES =
      Set.of("lastTransitionTime", "since", "retainedSince", "expiresAt");

  private static final Map<String, Class<? extends CustomResource<?, ?>>> KINDS =
      Map.of(
          "VpcIPClaim",
          VpcIPClaim.class,
          "VpcIP",
          VpcIP.class,
          "NodeENIConfig",
          NodeENIConfig.class);

  private static final Map<String, List<ConditionType>> CONDITIONS_AT_FIRST_SIGHT =
      Map.of(
          "VpcIPClaim",
          List.of(ClaimConditions.READY, ClaimConditions.VALID, ClaimConditions.RELEASE_BLOCKED),
          "VpcIP",
          List.of(AddressConditions.ATTACHED),
          "NodeENIConfig",
          List.of(NodeConditions.READY));

  @Override
  public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
    CustomResourceDefinition crd = (CustomResourceDefinition) generated;
    String kind = crd.getSpec().getNames().getKind();
    Class<? extends CustomResource<?, ?>> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("no schema is known for the kind " + kind);
    }
    crd.getSpec().getNames().setListKind(kind + "List");
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      version.setAdditionalPrinterColumns(
          inDeclaredOrder(type, version.getAdditionalPrinterColumns()));
      complete(version.getSchema().getOpenAPIV3Schema(), kind, type);
    }
    return crd;
  }

  private static void complete(
      JSONSchemaProps root, String kind, Class<? extends CustomResource<?, ?>> type) {
    Type[] specAndStatus =
        ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments();
    JSONSchemaProps spec = root.getProperties().get("spec");
    JSONSchemaProps status = root.getProperties().get("status");

    root.setDescription(described(type));
    spec.setDescription(described((Class<?>) specAndStatus[0]));
    status.setDescription(described((Class<?>) specAndStatus[1]));
    // A write that makes a deleted object again comes without a spec and is refused.
    root.setRequired(List.of("spec"));
    // Without a default of its own, none of the defaults inside applies.
    status.setDefault(JsonNodeFactory.instance.objectNode());
    JSONSchemaProps conditions = status.getProperties().get("conditions");
    mergeByKey(status, "conditions", "type");
    enumerate(
        conditions.getItems().getSchema().getProperties().get("status"),
        "True",
        "False",
        "Unknown");
    conditions.setDefault(waiting(CONDITIONS_AT_FIRST_SIGHT.get(kind)));
    if (status.getProperties().containsKey("eniInfos")) {
      mergeByKey(status, "eniInfos", "eniId");
    }
    if (type == VpcIP.class) {
      boundName(root);
    }
    walk(root);
  }

  private static void mergeByKey(JSONSchemaProps object, String list, String key) {
    JSONSchemaProps schema = object.getProperties().get(list);
    schema.setXKubernetesListType("map");
    schema.setXKubernetesListMapKeys(List.of(key));
  }

  private static void enumerate(JSONSchemaProps property, String... values) {
    property.setEnum(Arrays.stream(values).map(value -> (JsonNode) new TextNode(value)).toList());
  }

  private static void boundName(JSONSchemaProps root) {
    JSONSchemaProps name = new JSONSchemaProps();
    name.setType("string");
    name.setMaxLength(NAME_LENGTH);
    JSONSchemaProps metadata = new JSONSchemaProps();
    metadata.setType("object");
    metadata.setProperties(new LinkedHashMap<>(Map.of("name", name)));
    Map<String, JSONSchemaProps> properties = new LinkedHashMap<>(root.getProperties());
    properties.put("metadata", metadata);
    root.setProperties(properties);
  }

  private static ArrayNode waiting(List<ConditionType> types) {
    ArrayNode conditions = JsonNodeFactory.instance.arrayNode();
    for (ConditionType type : types) {
      ObjectNode condition = conditions.addObject();
      condition.put("type", type.word());
      condition.put("status", "Unknown");
      condition.put("reason", OperatorReason.WAITING.word());
      condition.put("message", "Waiting for the operator.");
      condition.put("lastTransitionTime", NEVER);
    }
    return conditions;
  }

  /** Dates are dates, and a rule that the generator met twice (field and accessor) is said once. */
  private static void walk(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        schema.getXKubernetesValidations().stream().distinct().toList());
    if (schema.getEnum() != null) {
      // It is read for words that this version does not know, and no schema has it.
      schema.setEnum(
          schema.getEnum().stream()
              .filter(word -> !word.asText().equals(ReadLeniently.UNKNOWN))
              .toList());
    }
    schema
        .getProperties()
        .forEach(
            (name, property) -> {
              if (DATES.contains(name)) {
                property.setFormat("date-time");
              }
              walk(property);
            });
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      walk(schema.getItems().getSchema());
    }
  }

  private static List<CustomResourceColumnDefinition> inDeclaredOrder(
      Class<?> type, List<CustomResourceColumnDefinition> columns) {
    List<String> declared =
        Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    List<CustomResourceColumnDefinition> ordered = new ArrayList<>(columns);
    ordered.sort(Comparator.comparingInt(column -> declared.indexOf(column.getName())));
    return ordered;
  }

  private static String described(Class<?> type) {
    JsonClassDescription description = type.getAnnotation(JsonClassDescription.class);
    if (description == null) {
      throw new IllegalArgumentException(type.getName() + " lacks @JsonClassDescription");
    }
    return description.value();
  }
}
