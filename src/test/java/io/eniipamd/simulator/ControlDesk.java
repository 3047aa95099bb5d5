package io.eniipamd.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.VpcDiff;
import io.eniipamd.simulator.model.VpcSnapshot;
import io.eniipamd.simulator.wire.ApiServer;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a person or another process asks of a running simulation beside the API, under {@code
 * /_sim/}: its state and calls, faults, keys, strangers, machines, settings. Unsigned; it is on
 * loopback.
 */
final class ControlDesk implements ApiServer.Control {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  /** Of the simulation itself: without an answer the connection would be cut. */
  private static final int MISTAKE = 500;

  private final SimulatedVpc vpc;

  ControlDesk(SimulatedVpc vpc) {
    this.vpc = vpc;
  }

  @Override
  public ApiServer.ControlReply answer(String method, String path, String body) {
    try {
      return route(method + " " + path, body);
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | DateTimeException
        | Refusal e) {
      return new ApiServer.ControlReply(BAD_REQUEST, e.getMessage() + "\n");
    } catch (RuntimeException mistake) {
      return new ApiServer.ControlReply(MISTAKE, mistake + "\n");
    }
  }

  private ApiServer.ControlReply route(String call, String body) throws IOException {
    return switch (call) {
      case "GET /_sim/table" -> text(vpc.render());
      case "GET /_sim/state" -> json(vpc.snapshot());
      case "POST /_sim/diff" -> text(diff(body) + "\n");
      case "GET /_sim/tasks" -> json(vpc.tasksUnderWay());
      case "POST /_sim/tasks/release" -> done(vpc::releaseHangingTasks);
      case "GET /_sim/calls" -> json(vpc.record().calls());
      case "DELETE /_sim/calls" -> done(vpc.record()::reset);
      case "GET /_sim/counts" -> json(vpc.record().countsByAction());
      case "GET /_sim/faults" -> text(lines(vpc.faults().describe()));
      case "POST /_sim/faults" -> {
        FaultOrder order = StateJson.read(body, FaultOrder.class);
        yield done(() -> order.addTo(vpc.faults()));
      }
      case "DELETE /_sim/faults" -> done(vpc.faults()::clear);
      case "GET /_sim/settings" -> json(new SettingsOrder(vpc).inForce());
      case "POST /_sim/settings" -> {
        JsonNode settings = StateJson.read(body, JsonNode.class);
        yield done(() -> new SettingsOrder(vpc).apply(settings));
      }
      default -> routeOthers(call, body);
    };
  }

  /** What other users do in the VPC and in the account. */
  private ApiServer.ControlReply routeOthers(String call, String body) throws IOException {
    return switch (call) {
      case "POST /_sim/strangers" -> {
        StrangerOrder order = StateJson.read(body, StrangerOrder.class);
        yield done(() -> vpc.addStranger(order.ip(), order.label()));
      }
      case "DELETE /_sim/strangers" -> {
        StrangerOrder order = StateJson.read(body, StrangerOrder.class);
        yield done(() -> vpc.removeStranger(order.ip()));
      }
      case "POST /_sim/instances" -> {
        VpcLayout.Instance instance = StateJson.read(body, VpcLayout.Instance.class);
        StateJson.required("an id", instance.id());
        StateJson.required("a type, like S5.LARGE8", instance.type());
        yield done(() -> vpc.addInstance(instance));
      }
      case "POST /_sim/instances/state" -> {
        StateOrder order = StateJson.read(body, StateOrder.class);
        yield done(() -> vpc.setInstanceState(order.id(), order.state()));
      }
      case "DELETE /_sim/instances" -> {
        String id = StateJson.read(body, IdOrder.class).id();
        yield done(() -> vpc.removeInstance(id));
      }
      case "POST /_sim/subnets" -> {
        VpcLayout.Subnet subnet = StateJson.readWhole(body, VpcLayout.Subnet.class);
        yield done(() -> vpc.addSubnet(subnet));
      }
      case "DELETE /_sim/subnets" -> {
        String id = StateJson.read(body, IdOrder.class).id();
        yield done(() -> vpc.removeSubnet(id));
      }
      case "POST /_sim/keys" -> {
        KeyOrder order = StateJson.read(body, KeyOrder.class);
        yield done(() -> order.addTo(vpc));
      }
      case "POST /_sim/keys/expire" -> {
        KeyOrder order = StateJson.read(body, KeyOrder.class);
        yield done(() -> vpc.credentials().expire(order.secretId()));
      }
      case "DELETE /_sim/keys" -> {
        KeyOrder order = StateJson.read(body, KeyOrder.class);
        yield done(() -> vpc.credentials().revoke(order.secretId()));
      }
      default -> new ApiServer.ControlReply(NOT_FOUND, "nothing is known of " + call + "\n");
    };
  }

  /** A saved state against the present one, or two saved ones. */
  private String diff(String body) throws JsonProcessingException {
    if (StateJson.read(body, JsonNode.class).has("before")) {
      TwoStates two = StateJson.readWhole(body, TwoStates.class);
      return VpcDiff.between(two.before(), two.after()).toString();
    }
    return vpc.diffSince(StateJson.readWhole(body, VpcSnapshot.class)).toString();
  }

  private record TwoStates(VpcSnapshot before, VpcSnapshot after) {}

  record StrangerOrder(String ip, String name) {
    StrangerOrder {
      StateJson.required("an ip", ip);
    }

    private String label() {
      return name == null ? "stranger" : name;
    }
  }

  record IdOrder(String id) {
    IdOrder {
      StateJson.required("an id", id);
    }
  }

  record StateOrder(String id, String state) {
    StateOrder {
      StateJson.required("an id", id);
      StateJson.required("a state", state);
    }
  }

  record KeyOrder(String secretId, String secretKey, String token) {
    KeyOrder {
      StateJson.required("a secretId", secretId);
    }

    private void addTo(SimulatedVpc vpc) {
      StateJson.required("a secretKey", secretKey);
      if (token == null) {
        vpc.credentials().add(secretId, secretKey);
      } else {
        vpc.credentials().addTemporary(secretId, secretKey, token);
      }
    }

    @Override
    public String toString() {
      return "KeyOrder[" + secretId + "]";
    }
  }

  private static String lines(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static ApiServer.ControlReply json(Object value) throws JsonProcessingException {
    return text(StateJson.write(value));
  }

  private static ApiServer.ControlReply text(String text) {
    return new ApiServer.ControlReply(OK, text);
  }

  private static ApiServer.ControlReply done(Runnable work) {
    work.run();
    return text("done\n");
  }
}
