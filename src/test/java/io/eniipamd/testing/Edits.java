package io.eniipamd.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Changes of objects that another writer changes as well: the scheduler, a controller, a kubelet,
 * the operator. An edit of the client is a JSON patch with the version that it read. If another
 * write came between, the API server refuses it with a conflict, or says that the patch cannot be
 * applied: an element of a list that it names is gone. These edits read the object again then, as
 * {@code kubectl} and client-go do. {@code RoomsTest} allows no other edit in the tests.
 */
public final class Edits {

  /** Between two reads and writes of one request each there is seldom even one write of another. */
  private static final int TRIES = 20;

  private static final int UNPROCESSABLE = 422;

  private Edits() {}

  /**
   * Changes an object.
   *
   * @param object the object by its name: an object that was read before would be edited as it was
   * @param change makes the new object of what the API server has; called once for each try
   * @return the object as the API server has it then
   * @throws KubernetesClientException if the API server refuses the change for another reason than
   *     another write
   */
  public static <T extends HasMetadata> T edit(Resource<T> object, UnaryOperator<T> change) {
    return untilItFits(() -> object.edit(change));
  }

  /** Changes the status of an object, as {@link #edit} does the object. */
  public static <T extends HasMetadata> T editStatus(Resource<T> object, UnaryOperator<T> change) {
    return untilItFits(() -> object.editStatus(change));
  }

  private static <T> T untilItFits(Supplier<T> attempt) {
    for (int i = 1; ; i++) {
      try {
        return attempt.get();
      } catch (KubernetesClientException e) {
        if (!isOvertaken(e) || i == TRIES) {
          throw e;
        }
      }
    }
  }

  /** An object that is not valid is refused with the same code, and is named. */
  private static boolean isOvertaken(KubernetesClientException refusal) {
    return refusal.getCode() == HttpURLConnection.HTTP_CONFLICT
        || (refusal.getCode() == UNPROCESSABLE
            && refusal.getStatus().getDetails() != null
            && refusal.getStatus().getDetails().getName() == null);
  }
}
