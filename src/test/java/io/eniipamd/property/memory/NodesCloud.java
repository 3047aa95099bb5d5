package io.eniipamd.property.memory;

import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The cloud of the nodes' ENIs: what is asked waits until the world sends it, has each of its
 * effects in one moment, and is answered when reads show the effect. It looks, decides and calls as
 * the operator's own operations do; its looks may be behind.
 */
final class NodesCloud {

  /** Hears of an effect right before it happens. */
  interface Witness {
    void creating(EniSpec spec);

    void detaching(NetworkInterface eni);

    void deleting(NetworkInterface eni);
  }

  /** One step of an operation; it says what is next, or ends the operation. */
  private interface Stage {
    void go();
  }

  /** One operation that was asked for. */
  final class Operation<T> {
    private final CloudModel.Sender sender;
    private final String what;
    private final Optional<String> removes;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private Optional<Stage> next = Optional.empty();
    private BooleanSupplier goesOn = () -> true;
    private boolean running;

    private Operation(CloudModel.Sender sender, String what, Optional<String> removes) {
      this.sender = sender;
      this.what = what;
      this.removes = removes;
    }

    private CompletionStage<T> begin(Stage first) {
      operations.add(this);
      then(first);
      return answer;
    }

    private void then(Stage stage) {
      next = Optional.of(stage);
      goesOn = () -> true;
    }

    /** Goes on when reads show what it waits for. */
    private void when(BooleanSupplier shown, Stage stage) {
      next = Optional.of(stage);
      goesOn = shown;
    }

    private void end(T result) {
      then(() -> answer.complete(result));
    }

    /** Has an effect; if its answer is lost, the operation fails. */
    private void change(Runnable effect) {
      sender.change(
          () -> {
            changes++;
            effect.run();
          });
      if (loses) {
        loses = false;
        throw failure("no answer");
      }
    }

    /** The next step; one of a process that is gone has none. */
    void step() {
      var stage = next;
      next = Optional.empty();
      running = true;
      try {
        stage.filter(_ -> !sender.dead()).ifPresent(Stage::go);
      } catch (Mortality.Death e) {
        next = Optional.empty();
      } catch (CloudException e) {
        then(() -> answer.completeExceptionally(e));
      } finally {
        running = false;
      }
      if (next.isEmpty()) {
        operations.remove(this);
      }
    }

    private boolean isReady() {
      return !running && (sender.dead() || goesOn.getAsBoolean());
    }

