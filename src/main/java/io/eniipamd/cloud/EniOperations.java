package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Changes to ENIs and their addresses that are finished when their stage completes: the cloud has
 * been seen in the new state, not merely accepted the request. Stages fail with {@link
 * CloudException}.
 *
 * <p>Every operation is idempotent. After a request without an answer the state is read; no request
 * is blindly sent a second time; what is there already is success. Operations on one ENI go one
 * after the other, those that are asked for at about the same time share a call.
 *
 * <p>If the cloud answers that it does not find something, a read follows before a stage fails. An
 * ENI that the look does not find either is {@link CloudException#missingEni} of the {@link
 * CloudException.Kind#NOT_FOUND}: it is gone. Where the look shows the ENI, the stage goes on as if
 * the cloud were busy, and fails with {@link CloudException.Kind#TRANSIENT} in the end.
 *
 * <p>No method blocks.
 */
public interface EniOperations {

  /**
   * Puts a secondary address on an ENI.
   *
   * @param mayBeThere whether an earlier run may have asked for the same: then the ENI is read
   *     first. An intent that was recorded a moment ago needs no such look.
   */
  CompletionStage<Done> assign(String eniId, Ip address, boolean mayBeThere);

  /**
   * Takes a secondary address from an ENI; success too where the address or the ENI is gone.
   *
   * @param stillWanted asked right before the call goes out, on a thread that may block; {@code
   *     false} or an exception withdraws this address from the call and fails the stage with {@link
   *     CloudException.Kind#TRANSIENT}
   */
  CompletionStage<Done> unassign(String eniId, Ip address, BooleanSupplier stillWanted);

  /**
   * Moves an address between two ENIs of a subnet; it is never free in between.
   *
   * <p>Of a {@link CloudException.Kind#NOT_FOUND}, {@link CloudException#missingEni} says what is
   * gone. Is it {@code fromEniId}, then nothing can be moved any more: the caller assigns the
   * address to the new ENI, with {@code mayBeThere}, since an earlier move whose answer was lost
   * may have put it there. Is it {@code toEniId}, then the caller needs another place. Is it empty,
   * then both ENIs are there and the address is on neither.
   */
  CompletionStage<Done> migrate(String fromEniId, String toEniId, Ip address);

  /**
   * Creates an ENI and waits until it is {@code AVAILABLE}. An ENI that already has the spec's tags
   * is taken instead of creating one, where {@code mayBeThere}.
   */
  CompletionStage<NetworkInterface> create(EniSpec spec, boolean mayBeThere);

  /**
   * Attaches an ENI to an instance and waits until it is there; success too where it is already.
   */
  CompletionStage<NetworkInterface> attach(
      String eniId, String instanceId, AttachMode mode, String clientToken);

  /**
   * Takes an ENI off its instance and waits until it is on none; success too where it is on none or
   * gone. A read comes right before the call.
   *
   * @param stillWanted as with {@link #remove}
   */
  CompletionStage<Done> detach(String eniId, Predicate<NetworkInterface> stillWanted);

  /**
   * Detaches an ENI, if it is attached, and deletes it; success too where it is gone. A read comes
   * right before each of the two calls; the stage fails with {@link CloudException.Kind#TRANSIENT}
   * where it shows secondary addresses on the ENI.
   *
   * @param stillWanted asked with what that read has shown, right before the call goes out, on a
   *     thread that may block; {@code false} or an exception fails the stage with {@link
   *     CloudException.Kind#TRANSIENT}, and the call does not go out
   */
  CompletionStage<Done> remove(String eniId, Predicate<NetworkInterface> stillWanted);

  /**
   * Gives an ENI these security groups in place of those that it has; success too where it has them
   * already, in this order. It does not keep the ENI from other operations meanwhile. Fails with
   * {@link CloudException.Kind#NOT_FOUND} and without {@link CloudException#missingEni} where the
   * cloud does not know one of the groups.
   *
   * @param securityGroups at least one, the first of which the cloud asks first
   * @param stillWanted asked with what a read has just shown, right before the call goes out, on a
   *     thread that may block; {@code false} or an exception fails the stage with {@link
   *     CloudException.Kind#TRANSIENT}, and the call does not go out
   * @return the ENI as the cloud shows it then; its groups may be in another order, since what the
   *     order in an answer means is not documented
   */
  CompletionStage<NetworkInterface> setSecurityGroups(
      String eniId, List<String> securityGroups, Predicate<NetworkInterface> stillWanted);

  /**
   * The end of a change.
   *
   * @param requestId of the changing call, empty where none was needed
   */
  record Done(String requestId) {}
}
