package io.eniipamd.controlplane;

import java.time.Instant;
import java.util.Map;

/**
 * A request that the API server has answered, as its audit log has it.
 *
 * @param time when the answer was complete
 * @param verb e.g. {@code create}, {@code update}, {@code patch}, {@code delete}, {@code watch}
 * @param user e.g. {@code system:serviceaccount:kube-system:tke-eni-ipamd}
 * @param impersonated whom the user asked to be taken for; empty for itself
 * @param userAgent what the client calls itself
 * @param apiGroup empty for the core group
 * @param resource the plural, e.g. {@code vpcips}; empty for requests of no resource
 * @param subresource e.g. {@code status}, or empty
 * @param namespace empty for what is cluster-scoped
 * @param name empty for requests of more than one object, and where the server made up the name
 * @param uri the path and the query that were asked for
 * @param code the HTTP status of the answer
 * @param annotations what authorization and admission noted of it
 */
public record AuditEvent(
    Instant time,
    String verb,
    String user,
    String impersonated,
    String userAgent,
    String apiGroup,
    String resource,
    String subresource,
    String namespace,
    String name,
    String uri,
    int code,
    Map<String, String> annotations) {

  /** Whether it changed something, or tried to. */
  public boolean isWrite() {
    return switch (verb) {
      case "create", "update", "patch", "delete", "deletecollection" -> true;
      default -> false;
    };
  }

  /** Whether the API server did what was asked. */
  public boolean succeeded() {
    return code >= 200 && code < 300;
  }

  /** The resource with its subresource, e.g. {@code vpcips/status}. */
  public String target() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
