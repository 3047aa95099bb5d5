package io.eniipamd.simulator.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.action.Action;
import io.eniipamd.simulator.action.Catalog;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Fault.Moment;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.TaskFate;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.simulator.record.CallRecord;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Takes a request through its stations: who asks, for what, within the limits; then what was
 * ordered to go wrong before the effect, the effect, what was ordered to go wrong after it, and the
 * record.
 */
public final class CallDesk {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Clock clock;
  private final Doorman doorman;
  private final Catalog catalog;
  private final RateLimits rateLimits;
  private final Faults faults;
  private final CallRecord record;
  private final RequestIds requestIds;
  private final Queue<RuntimeException> mistakes = new ConcurrentLinkedQueue<>();
  private volatile CallGate gate = CallGate.open();

  /**
   * A desk for the actions of a catalog.
   *
   * @param seed decides the ids of requests
   */
  public CallDesk(
      Clock clock,
      Credentials credentials,
      String region,
      Catalog catalog,
      Faults faults,
      CallRecord record,
      long seed) {
    this.clock = clock;
    this.doorman = new Doorman(credentials, region);
    this.catalog = catalog;
    this.rateLimits = new RateLimits(clock);
    this.faults = faults;
    this.record = record;
    this.requestIds = new RequestIds(seed);
  }

  /** Puts a gate into the way of changing calls, in place of the one before. */
  public void setGate(CallGate other) {
    gate = other;
  }

  /** Throws the first mistake that the simulation itself has made, if any. */
  public void requireSound() {
    RuntimeException first = mistakes.peek();
    if (first != null) {
      throw new IllegalStateException("the simulation has made a mistake", first);
    }
  }

  /** The limits of requests a second. */
  public RateLimits rateLimits() {
    return rateLimits;
  }

  /** What is known of a call on its way. */
  private static final class Passage {
    private final String requestId;
    private String action = "";
    private String secretId = "";
    private String request = "";
    private boolean changing;
    private boolean effective;
    private String result = Call.OK;

    private Passage(String requestId) {
      this.requestId = requestId;
    }
  }

  /** A call that ends early, with this reply and this word in the record. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Reply reply;
    private final String result;

    private Ended(Reply reply, String result) {
      super(result, null, false, false);
      this.reply = reply;
      this.result = result;
    }
  }

  Reply answer(Arrival arrival) {
    Passage passage = new Passage(requestIds.next());
    Reply reply;
    try {
      reply = pass(arrival, passage);
    } catch (Refusal refusal) {
      passage.result = refusal.code();
      reply = Envelope.failure(refusal.code(), refusal.getMessage(), passage.requestId);
    } catch (Ended ended) {
      passage.result = ended.result;
      reply = ended.reply;
    } catch (RuntimeException mistake) {
      // One of the simulation itself: a caller that reads its state gets it, see requireSound.
      passage.result = "InternalError";
      reply = Envelope.failure("InternalError", mistake.toString(), passage.requestId);
      mistakes.add(mistake);
    }
    record.add(
        arrival.at(),
        passage.action,
        passage.changing,
        passage.secretId,
        passage.request,
        passage.result,
        passage.effective,
        passage.requestId,
        Duration.between(arrival.at(), clock.instant()));
    return reply;
  }

  private Reply pass(Arrival arrival, Passage passage) throws Ended {
    passage.action = arrival.header("X-TC-Action").orElse("");
    passage.changing = catalog.find(passage.action).map(Action::changing).orElse(false);
    passage.secretId = doorman.admit(arrival);
    Action action = catalog.find(passage.action).orElseThrow(() -> unknown(passage.action));
    doorman.requireVersionAndRegion(arrival);
    ObjectNode body = parse(arrival.body());
    passage.request = body.toString();
    if (!rateLimits.admit(action.name(), action.perSecond())) {
      throw new Refusal(
          "RequestLimitExceeded",
          "Your current request times exceed the frequency limit of " + action.name() + ".");
    }
    List<Fault> due = faults.take(action.name(), action.changing());
    disturb(due, Moment.BEFORE_EFFECT, passage);
    requireNotRefused(action, body);
    if (action.changing() && gate.before(action.name(), passage.request) == CallGate.Decision.CUT) {
      throw new Ended(new Reply.Cut(), "CUT");
    }
    Reply reply = effect(action, body, due, passage);
    if (action.changing()
        && gate.after(action.name(), passage.request, passage.result) == CallGate.Decision.CUT) {
      throw new Ended(new Reply.Cut(), "CUT");
    }
    disturb(due, Moment.AFTER_EFFECT, passage);
    return reply;
  }

  private Reply effect(Action action, ObjectNode body, List<Fault> due, Passage passage) {
    TaskFate fate =
        due.stream()
            .filter(Fault.Task.class::isInstance)
            .map(f -> ((Fault.Task) f).fate())
            .findFirst()
            .orElse(TaskFate.SUCCEEDS);
    try {
      ObjectNode answer = catalog.perform(action, body, new Ticket(passage.requestId, fate));
      passage.effective = true;
      return Envelope.success(answer, passage.requestId);
    } catch (Refusal refusal) {
      passage.result = refusal.code();
      return Envelope.failure(refusal.code(), refusal.getMessage(), passage.requestId);
    }
  }

  private static void disturb(List<Fault> due, Moment now, Passage passage) throws Ended {
    for (Fault fault : due) {
      switch (fault) {
        case Fault.Latency(Duration by, Moment moment) when moment == now -> pause(by);
        case Fault.ApiError(String code, String message, Moment moment) when moment == now ->
            throw new Ended(Envelope.failure(code, message, passage.requestId), code);
        case Fault.HttpStatus(int status, Moment moment) when moment == now ->
            throw new Ended(new Reply.Status(status), "HTTP " + status);
        case Fault.Cut(Moment moment) when moment == now -> throw new Ended(new Reply.Cut(), "CUT");
        case Fault.Latency _, Fault.ApiError _, Fault.HttpStatus _, Fault.Cut _, Fault.Task _ -> {
          // Its moment is another one.
        }
      }
    }
  }

  private static void pause(Duration by) {
    try {
      Thread.sleep(by);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireNotRefused(Action action, ObjectNode body) {
    if (action.takesAddresses()) {
      Optional<String> refused =
          Optional.ofNullable(faults.firstRefused(body.findValuesAsText("PrivateIpAddress")));
      refused.ifPresent(
          ip -> {
            throw new Refusal("ResourceInUse", "The IP " + ip + " is in use.");
          });
      Optional<String> without =
          Optional.ofNullable(faults.firstExhausted(body.findValuesAsText("PrivateIpAddress")));
      without.ifPresent(
          ip -> {
            throw new Refusal("ResourceInsufficient.Subnet", "The subnet of " + ip + " is full.");
          });
    }
  }

  private static ObjectNode parse(String body) {
    try {
      if (body.isEmpty()) {
        return JSON.createObjectNode();
      }
      if (JSON.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new Refusal("InvalidParameter", "The request body is not valid JSON.");
    }
    throw new Refusal("InvalidParameter", "The request body is not a JSON object.");
  }

  private static Refusal unknown(String action) {
    return action.isEmpty()
        ? new Refusal("MissingParameter", "The request header `X-TC-Action` is missing.")
        : new Refusal("InvalidAction", "The action `" + action + "` does not exist.");
  }
}
