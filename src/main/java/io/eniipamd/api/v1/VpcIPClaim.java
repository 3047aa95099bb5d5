package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Optional;

/** What a Pod wants of an IP, and what it got; named after the Pod. */
@JsonClassDescription(
    "The address that a Pod asks for and the one that it has; named after the Pod. The"
        + " claim of a Pod with a fixed IP outlives the Pod. Deleting a claim releases its"
        + " address once the Pod is gone.")
@ValidationRule(
    value =
        "!has(oldSelf.status.address) || (has(self.spec.networkMode) =="
            + " has(oldSelf.spec.networkMode) && (!has(self.spec.networkMode) ||"
            + " self.spec.networkMode == oldSelf.spec.networkMode))",
    fieldPath = ".spec.networkMode",
    message =
        "cannot change while the claim has an address: delete the claim, and the operator"
            + " makes the next one from the annotations of the Pod")
@ValidationRule(
    value =
        "!has(oldSelf.status.address) || (has(self.spec.nominatedIP) =="
            + " has(oldSelf.spec.nominatedIP) && (!has(self.spec.nominatedIP) ||"
            + " self.spec.nominatedIP == oldSelf.spec.nominatedIP))",
    fieldPath = ".spec.nominatedIP",
    message =
        "cannot change while the claim has an address: delete the claim, and the operator"
            + " makes the next one from the annotations of the Pod")
@ValidationRule(
    value =
        "!has(oldSelf.status.address) || (has(self.spec.nominatedSubnets) =="
            + " has(oldSelf.spec.nominatedSubnets) && (!has(self.spec.nominatedSubnets) ||"
            + " self.spec.nominatedSubnets == oldSelf.spec.nominatedSubnets))",
    fieldPath = ".spec.nominatedSubnets",
    message =
        "cannot change while the claim has an address: delete the claim, and the operator"
            + " makes the next one from the annotations of the Pod")
@AdditionalPrinterColumn(
    name = "Address",
    jsonPath = ".status.address",
    getDescription = "The address, which is the name of its VpcIP")
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    getDescription = "Pending, Bound, Retained or Releasing")
@AdditionalPrinterColumn(
    name = "Node",
    jsonPath = ".status.nodeName",
    getDescription = "The node that carries the address")
@AdditionalPrinterColumn(
    name = "Policy",
    jsonPath = ".status.deletePolicy",
    getDescription = "The policy in force; Never is a fixed IP")
@AdditionalPrinterColumn(
    name = "Retained",
    jsonPath = ".status.retainedSince",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "How long ago the operator saw the Pod's end")
@AdditionalPrinterColumn(
    name = "Expires",
    jsonPath = ".status.expiresAt",
    getDescription = "When the operator will release the address, UTC")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "How long ago the claim was created")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    priority = 1,
    getDescription = "The reason of the condition Ready")
@AdditionalPrinterColumn(
    name = "Subnet",
    jsonPath = ".status.subnetId",
    priority = 1,
    getDescription = "The subnet of the address")
@AdditionalPrinterColumn(
    name = "ENI",
    jsonPath = ".status.eniId",
    priority = 1,
    getDescription = "The ENI that carries the address")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Kind("VpcIPClaim")
@Plural("vpcipclaims")
@Singular("vpcipclaim")
@ShortNames("vipc")
public class VpcIPClaim extends CustomResource<VpcIPClaimSpec, VpcIPClaimStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /**
   * Managed fields are half of an object's size and the operator does not read them: they are not
   * kept.
   */
  @Override
  public void setMetadata(ObjectMeta metadata) {
    super.setMetadata(Slim.withoutManagedFields(metadata));
  }

  /** Whether the operator made the claim for a Pod, and not a user in advance. */
  public boolean madeByOperator() {
    var labels = getMetadata().getLabels();
    return labels != null && Names.OPERATOR.equals(labels.get(Names.MANAGED_BY));
  }

  /** The field with a word of another version, for which the object is left alone. */
  public Optional<String> unreadable() {
    var spec = getSpec();
    var status = statusOrEmpty();
    if (spec != null && spec.networkMode() == NetworkMode.UNKNOWN) {
      return Optional.of("spec.networkMode");
    }
    if (spec != null && spec.deletePolicy() == DeletePolicy.UNKNOWN) {
      return Optional.of("spec.deletePolicy");
    }
    if (status.phase() == ClaimPhase.UNKNOWN) {
      return Optional.of("status.phase");
    }
    return status.deletePolicy() == DeletePolicy.UNKNOWN
        ? Optional.of("status.deletePolicy")
        : Optional.empty();
  }

  /** Whether it is for an ENI of the Pod's own. */
  public boolean wantsOwnEni() {
    return getSpec() != null && getSpec().networkMode() == NetworkMode.DIRECT_ENI;
  }

  /** The status, never null: an object that nothing was written to yet reads as pending. */
  public VpcIPClaimStatus statusOrEmpty() {
    return getStatus() == null ? VpcIPClaimStatus.EMPTY : getStatus();
  }
}