    private boolean isRemoving(String eniId) {
      return !sender.dead() && removes.filter(eniId::equals).isPresent();
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private final FakeVpcCloud vpc;
  private final Witness witness;
  private final List<Operation<?>> operations = new ArrayList<>();
  private boolean loses;
  private long changes;

  NodesCloud(FakeVpcCloud vpc, Witness witness) {
    this.vpc = vpc;
    this.witness = witness;
  }

  List<Operation<?>> ready() {
    return operations.stream().filter(Operation::isReady).toList();
  }

  /** Whether an operator removes the ENI: others that want something of it have to wait. */
  boolean isBeingRemoved(String eniId) {
    return operations.stream().anyMatch(o -> o.isRemoving(eniId));
  }

  /** How many changing calls had an effect. */
  long changes() {
    return changes;
  }

  /** The next change takes place, and its answer is lost. */
  void loseTheNextAnswer() {
    loses = true;
  }

  void endProblems() {
    loses = false;
  }

  private static CloudException failure(String detail) {
    return new CloudException(Kind.TRANSIENT, "a change", null, detail, null, null);
  }

  private static CloudException missing(String eniId) {
    return new CloudException(Kind.NOT_FOUND, "finding " + eniId, null, "it is gone", null, null)
        .withMissing(eniId);
  }

  /** An ENI as reads show it. */
  private Optional<NetworkInterface> shown(String eniId) {
    return vpc.networkInterfaces(new EniQuery.ByIds(List.of(eniId))).all().stream().findFirst();
  }

  // ------------------------------------------------------------------------------------- creating

  private CompletionStage<NetworkInterface> create(
      CloudModel.Sender sender, EniSpec spec, boolean mayBeThere) {
    var operation =
        new Operation<NetworkInterface>(
            sender, "create the ENI of " + spec.primaryIp(), Optional.empty());
    return operation.begin(
        () -> {
          var there =
              vpc.networkInterfaces(new EniQuery.ByTags(spec.tags())).all().stream().findFirst();
          if (mayBeThere && there.isPresent()) {
            awaitMade(operation, there.get().id());
            return;
          }
          operation.change(
              () -> {
                witness.creating(spec);
                awaitMade(operation, vpc.createNetworkInterface(spec).id());
              });
        });
  }

  private void awaitMade(Operation<NetworkInterface> operation, String eniId) {
    operation.when(
        () -> shown(eniId).isPresent() || vpc.eni(eniId).isEmpty(),
        () -> operation.end(shown(eniId).orElseThrow(() -> failure("it never showed"))));
  }

  // ------------------------------------------------------------------------------------ attaching

  private CompletionStage<NetworkInterface> attach(
      CloudModel.Sender sender, String eniId, String instanceId) {
    var operation = new Operation<NetworkInterface>(sender, "attach " + eniId, Optional.empty());
    return operation.begin(
        () -> {
          var seen = shown(eniId);
          var where = seen.flatMap(NetworkInterface::instanceId);
          if (where.isPresent()) {
            if (!where.get().equals(instanceId)) {
              throw new CloudException(
                  Kind.INVALID, "attaching", null, "it is on " + where.get(), null, null);
            }
            operation.end(seen.get());
            return;
          }
          var real = vpc.eni(eniId).orElseThrow(() -> missing(eniId));
          if (vpc.instances(List.of(instanceId)).find(instanceId).isEmpty()) {
            throw new CloudException(
                Kind.NOT_FOUND, "attaching", null, instanceId + " is gone", null, null);
          }
          if (real.instanceId().isPresent()) {
            throw failure("it is on an instance");
          }
          operation.change(
              () -> vpc.attachNetworkInterface(eniId, instanceId, AttachMode.STANDARD, "token"));
          awaitAttached(operation, eniId, instanceId);
        });
  }

  private void awaitAttached(
      Operation<NetworkInterface> operation, String eniId, String instanceId) {
    operation.when(
        () ->
            shown(eniId).filter(e -> e.attachedTo(instanceId)).isPresent()
                || vpc.eni(eniId).filter(e -> e.attachedTo(instanceId)).isEmpty(),
        () ->
            operation.end(
                shown(eniId)
                    .filter(e -> e.attachedTo(instanceId))
                    .orElseThrow(() -> failure("it never showed"))));
  }

  // ------------------------------------------------------------------------------------- removing

  private CompletionStage<EniOperations.Done> remove(
      CloudModel.Sender sender, String eniId, Predicate<NetworkInterface> stillWanted) {
    var operation =
        new Operation<EniOperations.Done>(sender, "remove " + eniId, Optional.of(eniId));
    return operation.begin(() -> removeFurther(operation, eniId, stillWanted));
  }

  private void removeFurther(
      Operation<EniOperations.Done> operation,
      String eniId,
      Predicate<NetworkInterface> stillWanted) {
    var seen = shown(eniId);
    if (seen.isEmpty()) {
      operation.end(new EniOperations.Done(""));
      return;
    }
    refuseUnlessWanted(seen.get(), stillWanted);
    var instance = seen.get().instanceId();
    var real = vpc.eni(eniId);
    if (instance.isPresent()) {
      if (real.filter(eni -> eni.attachedTo(instance.get())).isPresent()) {
        operation.change(
            () -> {
              witness.detaching(real.get());
              vpc.detachNetworkInterface(eniId, instance.get());
            });
      }
      operation.when(
          () -> shown(eniId).filter(eni -> eni.instanceId().isPresent()).isEmpty(),
          () -> removeFurther(operation, eniId, stillWanted));
      return;
    }
    if (real.isEmpty()) {
      operation.end(new EniOperations.Done(""));
      return;
    }
    if (real.get().instanceId().isPresent()) {
      throw failure("it is on an instance");
    }
    operation.change(
        () -> {
          witness.deleting(real.get());
          vpc.deleteNetworkInterface(eniId);
        });
    operation.when(
        () -> shown(eniId).isEmpty(), () -> operation.end(new EniOperations.Done("request")));
  }

  private static void refuseUnlessWanted(
      NetworkInterface eni, Predicate<NetworkInterface> stillWanted) {
    if (!eni.addresses().stream().allMatch(NetworkInterface.Address::primary)) {
      throw failure("it carries addresses");
    }
    boolean wanted;
    try {
      wanted = stillWanted.test(eni);
    } catch (RuntimeException e) {
      throw new CloudException(Kind.TRANSIENT, "removing", null, "unclear", null, e);
    }
    if (!wanted) {
      throw failure("it is needed");
    }
  }

  /** What an operator asks. */
  EniOperations of(CloudModel.Sender sender) {
    return new EniOperations() {
      @Override
      public CompletionStage<NetworkInterface> create(EniSpec spec, boolean mayBeThere) {
        return NodesCloud.this.create(sender, spec, mayBeThere);
      }

      @Override
      public CompletionStage<NetworkInterface> attach(
          String eniId, String instanceId, AttachMode mode, String clientToken) {
        return NodesCloud.this.attach(sender, eniId, instanceId);
      }

      @Override
      public CompletionStage<Done> detach(String eniId, Predicate<NetworkInterface> stillWanted) {
        throw unused();
      }

      @Override
      public CompletionStage<Done> remove(String eniId, Predicate<NetworkInterface> stillWanted) {
        return NodesCloud.this.remove(sender, eniId, stillWanted);
      }

      @Override
      public CompletionStage<NetworkInterface> setSecurityGroups(
          String eniId, List<String> securityGroups, Predicate<NetworkInterface> stillWanted) {
        throw unused();
      }

      @Override
      public CompletionStage<Done> assign(String eniId, Ip address, boolean mayBeThere) {
        throw unused();
      }

      @Override
      public CompletionStage<Done> unassign(String eniId, Ip address, BooleanSupplier stillWanted) {
        throw unused();
      }

      @Override
      public CompletionStage<Done> migrate(String fromEniId, String toEniId, Ip address) {
        throw unused();
      }

      private UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the room of the nodes does not ask for this");
      }
    };
  }
}
