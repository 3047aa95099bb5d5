package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Optional;

/** The ENIs that a node should have and those that it has; named after the node. */
@JsonClassDescription(
    "The ENIs that a node should have and those that it has; named after the node. The"
        + " operator creates it when a node joins.")
@ValidationRule(
    value =
        "!has(self.spec.maxRouteENI) || !has(self.status.eniInfos) || self.spec.maxRouteENI >="
            + " size(self.status.eniInfos) || (has(oldSelf.spec.maxRouteENI) &&"
            + " self.spec.maxRouteENI == oldSelf.spec.maxRouteENI)",
    fieldPath = ".spec.maxRouteENI",
    message =
        "is below the number of ENIs in use (status.eniInfos): drain the node, or"
            + " set at least that number")
@ValidationRule(
    value =
        "!has(self.spec.maxIPPerENI) || !has(self.status.eniInfos) ||"
            + " self.status.eniInfos.all(e, !has(e.used) || e.used <= self.spec.maxIPPerENI) ||"
            + " (has(oldSelf.spec.maxIPPerENI) && self.spec.maxIPPerENI =="
            + " oldSelf.spec.maxIPPerENI)",
    fieldPath = ".spec.maxIPPerENI",
    message =
        "is below the addresses in use on an ENI (status.eniInfos[].used): drain"
            + " the node, or set at least that number")
@AdditionalPrinterColumn(
    name = "Instance",
    jsonPath = ".spec.instanceId",
    getDescription = "The instance that the node runs on")
@AdditionalPrinterColumn(
    name = "Zone",
    jsonPath = ".spec.zone",
    getDescription = "The availability zone of the instance")
@AdditionalPrinterColumn(
    name = "ENIs",
    jsonPath = ".status.attached",
    getDescription = "The number of bound ENIs that are attached")
@AdditionalPrinterColumn(
    name = "Used",
    jsonPath = ".status.slotsUsed",
    type = AdditionalPrinterColumn.Type.INTEGER,
    getDescription =
        "The slots of its ENIs in use when the operator last wrote this object, which may be hours"
            + " ago; kubectl get vip shows those of now")
@AdditionalPrinterColumn(
    name = "Offered",
    jsonPath = ".status.slotsOffered",
    type = AdditionalPrinterColumn.Type.INTEGER,
    getDescription = "The slots that the Node offers to the scheduler")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    getDescription = "Whether the node's ENIs can carry Pods")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    getDescription = "The reason of the condition Ready")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "The age of this object")
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1,
    getDescription = "The message of the condition Ready")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Kind("NodeENIConfig")
@Plural("nodeeniconfigs")
@Singular("nodeeniconfig")
@ShortNames("nec")
public class NodeENIConfig extends CustomResource<NodeENIConfigSpec, NodeENIConfigStatus> {
  private static final long serialVersionUID = 1L;

  @Override
  public void setMetadata(ObjectMeta metadata) {
    super.setMetadata(Slim.withoutManagedFields(metadata));
  }

  /** The field with a word of another version, for which the object is left alone. */
  public Optional<String> unreadable() {
    return statusOrEmpty().eniInfos().stream()
        .filter(eni -> eni.phase() == EniPhase.UNKNOWN)
        .map(eni -> "status.eniInfos[" + eni.eniId() + "].phase")
        .findFirst();
  }

  /** The status, never null. */
  public NodeENIConfigStatus statusOrEmpty() {
    return getStatus() == null ? NodeENIConfigStatus.EMPTY : getStatus();
  }
}
