package io.eniipamd.property.stage;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sees every change of every claim in the order in which the API server made them, and says what
 * must not be: an address in two claims, a claim whose address changes, one that is bound while it
 * is being deleted, a kept one that goes although no user asked for it and its time has not come.
 */
public final class ClaimWitness implements AutoCloseable {

  /** The API server's times tell whole seconds. */
  private static final Duration TOLD_TO = Duration.ofSeconds(1);

  /** A request takes effect within this. */
  private static final Duration EFFECT = Duration.ofSeconds(5);

  /** Claims of these names that there are by this moment may go. */
  private record Leave(String namespace, String name, Instant until) {
    boolean covers(VpcIPClaim claim) {
      return namespace.equals(claim.getMetadata().getNamespace())
          && claim.getMetadata().getName().startsWith(name)
          && !created(claim).isAfter(until);
    }
  }

  private final SharedIndexInformer<VpcIPClaim> claims;
  private final Map<String, String> holders = new HashMap<>();
  private final List<Leave> leaves = new CopyOnWriteArrayList<>();
  private final Set<ExpiryDuration> ofCluster = ConcurrentHashMap.newKeySet();
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private final Map<String, Story> stories = new ConcurrentHashMap<>();

  private ClaimWitness(KubernetesClient client) {
    claims = client.resources(VpcIPClaim.class).inAnyNamespace().runnableInformer(0);
  }

  /** Begins to look. */
  public static ClaimWitness of(KubernetesClient client) {
    var witness = new ClaimWitness(client);
    witness.claims.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(VpcIPClaim claim) {
            witness.changed(Optional.empty(), claim);
          }

          @Override
          public void onUpdate(VpcIPClaim before, VpcIPClaim claim) {
            witness.changed(Optional.of(before), claim);
          }

          @Override
          public void onDelete(VpcIPClaim claim, boolean finalStateUnknown) {
            witness.gone(claim);
          }
        });
    witness.claims.start().toCompletableFuture().join();
    return witness;
  }

  /** What was seen and must not be. */
  public List<String> broken() {
    return List.copyOf(broken);
  }

  /** Tells a namespace's changes into its story from now on. */
  void tellOf(String namespace, Story story) {
    stories.put(namespace, story);
  }

  /** A user is about to delete the claims whose names begin so. */
  void mayGo(String namespace, String name) {
    leaves.add(new Leave(namespace, name, Instant.now().plus(EFFECT)));
  }

  /** The cluster's expiry may be this from now on, until {@link #forgetExpiries}. */
  void mayExpireBy(String expiry) {
    ofCluster.add(ExpiryDuration.parse(expiry));
  }

  /** The cluster's expiry is none of those any more. */
  void forgetExpiries() {
    ofCluster.clear();
  }

  // -------------------------------------------------------------------------------------- seeing

  private void changed(Optional<VpcIPClaim> before, VpcIPClaim claim) {
    // A deletion that was missed is a change of the UID.
    var was = before.filter(b -> b.getMetadata().getUid().equals(claim.getMetadata().getUid()));
    if (was.isEmpty()) {
      before.ifPresent(this::gone);
    }
    tell(claim, "");
    was.ifPresent(b -> compare(b, claim));
    var address = claim.statusOrEmpty().address();
    if (address != null) {
      var holder = holders.putIfAbsent(address, key(claim));
      if (holder != null && !holder.equals(key(claim))) {
        breach("%s is in %s and in %s", address, holder, key(claim));
      }
    }
  }

  private void gone(VpcIPClaim claim) {
    tell(claim, " gone");
    var address = claim.statusOrEmpty().address();
    if (address != null) {
      holders.remove(address, key(claim));
    }
  }

  private void compare(VpcIPClaim before, VpcIPClaim claim) {
    var was = before.statusOrEmpty();
    var is = claim.statusOrEmpty();
    if (was.address() != null && !was.address().equals(is.address())) {
      breach("%s had %s and has %s", key(claim), was.address(), is.address());
    }
    boolean boundAnew =
        is.phase() == ClaimPhase.BOUND && !Objects.equals(was.podUID(), is.podUID());
    if (boundAnew && before.isMarkedForDeletion()) {
      breach("%s was bound while it is being deleted", key(claim));
    }
    boolean kept = was.address() != null && was.deletePolicy() == DeletePolicy.NEVER;
    boolean deleted = claim.isMarkedForDeletion() && !before.isMarkedForDeletion();
    if (kept && deleted && !isDue(before, ofCluster, deletion(claim)) && !asked(claim)) {
      breach("%s was deleted and neither due nor asked to go: %s", key(claim), before);
    }
  }

  private boolean asked(VpcIPClaim claim) {
    return leaves.stream().anyMatch(l -> l.covers(claim));
  }

  /** Whether its time had come, by the claim's own expiry or one that the cluster's may be. */
  static boolean isDue(VpcIPClaim claim, Set<ExpiryDuration> ofCluster, Instant at) {
    var status = claim.statusOrEmpty();
    if (status.phase() != ClaimPhase.RETAINED || status.retainedSince() == null) {
      return false;
    }
    var own =
        Optional.ofNullable(claim.getMetadata().getAnnotations())
            .map(a -> a.get(Names.CLAIM_EXPIRED_DURATION))
            .or(() -> Optional.ofNullable(status.podClaimExpiredDuration()))
            .or(() -> Optional.ofNullable(claim.getSpec().claimExpiredDuration()))
            .filter(said -> !said.isEmpty())
            .map(ExpiryDuration::parse);
    var since = Instant.parse(status.retainedSince());
    return own.map(Set::of).orElse(ofCluster).stream()
        .anyMatch(
            e ->
                e instanceof ExpiryDuration.After(var after)
                    && !since.plus(after).minus(TOLD_TO).isAfter(at));
  }

  private static Instant deletion(VpcIPClaim claim) {
    return Instant.parse(claim.getMetadata().getDeletionTimestamp());
  }

  private static Instant created(VpcIPClaim claim) {
    return Instant.parse(claim.getMetadata().getCreationTimestamp());
  }

  private void breach(String format, Object... arguments) {
    broken.add(format.formatted(arguments));
  }

  private void tell(VpcIPClaim claim, String more) {
    var story = stories.get(claim.getMetadata().getNamespace());
    if (story != null) {
      var status = claim.statusOrEmpty();
      var line = new ArrayList<String>();
      line.add("  claim " + claim.getMetadata().getName());
      line.add(String.valueOf(status.phase()));
      line.add(String.valueOf(status.address()));
      line.add(String.valueOf(status.deletePolicy()));
      line.add("pod " + tail(status.podUID()));
      line.add("on " + status.nodeName() + " " + status.eniId());
      line.add("since " + status.retainedSince());
      line.add("uid " + tail(claim.getMetadata().getUid()));
      line.add((claim.isMarkedForDeletion() ? "deleting" : "") + more);
      story.tell("%s", String.join(" ", line));
    }
  }

  private static String tail(String uid) {
    return uid == null ? "-" : uid.substring(uid.length() - 4);
  }

  private static String key(VpcIPClaim claim) {
    var meta = claim.getMetadata();
    return "%s/%s (%s)".formatted(meta.getNamespace(), meta.getName(), meta.getUid());
  }

  @Override
  public void close() {
    claims.close();
  }
}
