package io.eniipamd.app;

import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.IpamdConfig;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Asks before the election whether this process may do with the configured lease what a leader does
 * with it: the name and the namespace are flags, and the Role has them too. The framework asks for
 * fewer verbs, and its message names neither lease nor Role.
 */
@Singleton
final class LeaseRights {
  private static final Logger LOG = Logger.getLogger(LeaseRights.class);

  /** The elector creates, reads and patches it, and {@link LeaderElection} watches it. */
  private static final List<String> VERBS =
      List.of("create", "get", "list", "watch", "update", "patch");

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  LeaseRights(KubernetesClient client, IpamdConfig config) {
    this.client = client;
    this.namespace = config.leaderElectionNamespace();
    this.name = config.leaderElectionLeaseName();
  }

  /** Before the framework starts. */
  void check(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
    List<String> missing;
    try {
      missing = VERBS.stream().filter(verb -> !isAllowed(verb)).toList();
    } catch (KubernetesClientException e) {
      // What cannot be asked is found out by the election itself.
      LOG.warnf("cannot check the rights to the lease: %s", e.getMessage());
      return;
    }
    if (!missing.isEmpty()) {
      ProcessEnd.NOT_ALLOWED.now(problem(missing), null);
    }
  }

  private String problem(List<String> missing) {
    return ("this process may not %s the lease %s/%s (%s, %s): grant that to its ServiceAccount by"
            + " Role tke-eni-ipamd in namespace %s, whose rules for leases name the lease"
            + " (kubernetes.yml: resourceNames: [%s])")
        .formatted(
            String.join(", ", missing),
            namespace,
            name,
            ConfigKey.LEADER_ELECTION_NAMESPACE.flag(),
            ConfigKey.LEADER_ELECTION_LEASE_NAME.flag(),
            namespace,
            name);
  }

  /** A creation names no object; all others are allowed for this lease alone. */
  private boolean isAllowed(String verb) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withGroup("coordination.k8s.io")
            .withResource("leases")
            .withVerb(verb)
            .withNamespace(namespace)
            .withName(verb.equals("create") ? null : name)
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(client.resource(review).create().getStatus().getAllowed());
  }
}
