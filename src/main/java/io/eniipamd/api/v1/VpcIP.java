package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.eniipamd.domain.address.Ip;
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

/** A taken address, which is its name: while it exists, no other claim gets the address. */
@JsonClassDescription(
    "The record of an address in use; its name is the address. While it exists, no other"
        + " claim gets the address. The operator creates and deletes it: to release an address,"
        + " delete its claim.")
@ValidationRule(
    value = "self.metadata.name.matches('" + Formats.IPV4_CEL + "')",
    message =
        "metadata.name must be the address itself, an IPv4 address such as 10.0.3.7; IPv6 is"
            + " not supported")
@AdditionalPrinterColumn(
    name = "Namespace",
    jsonPath = ".spec.claimRef.namespace",
    getDescription = "The namespace of the claim that holds the address")
@AdditionalPrinterColumn(
    name = "Claim",
    jsonPath = ".spec.claimRef.name",
    getDescription = "The claim that holds the address; its name is the Pod's")
@AdditionalPrinterColumn(
    name = "Type",
    jsonPath = ".spec.type",
    getDescription = "Pod, or ENI for an ENI's own address")
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    getDescription = "Attaching, Assigned, Available, Releasing or Quarantined")
@AdditionalPrinterColumn(
    name = "Node",
    jsonPath = ".spec.nodeName",
    getDescription = "The node of the ENI")
@AdditionalPrinterColumn(
    name = "ENI",
    jsonPath = ".status.eniId",
    getDescription = "The ENI that the cloud last confirmed the address on")
@AdditionalPrinterColumn(
    name = "Subnet",
    jsonPath = ".spec.subnetId",
    getDescription = "The subnet of the address")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "How long the address has been in use")
@AdditionalPrinterColumn(
    name = "Wanted",
    jsonPath = ".spec.eniId",
    priority = 1,
    getDescription = "The ENI that the address should be on; empty for an ENI's own address")
@AdditionalPrinterColumn(
    name = "Since",
    jsonPath = ".status.since",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 1,
    getDescription = "How long ago the phase began")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Attached\")].reason",
    priority = 1,
    getDescription = "The reason of the condition Attached")
@AdditionalPrinterColumn(
    name = "Error",
    jsonPath = ".status.error",
    priority = 1,
    getDescription = "The cloud's error when the last step failed")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Kind("VpcIP")
@Plural("vpcips")
@Singular("vpcip")
@ShortNames("vip")
public class VpcIP extends CustomResource<VpcIPSpec, VpcIPStatus> {
  private static final long serialVersionUID = 1L;

  @Override
  public void setMetadata(ObjectMeta metadata) {
    super.setMetadata(Slim.withoutManagedFields(metadata));
  }

  /** The address that the record is of, which is its name. */
  public Ip ip() {
    return Ip.parse(getMetadata().getName());
  }

  /** The field with a word of another version, for which the object is left alone. */
  public Optional<String> unreadable() {
    var status = statusOrEmpty();
    if (getSpec() != null && getSpec().type() == VpcIPType.UNKNOWN) {
      return Optional.of("spec.type");
    }
    if (status.phase() == VpcIPPhase.UNKNOWN) {
      return Optional.of("status.phase");
    }
    return status.releaseReason() == ReleaseReason.UNKNOWN
        ? Optional.of("status.releaseReason")
        : Optional.empty();
  }

  /** The status, never null. */
  public VpcIPStatus statusOrEmpty() {
    return getStatus() == null ? VpcIPStatus.EMPTY : getStatus();
  }
}
