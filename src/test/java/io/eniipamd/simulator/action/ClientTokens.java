package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.TaskStatus;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * {@code ClientToken}: the same token with the same parameters gets the answer of the first request
 * and has no second effect; with others it is refused. Used within the model's lock.
 */
final class ClientTokens {
  private static final Pattern FORM = Pattern.compile("\\p{ASCII}{1,64}");

  private final VpcModel model;
  private final Map<String, Used> used = new HashMap<>();

  private record Used(ObjectNode parameters, ObjectNode answer, String requestId) {}

  ClientTokens(VpcModel model) {
    this.model = model;
  }

  /** Performs a request, or repeats the answer of the first with its token. */
  ObjectNode once(
      String action, Parameters parameters, Ticket ticket, Supplier<ObjectNode> perform) {
    Optional<String> token = parameters.text("ClientToken");
    if (token.isEmpty()) {
      return perform.get();
    }
    if (!FORM.matcher(token.get()).matches()) {
      throw new Refusal(
          "InvalidParameterValue.Malformed", "`ClientToken` is not 1 to 64 ASCII characters.");
    }
    String key = action + "/" + token.get();
    ObjectNode asked = parameters.without("ClientToken");
    Used before = used.get(key);
    if (before == null) {
      ObjectNode answer = perform.get();
      used.put(key, new Used(asked, answer, ticket.requestId()));
      return answer;
    }
    if (!before.parameters().equals(asked)) {
      throw new Refusal(
          "UnsupportedOperation.IdempotentParameterMismatch",
          "The client token has been used with other parameters.");
    }
    if (model.settings().tokensWaitForTasks()
        && model.taskStatus(before.requestId()) == TaskStatus.RUNNING) {
      throw new Refusal(
          "UnsupportedOperation.IdempotentProcessing",
          "The earlier request of this client token is still being processed.");
    }
    model.aliasTask(ticket.requestId(), before.requestId());
    return before.answer();
  }
}
