package io.eniipamd.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Fault.Moment;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.CidrBlock;
import io.eniipamd.simulator.model.Ipv4;
import io.eniipamd.simulator.model.TaskFate;
import io.eniipamd.simulator.wire.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * What a person or another process asks of a running simulation beside the API, under {@code
 * /_sim/}: its state and calls, faults, strangers, machines, settings. Unsigned; it is on loopback.
 */
final class ControlDesk implements ApiServer.Control {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(Ipv4.class, ToStringSerializer.instance)
                  .addSerializer(CidrBlock.class, ToStringSerializer.instance)
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addSerializer(Instant.class, ToStringSerializer.instance))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final SimulatedVpc vpc;

  ControlDesk(SimulatedVpc vpc) {
    this.vpc = vpc;
  }

  @Override
  public ApiServer.ControlReply answer(String method, String path, String body) {
    try {
      return route(method + " " + path, body);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return new ApiServer.ControlReply(BAD_REQUEST, e.getMessage() + "\n");
    }
  }

  private ApiServer.ControlReply route(String call, String body) throws IOException {
    return switch (call) {
      case "GET /_sim/table" -> new ApiServer.ControlReply(OK, vpc.render());
      case "GET /_sim/state" -> json(vpc.snapshot());
      case "GET /_sim/calls" -> json(vpc.record().calls());
      case "GET /_sim/counts" -> json(vpc.record().countsByAction());
      case "DELETE /_sim/calls" -> done(vpc.record()::reset);
      case "POST /_sim/faults" -> {
        FaultOrder order = JSON.readValue(body, FaultOrder.class);
        yield done(() -> order.addTo(vpc.faults()));
      }
      case "DELETE /_sim/faults" -> done(vpc.faults()::clear);
      case "POST /_sim/strangers" -> {
        StrangerOrder order = JSON.readValue(body, StrangerOrder.class);
        yield done(() -> vpc.addStranger(order.ip(), order.label()));
      }
      case "DELETE /_sim/strangers" -> {
        StrangerOrder order = JSON.readValue(body, StrangerOrder.class);
        yield done(() -> vpc.removeStranger(order.ip()));
      }
      case "POST /_sim/instances" -> {
        VpcLayout.Instance instance = JSON.readValue(body, VpcLayout.Instance.class);
        yield done(() -> vpc.addInstance(instance));
      }
      case "POST /_sim/subnets" -> {
        VpcLayout.Subnet subnet = JSON.readValue(body, VpcLayout.Subnet.class);
        yield done(() -> vpc.addSubnet(subnet));
      }
      case "POST /_sim/settings" -> {
        JsonNode settings = JSON.readTree(body);
        yield done(() -> set(settings));
      }
      case "POST /_sim/tasks/release" -> done(vpc::releaseHangingTasks);
      default -> new ApiServer.ControlReply(NOT_FOUND, "nothing is known of " + call + "\n");
    };
  }

  /**
   * A fault as it is ordered from outside.
   *
   * @param action an action, {@code *} or {@code changing}
   * @param kind {@code latency}, {@code error}, {@code http}, {@code cut}, {@code taskFails} or
   *     {@code taskHangs}
   * @param after whether it happens after the effect
   * @param code the error code of an {@code error}
   * @param millis how long a {@code latency} is
   * @param status the status of an {@code http}
   * @param times for how many calls; 0 with a probability: until cleared
   * @param probability the share of calls, 0 to 1; absent: each
   */
  private record FaultOrder(
      String action,
      String kind,
      boolean after,
      String code,
      long millis,
      int status,
      int times,
      Double probability) {

    private void addTo(Faults faults) {
      String where = action == null ? Faults.ANY : action;
      if (probability != null) {
        faults.withProbability(probability, where, fault());
      } else {
        faults.times(Math.max(1, times), where, fault());
      }
    }

    private Fault fault() {
      Moment moment = after ? Moment.AFTER_EFFECT : Moment.BEFORE_EFFECT;
      return switch (kind == null ? "" : kind) {
        case "latency" -> new Fault.Latency(Duration.ofMillis(millis), moment);
        case "error" ->
            new Fault.ApiError(
                code == null ? "InternalError" : code, "ordered from outside", moment);
        case "http" -> new Fault.HttpStatus(status == 0 ? 503 : status, moment);
        case "cut" -> new Fault.Cut(moment);
        case "taskFails" -> new Fault.Task(TaskFate.FAILS);
        case "taskHangs" -> new Fault.Task(TaskFate.HANGS);
        default ->
            throw new IllegalArgumentException(
                "kind is one of latency, error, http, cut, taskFails, taskHangs");
      };
    }
  }

  private record StrangerOrder(String ip, String name) {
    private String label() {
      return name == null ? "stranger" : name;
    }
  }

  private void set(JsonNode settings) {
    settings
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode value = settings.get(name);
              switch (name) {
                case "enisPerVpc" -> vpc.settings().setEnisPerVpc(value.asInt());
                case "addressesPerUnattachedEni" ->
                    vpc.settings().setAddressesPerUnattachedEni(value.asInt());
                case "reservedAddressQuota" ->
                    vpc.settings().setReservedAddressQuota(value.asInt());
                case "assignTakesReserved" ->
                    vpc.settings().setAssignTakesReserved(value.asBoolean());
                case "unknownIdsRefused" -> vpc.settings().setUnknownIdsRefused(value.asBoolean());
                case "tokensWaitForTasks" ->
                    vpc.settings().setTokensWaitForTasks(value.asBoolean());
                case "readsBehindMillis" ->
                    vpc.settings().setReadsBehind(Duration.ofMillis(value.asLong()));
                case "rateLimits" -> {
                  if (value.asBoolean()) {
                    vpc.rateLimits().enable();
                  } else {
                    vpc.rateLimits().disable();
                  }
                }
                default -> throw new IllegalArgumentException("no setting is called " + name);
              }
            });
  }

  private static ApiServer.ControlReply json(Object value) throws JsonProcessingException {
    return new ApiServer.ControlReply(
        OK, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
  }

  private static ApiServer.ControlReply done(Runnable work) {
    work.run();
    return new ApiServer.ControlReply(OK, "done\n");
  }
}
