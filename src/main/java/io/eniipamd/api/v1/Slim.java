package io.eniipamd.api.v1;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/** What objects drop on their way into memory. */
final class Slim {
  private Slim() {}

  static ObjectMeta withoutManagedFields(ObjectMeta metadata) {
    if (metadata != null
        && metadata.getManagedFields() != null
        && !metadata.getManagedFields().isEmpty()) {
      metadata.setManagedFields(List.of());
    }
    return metadata;
  }
}
